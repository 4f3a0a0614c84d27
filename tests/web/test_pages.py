"""What pages show: hostile names as text, checks, sums; each form counts once."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from desk.task_kinds import KINDS
from desk.web.app import app
from desk.web.rendering import visible_text
from graph.runtime.worker import Worker, work
from tests.approval_requests import ask_people
from tests.desk.seeded import RUN
from tests.graph.small import TOKENS
from tests.waiting_desk import copy_waiting_desk
from tests.web.conftest import Browser, browser
from tools.approvals import requests
from tools.core import settings
from tools.runs import tasks
from tools.store import Store, cases, flags, open_store, queue, runs, trail
from tools.store.queue_filters import QueueFilters

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{ 7919*104729 }}${7919*104729}",
    '=HYPERLINK("http://evil.example")',
    "Acme \u202egnp.exe\u202c \u200b\x00\x1b[31m",
    "A" * 10_000,
)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(visitor: Browser, store: Store, name: str) -> None:
    """A vendor's name, a memo, a person, a note: never markup, never a link, never a turned line."""
    _raise(store, name)
    pages = (
        "/desk/cases",
        "/desk/cases/hostile",
        "/desk/approvals",
        f"/desk/runs/{RUN}",
        "/desk/lineage?name=card:h",
    )
    for page in pages:
        text = visitor.get(page).text
        assert "<script>alert" not in text, page
        assert "<img src=x" not in text, page
        assert 'href="javascript' not in text, page
        assert "829348951" not in text, page
        assert not set("\u202e\u202c\u200b\x00\x1b") & set(text), page
        assert "A" * 1_300 not in text, page
    search = visitor.get("/desk/cases", params={"text": name, "vendor": name, "test": name})
    assert search.status_code == 200
    assert "<script>alert" not in search.text


def test_what_does_not_show_is_shown() -> None:
    """An override of direction is named by its number; line breaks stay."""
    assert visible_text("a\u202eb\nc") == "a[U+202E]b\nc"


def test_a_run_shows_what_was_not_tested(visitor: Browser) -> None:
    """Ran, not applicable with its reason, control totals, and what it waits for."""
    text = visitor.get(f"/desk/runs/{RUN}").text
    for words in (
        "no values in reference",
        "not applicable",
        "Waits for a person",
        "Wait for approval",
        "books",
    ):
        assert words in text


def test_a_case_shows_its_sum(visitor: Browser) -> None:
    """The steps of the score, what was found and what was not, the history."""
    text = visitor.get("/desk/cases/c1").text
    for words in (
        "no partner",
        "+40",
        "12,400.50 USD",
        "Looked for and not found",
        "receipt",
        "m1",
        "proposed",
    ):
        assert words in text


def test_a_name_that_is_not_there_is_not_found(visitor: Browser) -> None:
    """Cases, flags, runs and pages that do not exist: 404, a page of ours, no traceback."""
    for path in (
        "/desk/cases/zz",
        "/desk/flags/zz",
        "/desk/runs/zz",
        "/desk/zz",
        "/desk/runs/last/charts/zz.svg",
    ):
        answer = visitor.get(path)
        assert answer.status_code == 404, path
        assert "Not found" in answer.text
        assert "Traceback" not in answer.text


@pytest.fixture
def small(waiting_desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Give small books whose run waits for its approval."""
    environment = copy_waiting_desk(waiting_desk, tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("TIEOUT_TOKEN", raising=False)
    return open_store(environment["DATABASE_URL"])


def test_two_people_settle_a_run_of_the_command_line(small: Store) -> None:
    """Each answers through a form; sent twice it counts once; a second word on a settled case is told so."""
    (run,) = runs.list_runs(small)
    (request,) = requests.waiting(small)
    page = f"/desk/approvals/{request.request_id}/decide"
    with browser(app) as dana, browser(app) as omar:
        assert dana.enter(TOKENS["dana"]) == 303
        assert omar.enter(TOKENS["omar"]) == 303
        subjects: list[dict[str, Any]] = request.payload["subjects"]
        first = subjects[0]["subject"]
        for subject in subjects:
            fields = {"word": "approve", "subject": subject["subject"], "back": "/desk/approvals"}
            assert dana.send_form(page, **fields) == 303
            assert dana.answer.headers["location"] == "/desk/approvals?said=done-approve"
            assert dana.send_form(page, **fields) == 303
            assert dana.answer.headers["location"] == "/desk/approvals?said=again"
        of_two = [subject["subject"] for subject in subjects if subject["quorum"] > 1]
        assert of_two
        for name in of_two:
            assert omar.send_form(page, word="approve", subject=name) == 303
        assert runs.get(small, run.run_id).status == "closed"
        assert omar.send_form(page, word="reject", subject=first) == 409
        assert "settled" in omar.answer.text
    signed = {(vote.subject, vote.by) for vote in requests.decisions(small, request.request_id)}
    assert (first, "dana") in signed
    assert len(signed) == sum(subject["quorum"] for subject in subjects)
    assert flags.count(small, run_id=run.run_id, status="proposed") == {}


def test_one_flag_of_a_case_is_decided_alone(small: Store) -> None:
    """The others of its case wait on; the same flag again counts once; a threshold is changed by its key."""
    (request,) = requests.waiting(small)
    page = f"/desk/approvals/{request.request_id}/decide"
    case, flag_ids = next(pair for pair in request.payload["units"].items() if len(pair[1]) > 1)
    fields = {"word": "reject", "subject": case, "case": case, "scope": "flag", "flag": flag_ids[0]}
    with browser(app) as dana, browser(app) as omar:
        dana.enter(TOKENS["dana"])
        omar.enter(TOKENS["omar"])
        assert [dana.send_form(page, **fields), omar.send_form(page, **fields)] == [303, 303]
        assert [flags.get(small, name).status for name in flag_ids[:2]] == ["rejected", "proposed"]
        assert dana.send_form(page, **fields) == 303
        assert dana.answer.headers["location"] == "/desk/?said=again"
        assert omar.send_form(page, **{**fields, "word": "approve"}) == 409
        assert dana.send_form(page, word="edit", subject=case) == 400
        assert dana.send_form(page, word="edit", subject="rules", key="no.such", value="1") == 409
        assert "not taken" in dana.answer.text


def test_what_a_word_asks_for_is_done_by_a_worker(small: Store) -> None:
    """A word is recorded at once, and the page says that no worker is there; one judges the case again."""
    (request,) = requests.waiting(small)
    page = f"/desk/approvals/{request.request_id}/decide"
    subjects, back = [subject["subject"] for subject in request.payload["subjects"]], "/desk/approvals"
    with browser(app) as dana, browser(app) as omar:
        for user, person in (("dana", dana), ("omar", omar)):
            person.enter(TOKENS[user])
            for subject in subjects[1:]:
                person.send_form(page, word="approve", subject=subject)
            assert person.send_form(page, word="edit", subject=subjects[0], severity="INFO", back=back) == 303
        assert "said=waiting-" in omar.answer.headers["location"]
        assert "none is now (tieout work)" in omar.get(omar.answer.headers["location"]).text
    [task] = tasks.list_tasks(small)
    assert (task.kind, task.run_id, task.requested_by) == ("resume_run", request.run_id, "omar")
    judged = _steps(small, request.run_id).count("escalate")
    work(Worker("w", small, settings.load(), KINDS, once=True))
    assert _steps(small, request.run_id).count("escalate") == judged + 1
    assert tasks.get(small, task.task_id).status == "succeeded"


def _steps(store: Store, run_id: str) -> list[str]:
    return [entry["action"] for entry in trail.entries(store, run_id)]


def test_a_flag_of_another_case_is_not_decided(small: Store) -> None:
    """A form for one case that names another's flag, or one that is not, records nothing, for any word."""
    (request,) = requests.waiting(small)
    page = f"/desk/approvals/{request.request_id}/decide"
    (first, of_first), (second, of_second) = [pair for pair in request.payload["units"].items() if pair[1]][
        :2
    ]
    with browser(app) as dana:
        dana.enter(TOKENS["dana"])
        for word in ("approve", "reject", "skip"):
            for fields in (
                {"subject": second, "case": second, "flag": of_first[0]},
                {"subject": first, "case": second, "flag": of_first[0]},
                {"subject": second, "case": first, "flag": of_second[0]},
                {"subject": "", "case": "", "flag": of_first[0]},
                {"subject": first, "case": first, "flag": "no-such-flag"},
            ):
                assert dana.send_form(page, word=word, scope="flag", **fields) == 400, fields
                assert "another case" in dana.answer.text
    assert requests.decisions(small, request.request_id) == []


def test_the_queue_pages_by_key(store: Store) -> None:
    """Forward and back over all pages, each case once, by exposure; filters narrow."""
    cases.save(
        store,
        RUN,
        [
            {"case_id": f"k{n:02}", "title": f"Case {n}", "exposure_minor": 100 * (n // 3), "currency": "USD"}
            for n in range(30)
        ],
    )
    filters = QueueFilters()
    page, seen_ids, pages = queue.page(store, filters, size=7), [], []
    while True:
        seen_ids += [case.case_id for case in page.cases]
        pages.append(page)
        if page.after is None:
            break
        page = queue.page(store, filters, after=page.after, size=7)
    assert len(seen_ids) == len(set(seen_ids)) == page.total == 32
    exposures = [case.exposure_minor for part in pages for case in part.cases]
    assert exposures == sorted(exposures, reverse=True)
    for before, after in pairwise(pages):
        back = queue.page(store, filters, before=after.before, size=7)
        assert [case.case_id for case in before.cases] == [case.case_id for case in back.cases]
    assert pages[0].before is None
    assert queue.page(store, QueueFilters(show="decide")).total == 2
    assert queue.page(store, QueueFilters(test="duplicate_payment", vendor="pine", severity="")).total == 2
    assert queue.page(store, QueueFilters(text="Case 17")).total == 1


def _raise(store: Store, name: str) -> None:
    flag = {
        "row_key": "card:h", "source": "card", "amount_minor": 5, "currency": "USD", "severity": "WARNING",
        "risk": "HIGH", "score": 60, "vendor": name, "person": name, "txn_id": name, "case_id": "hostile",
        "file": name, "line": 1, "explanation": f"{name}\n{name}",
        "tests": [{"test": "near_copy", "score": 1, "observed": name, "threshold": name, "population": name}],
        "documents": [
            {"found": True, "kind": "email", "doc_id": name, "why": name, "excerpt": name, "at": name}
        ],
        "components": {"severity": [{"what": name, "because": name, "points": 1}]},
    }  # fmt: skip
    raised = flags.propose(store, RUN, [flag])
    cases.save(
        store,
        RUN,
        [{"case_id": "hostile", "title": name, "exposure_minor": 5, "currency": "USD", "flags": 1}],
    )
    flags.review(store, raised.new[0], "confirmed", by="dana", note=name)
    subject = {
        "subject": "hostile", "title": name, "risk": "HIGH", "severity": "WARNING", "quorum": 1, "flags": 1,
        "exposure": "0.05", "currency": "USD", "description": name,
    }  # fmt: skip
    requests.close(store, f"{RUN}-flags-1", "decided")
    ask_people(
        store,
        RUN,
        "flags",
        reasons=[name],
        subjects=[subject],
        units={"hostile": raised.new},
        needs={"hostile": 1},
    )
