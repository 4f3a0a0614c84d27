"""An investigation end to end: observers at once, some of which fail; what is kept, shown and judged."""

from __future__ import annotations

import os
import random
import re
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from desk import incidents as asked_of
from desk.papers import post_mortem
from desk.views.incident import overview
from desk.web.app import pages
from graph.runtime import session
from tests.forked import forked
from tests.graph.small import TOKENS, settings_of, write_books
from tests.incidents.test_numbers import rows_of
from tools.core import settings
from tools.core.errors import IdentityError, UsageError
from tools.identity import people
from tools.incidents import kinds, purse
from tools.incidents.kinds import IncidentObserver
from tools.models.budget import BudgetError
from tools.store import Store, incidents, open_store, runs, trail

PARTS = ("dimensions", "sources", "rules")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Give a desk in a folder of its own."""
    for name, value in settings_of(tmp_path).items():
        monkeypatch.setenv(name, value)
    write_books(tmp_path)
    return open_store(settings.load().database_url)


def sales(folder: Path, **moved: str) -> asked_of.NumberAsked:
    """Write a shop's sales, and ask why they moved."""
    path, rows = folder / "sales.csv", rows_of(7, moved=moved, factor=5 if moved else 1)
    lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return asked_of.NumberAsked(
        "value", "shop,good", "2025-02-03..2025-02-12", "2025-01-19..2025-01-28", str(path), "day"
    )


def looked_into(store: Store, asked: asked_of.NumberAsked, budget: str = "") -> dict[str, Any]:
    """Investigate a number and give the incident whole."""
    row = asked_of.open_number(store, asked, opened_by="riley")
    asked_of.investigate(store, row, budget=budget)
    return overview(store, incidents.get(store, row.incident_id))


def replaced(monkeypatch: pytest.MonkeyPatch, **looks: Callable[..., Any]) -> None:
    """Put other observers of numbers in place of some."""
    number = kinds.named("number")
    others = tuple(IncidentObserver(one.name, looks.get(one.name, one.look)) for one in number.observers)
    changed = replace(number, observers=others)
    monkeypatch.setattr(
        kinds, "KINDS", tuple(changed if one.name == "number" else one for one in kinds.KINDS)
    )


def failing(_: object) -> list[Any]:
    """Fail as a driver does."""
    raise OSError("the source hung up")


def test_what_moved_is_first_with_evidence_and_attempts(store: Store, tmp_path: Path) -> None:
    """The element is first, its attempts are kept; an innocent reading and "not enough seen" stand there."""
    page = looked_into(store, sales(tmp_path, shop="north"))
    first = page["hypotheses"][0]
    assert first["subject"] == "shop=north"
    assert {one["cause"] for one in page["hypotheses"]} >= {"innocent", "not_enough_seen"}
    assert len(first["tried"]) == 5
    assert {one["outcome"] for one in first["tried"]} <= {"stands", "not_tried"}
    names = {one["observation_id"] for one in page["observations"]}
    assert set(first["evidence_for"]) <= names
    assert page["result"]["spent"] == "0.0000"
    assert trail.verify(store) == []


def test_on_a_quiet_number_nothing_is_unusual(store: Store, tmp_path: Path) -> None:
    """What moves as it always does is said to be so."""
    page = looked_into(store, sales(tmp_path))
    assert page["result"]["outcome"] == "nothing unusual"
    assert page["hypotheses"][0]["cause"] == "innocent"


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_observers_may_fail(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: int
) -> None:
    """One or two are named and the others go on, less surely; of three that fail nothing is claimed."""
    whole = looked_into(store, sales(tmp_path, shop="east"))
    gone = ("rules", "sources", "dimensions")[:missing]
    replaced(monkeypatch, **dict.fromkeys(gone, failing))
    page = looked_into(store, sales(tmp_path, shop="east"))
    assert set(page["result"]["missing"]) == set(gone)
    assert "the source hung up" in page["result"]["missing"]["rules"]
    if missing == 3:
        assert page["result"]["outcome"] == "inconclusive"
        assert [one["cause"] for one in page["hypotheses"]] == ["not_enough_seen"]
        return
    first, before = page["hypotheses"][0], whole["hypotheses"][0]
    assert first["subject"] == "shop=east"
    assert first["confidence"] == pytest.approx(before["confidence"] * (3 - missing) / 3, abs=0.001)


def test_observers_look_at_once(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All three have begun before any of them ends."""
    together = threading.Barrier(3, timeout=30)

    def waiting(_: object) -> list[Any]:
        together.wait()
        return []

    replaced(monkeypatch, **dict.fromkeys(PARTS, waiting))
    assert looked_into(store, sales(tmp_path))["result"]["missing"] == {}


def test_one_that_hangs_is_left_behind(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its time an observer is named as late, and the result stands without it."""
    monkeypatch.setenv("TIEOUT_INVESTIGATE_SECONDS", "3")
    released = threading.Event()

    def hanging(_: object) -> list[Any]:
        released.wait(60)
        return []

    replaced(monkeypatch, sources=hanging)
    page = looked_into(store, sales(tmp_path, shop="south"))
    released.set()
    assert page["result"]["missing"] == {"sources": "not finished in 3 s"}
    assert page["hypotheses"][0]["subject"] == "shop=south"


def test_racing_spenders_never_pass_the_budget() -> None:
    """In a thousand random investigations none passes its third, and together they never pass the whole."""
    for seed in range(1000):
        _race(random.Random(seed))  # noqa: S311 - seeded, to be repeated


def _race(chance: random.Random) -> None:
    total = Decimal(chance.randint(1, 2000)) / 100
    calls = {name: [Decimal(chance.randint(1, 400)) / 100 for _ in range(5)] for name in PARTS}
    budget, spent = purse.purse(total, PARTS), dict.fromkeys(PARTS, Decimal(0))

    def spend(name: str) -> None:
        node = f"{purse.NODE}{name}"
        for most in calls[name]:
            try:
                budget.reserve(most, 0, node=node)
            except BudgetError:
                return
            budget.settle((most, 0), most / 2, 0, node=node)
            spent[name] += most / 2

    threads = [threading.Thread(target=spend, args=(name,)) for name in PARTS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert budget.spent == sum(spent.values()) <= total
    assert max(spent.values()) <= purse.share_of(total)


@pytest.mark.parametrize("budget", ["ten", "-1", "NaN"])
def test_what_is_no_budget_is_refused(store: Store, tmp_path: Path, budget: str) -> None:
    """In words, with how to write it."""
    with pytest.raises(UsageError, match=r"is no amount of dollars\. Write it as 10\.00"):
        looked_into(store, sales(tmp_path), budget=budget)


def _die_after(node: str, folder: Path, incident: str) -> None:
    os.chdir(folder)

    def watch(mode: str, chunk: object) -> None:
        if mode == "updates" and isinstance(chunk, dict) and node in chunk:
            os.kill(os.getpid(), signal.SIGKILL)

    session.start({"incident": incident}, graph="incident", thread_id="killed", watch=watch)


@pytest.mark.parametrize("node", ["observe", "rank"])
def test_a_killed_investigation_goes_on(store: Store, tmp_path: Path, node: str) -> None:
    """It has one run and one result, and no observer that had finished looks again."""
    row = asked_of.open_number(store, sales(tmp_path, shop="north"), opened_by="riley")
    died = forked(_die_after, node, tmp_path, row.incident_id, cwd=tmp_path, environment=dict(os.environ))
    assert died.returncode == -signal.SIGKILL, died.stderr
    session.resume("killed")
    (run,) = runs.list_runs(store)
    assert run.status == "closed"
    page = overview(store, incidents.get(store, row.incident_id))
    assert page["hypotheses"][0]["subject"] == "shop=north"
    observed = [one for one in trail.entries(store, run.run_id) if one["action"] == "observe"]
    assert len(observed) == 3


def test_a_persons_verdict_is_recorded_and_calibrates(store: Store, tmp_path: Path) -> None:
    """Only who may review judges; what they say of a first hypothesis moves later confidences."""
    page = looked_into(store, sales(tmp_path, shop="north"))
    dana, limits = people.sign_in(TOKENS["dana"], settings.load()), settings.load()
    with pytest.raises(IdentityError, match="may not judge incidents"):
        asked_of.judge(store, people.sign_in(TOKENS["vera"], limits), page["incident_id"], "right")
    asked_of.judge(store, dana, page["incident_id"], "wrong", note="it was a test order")
    again = looked_into(store, sales(tmp_path, shop="north"))
    assert again["hypotheses"][0]["confidence"] < page["hypotheses"][0]["confidence"]
    assert again["hypotheses"][0]["calibrated_on"] == page["hypotheses"][0]["calibrated_on"] + 1
    assert trail.verify(store) == []


def test_a_post_mortem_escapes_what_the_books_say(store: Store, tmp_path: Path) -> None:
    """A name is no markup, in Markdown nor in HTML."""
    asked = sales(tmp_path, shop="north")
    path = Path(asked.file)
    path.write_text(path.read_text(encoding="utf-8").replace("north", "<b>*north*</b>"), encoding="utf-8")
    page = looked_into(store, asked)
    assert "<b>*north*" not in post_mortem.written(page, html=True)
    assert "\\<b\\>\\*north\\*" in post_mortem.written(page)


def test_the_pages_show_it_and_take_a_verdict(store: Store, tmp_path: Path) -> None:
    """The list and the page show what was found; a signed-in reviewer's verdict is recorded by its form."""
    page = looked_into(store, sales(tmp_path, shop="north"))
    address = f"/incidents/{page['incident_id']}"
    client = TestClient(pages(), base_url="http://127.0.0.1", client=("127.0.0.1", 50000))
    assert "shop=north" in client.get(address).text
    assert page["incident_id"] in client.get("/incidents").text
    assert "# INC-1" in client.get(f"{address}/report.md").text
    token = re.findall(r'name="csrf" value="([^"]+)"', client.get("/sign-in").text)[0]
    client.post("/sign-in", data={"csrf": token, "token": TOKENS["dana"]})
    token = re.findall(r'name="csrf" value="([^"]+)"', client.get(address).text)[0]
    verdict = {"csrf": token, "verdict": "right", "on": "E1", "back": address}
    sent = client.post(f"{address}/verdict", data=verdict, headers={"Origin": "http://127.0.0.1"})
    assert "Recorded: your review." in sent.text
    assert incidents.get(store, page["incident_id"]).verdict == "right"
