"""Files that a stranger sends in a page: taken for what they are, shown as they will be booked, audited."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.graph_tasks import start_graph
from desk.task_kinds import KINDS
from desk.uploads import answers, folder
from desk.uploads.folder import UploadFolder
from graph.runtime.worker import Job, TaskKind, Worker, work
from tests.web.conftest import Browser
from tools.core import settings
from tools.core.errors import TieoutError
from tools.core.settings import Settings
from tools.ledger.guess.questions import questions
from tools.runs import tasks
from tools.store import Store, runs, trail

BANK = b"Date,Description,Amount\n" + b"".join(
    b"%02d/%02d/2025,Payment %d,%d.50\n" % (at % 12 + 1, at % 9 + 1, at, -at) for at in range(1, 40)
)
SECONDS = 60.0


class Killed(BaseException):
    """A worker's death."""


def dying(job: Job) -> Mapping[str, Any]:
    """Start a graph, and die once the books are read."""

    def check() -> None:
        if any("open_run" in entry["action"] for entry in _trail(job.store)):
            raise Killed

    return start_graph(replace(job, check=check))


def _trail(store: Store) -> list[dict[str, Any]]:
    return [entry for run in runs.list_runs(store, limit=1) for entry in trail.entries(store, run.run_id)]


def send(browser: Browser, files: Mapping[str, bytes], **fields: str) -> int:
    """Send files by the form; give the status."""
    data = {"csrf": browser.csrf(), "entity": "Stranger & Co", **fields}
    uploads = [("files", (name, content)) for name, content in files.items()]
    browser.answer = browser.post("/desk/books", data=data, files=uploads, follow_redirects=False)
    return browser.answer.status_code


def read(browser: Browser) -> str:
    """Give the page of what was sent, once it is read."""
    end = time.monotonic() + SECONDS
    while "are being read" in (page := browser.get(browser.answer.headers["location"]).text):
        assert time.monotonic() < end
        time.sleep(0.2)
    return page


def test_files_are_read_answered_and_audited(visitor: Browser, store: Store) -> None:
    """The page shows rows as they will be booked and asks what is not sure; the run is the sender's."""
    visitor.sign_in("riley")
    assert send(visitor, {"../../bank <b>.csv": BANK, "notes.md": b"# hello"}) == 303
    page = read(visitor)
    assert "Stranger &amp; Co" in page
    assert "-1.50 USD" in page
    assert "notes.md: it is no table" in page
    fields = dict.fromkeys(re.findall(r'name="(line-\d+)"', page), "")
    dates = next(at for at, label in _labels(page).items() if label == "bank: date format")
    location = visitor.answer.headers["location"]
    assert visitor.send_form(f"{location}/answer", **(fields | {dates: "%d/%m/%Y"})) == 303
    assert "2025-02-02" in read(visitor), "03/02 would be another day"
    assert visitor.send_form(f"{location}/audit") == 303
    assert visitor.send_form(f"{location}/audit") == 303, "asked twice, it is put down once"
    assert "waits for a worker" in visitor.get(location).text
    [task] = tasks.list_tasks(store)
    with pytest.raises(Killed):
        work(Worker("first", store, settings.load(), (TaskKind("start_graph", dying),), once=True))
    tasks.expire_leases(store, "first")
    work(Worker("second", store, settings.load(), KINDS, once=True))
    assert tasks.get(store, task.task_id).status == "succeeded"
    steps = [entry["action"] for entry in _trail(store)]
    assert steps.count("open_run") == 1, "the second went on where the first was killed"
    assert steps.count("merge_findings") == 1
    run = re.search(r"/desk/runs/(\d{8}-\w+)", visitor.get(location).text)
    assert run
    assert runs.get(store, run[1]).started_by == "riley"
    assert runs.get(store, run[1]).status in ("waiting", "closed")


def _labels(page: str) -> dict[str, str]:
    return dict(re.findall(r'<label for="(line-\d+)">([^<]*)</label>', page))


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("bank.csv", b"\x7fELF\x02\x01\x01\0\0\0\xff" * 50, "is no table"),
        ("page.csv", b"<!doctype html><script>alert(1)</script>", "is a web page"),
        ("sources.yaml", b"entity: {name: x}\n", "the desk writes the sources file itself"),
        ("empty.csv", b"", "is empty"),
    ],
)
def test_what_is_no_book_is_refused_whole(
    visitor: Browser, tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    """Told by content, not by name; nothing of a sending that is refused stays."""
    visitor.sign_in("riley")
    assert send(visitor, {"good.csv": BANK, name: content}) == 400
    assert why in visitor.answer.text
    assert not [path for path in tmp_path.rglob("*.csv") if "uploads" in path.parts]


def test_only_an_auditor_sends_files_and_never_too_much(
    visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody signed in, no form's token, too many bytes: each is refused before anything is kept."""
    assert send(visitor, {"bank.csv": BANK}) == 403
    visitor.sign_in("riley")
    assert send(visitor, {"bank.csv": BANK}, csrf="0" * 64) == 403
    assert send(visitor, {}) == 400
    monkeypatch.setenv("TIEOUT_UPLOAD_BYTES", "1000")
    assert send(visitor, {"bank.csv": b"a,b\n" * 400_000}) == 413
    assert "TIEOUT_UPLOAD_BYTES" in visitor.answer.text


PROPOSED = """\
entity:
  name: Files  # the folder's name
  currency: USD  # CHECK: no file says it
sources:
  bank:
    kind: bank  # it has a balance
    path: bank.csv  # 3 rows
    columns:
      posted_on: Date  # it is called so
      amount: Amount  # it is called so
    sign: as_is  # CHECK: nothing says it
pairs: []  # none
"""


@given(st.text(max_size=60))
def test_an_answer_changes_its_own_value_and_nothing_else(answer: str) -> None:
    """Whatever somebody writes into a field, no other key, source or path comes of it."""
    question = questions(PROPOSED)[1]
    try:
        text = answers.put_in(PROPOSED, {question.line: answer}, Path())
    except TieoutError:
        return
    before, after = PROPOSED.splitlines(), text.splitlines()
    assert [line for at, line in enumerate(after) if at != question.line] == [
        line for at, line in enumerate(before) if at != question.line
    ]


@given(st.lists(st.text(max_size=300), max_size=5))
def test_names_are_plain_and_apart(names: list[str]) -> None:
    """No name leads out of its folder, hides, is too long for a disk, or covers another."""
    plain: list[str] = []
    for name in names:
        plain.append(folder.plain_name(name, plain))
    assert len({name.casefold() for name in plain}) == len(plain)
    for name in plain:
        assert Path(name).name == name
        assert not name.startswith(".")
        assert len(name.encode()) < 256


def test_a_name_that_is_none_of_ours_leads_nowhere(tmp_path: Path) -> None:
    """Folders are looked up by our own names alone."""
    UploadFolder(tmp_path / "uploads" / "x").files.mkdir(parents=True)
    for name in ("x", "..", "../uploads/x", "20250101-zzzzzzzz"):
        with pytest.raises(TieoutError, match="no such files"):
            folder.find(Settings(workspace_url=str(tmp_path)), name)
