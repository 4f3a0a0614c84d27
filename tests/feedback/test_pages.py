"""Feedback on the review desk's page: read, approved, taken back."""

from __future__ import annotations

from benchmarks.reviewers import scene
from benchmarks.reviewers.simulated import sound
from desk import changes
from desk.task_kinds import KINDS
from desk.web.app import app
from graph.runtime.worker import Worker, work
from tests.web.conftest import browser
from tools.core import settings
from tools.runs import tasks
from tools.store import Store, proposals


def read_reviews(store: Store) -> None:
    """Do, as a worker, the round that was put down, once however often it was asked for."""
    [task] = tasks.list_tasks(store)
    work(Worker("w", store, settings.load(), KINDS, once=True))
    assert tasks.get(store, task.task_id).status == "succeeded"


def test_a_proposal_is_read_approved_and_taken_back(store: Store) -> None:
    """With its replay; by a person who may; sent twice it counts once; then it is out of the rules again."""
    sound(store)
    with browser(app) as dana:
        assert dana.enter(scene.token_of("dana")) == 303
        for _ in range(2):
            assert dana.send_form("/desk/feedback/begin", back="/desk/feedback") == 303
        assert "waits for a worker, and none is there" in dana.get("/desk/feedback").text
        read_reviews(store)
        (proposed,) = proposals.find(store, status="open")
        text = dana.get("/desk/feedback").text
        for phrase in ("4,680.30 USD", "Would have hidden", "false positives", proposed.proposal_id):
            assert phrase in text
        page, fields = f"/desk/feedback/{proposed.proposal_id}", {"word": "approve", "back": "/desk/feedback"}
        assert [dana.send_form(f"{page}/decide", **fields) for _ in range(2)] == [303, 303]
        assert dana.answer.headers["location"] == "/desk/feedback?said=again"
        assert proposals.get(store, proposed.proposal_id).status == "applied"
        assert "Direct Power" in dana.get("/desk/feedback").text
        assert [dana.send_form(f"{page}/roll-back", note="no") for _ in range(2)] == [303, 303]
    assert proposals.get(store, proposed.proposal_id).status == "rolled_back"


def test_a_change_is_shown_and_put_down_for_its_tests(store: Store) -> None:
    """With its difference; a worker tests it in the name of whoever asked; without a token nobody can."""
    drafted = changes.draft(
        changes.RequestedChange(setting="tests.weekend_posting.score=30"), token=scene.token_of("riley")
    )
    page = f"/desk/changes/{drafted.proposal_id}"
    with browser(app) as dana, browser(app) as nobody:
        assert dana.enter(scene.token_of("dana")) == 303
        assert drafted.proposal_id in dana.get("/desk/changes").text
        text = dana.get(page).text
        for words in ("tests.weekend_posting.score = 30", "+    score: 30", "It was not tested yet"):
            assert words in text
        assert [dana.send_form(f"{page}/test", back=page) for _ in range(2)] == [303, 303]
        assert dana.send_form(f"{page}/decide", word="approve", note="x") == 409
        assert "disabled" in nobody.get(page).text
    (task,) = tasks.list_tasks(store)
    assert (task.requested_by, task.parameters["input"]) == ("dana", {"change": drafted.proposal_id})


def test_a_change_whose_test_has_ended_is_put_down_again(store: Store) -> None:
    """One that crashed or was cancelled is followed by another, on its own thread; an open one is not."""
    token = scene.token_of("riley")
    drafted = changes.draft(changes.RequestedChange(setting="tests.weekend_posting.score=30"), token=token)
    page = f"/desk/changes/{drafted.proposal_id}"
    with browser(app) as dana:
        dana.enter(scene.token_of("dana"))
        assert dana.send_form(f"{page}/test", back=page) == 303
        (first,) = tasks.list_tasks(store)
        tasks.cancel(store, first.task_id)
        assert [dana.send_form(f"{page}/test", back=page) for _ in range(2)] == [303, 303]
    threads = sorted(task.parameters["thread_id"] for task in tasks.list_tasks(store))
    assert threads == [f"change-{drafted.proposal_id}", f"change-{drafted.proposal_id}-2"]


def test_who_may_not_decide_is_told_so(store: Store) -> None:
    """Without signing in the page is read, and its choices are off."""
    sound(store)
    with browser(app) as dana, browser(app) as nobody:
        dana.enter(scene.token_of("dana"))
        dana.send_form("/desk/feedback/begin")
        read_reviews(store)
        text = nobody.get("/desk/feedback").text
    assert "Sign in to decide." in text
    assert text.count("disabled") >= 3
