"""What people owe: reminded by level, asked about at the third; whoever brings it late is not turned away."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from desk.papers.engagement import engagement
from graph.runtime import session
from tests.clocks import TurnedClock
from tests.desk.shell import tieout
from tests.graph.small import TOKENS, settings_of
from tests.programme.desks import Task, do_all, person, standing_of, start, write
from tools.approvals import requests
from tools.core import settings
from tools.core.clock import using
from tools.core.errors import IdentityError
from tools.programme import overdue, progress, records, signing
from tools.programme.working_papers import papers, workbook
from tools.store import Store
from tools.store.models import Step

TEAM = {
    "riley": {"skills": ["cash"]},
    "dana": {"roles": ["manager"]},
    "kim": {"roles": ["manager"], "skills": ["cash"]},
}
PAPER: Task = {"id": "T1", "hours": 10, "skill": "cash", "signed": True, "reviewer": "dana"}


def _begun(folder: Path, tasks: Sequence[Task] = (PAPER,)) -> str:
    return start(write(folder, tasks, people=TEAM)).run_id


def _wake_at(store: Store, run_id: str, moment: datetime) -> Step:
    with using(TurnedClock(moment)):
        session.wake(standing_of(store, run_id).run.thread_id)
    return standing_of(store, run_id).steps["T1"]


def _levels(step: Step) -> list[tuple[int, str, list[str]]]:
    return [(each["level"], each["action"], each["after"]["reminded"]) for each in step.remedies]


def _due(store: Store, run_id: str) -> datetime:
    began = standing_of(store, run_id).steps["T1"].started_at
    assert began is not None
    return began + timedelta(hours=10)


def test_an_overdue_task_climbs_to_a_person(store: Store, tmp_path: Path) -> None:
    """Soon due, due, eight hours later, eight more; a look in between says nothing twice."""
    run_id = _begun(tmp_path)
    due, hour = _due(store, run_id), timedelta(hours=1)
    for moment, levels in (
        (due - 5 * hour, []),
        (due - 3 * hour, []),
        (due - 2 * hour, []),
        (due + hour, [(1, "remind", ["riley"])]),
        (due + 8 * hour, [(1, "remind", ["riley"])]),
        (due + 10 * hour, [(1, "remind", ["riley"]), (2, "remind_role", ["riley", "dana", "kim"])]),
    ):
        assert _levels(_wake_at(store, run_id, moment)) == levels
    step = _wake_at(store, run_id, due + 19 * hour)
    assert (step.status, step.error_kind) == ("escalated", "evidence_missing")
    assert "T1 was to be prepared by" in step.error
    asked = requests.open_for(store, run_id)
    assert asked is not None
    (subject,) = asked.payload["subjects"]
    assert "the manager: dana, kim" in " ".join(subject["why"])
    events = records.events_after(store, run_id, 0)
    assert [event.kind for event in events if event.kind in {"due_soon", "remedy"}] == [
        "due_soon",
        "remedy",
        "remedy",
    ]
    remedies = [event.details for event in events if event.kind == "remedy"]
    assert [each["before"]["reminded"] for each in remedies] == [[], ["riley"]]


def test_whoever_brings_it_late_is_not_turned_away(store: Store, tmp_path: Path) -> None:
    """Signed while a person is asked about it, what was asked is withdrawn; reminders void nothing."""
    run_id = _begun(tmp_path)
    due, hour = _due(store, run_id), timedelta(hours=1)
    for hours in (1, 10, 19):
        _wake_at(store, run_id, due + hours * hour)
    assert signing.sign(store, run_id, "T1", person("riley"), conclusion="It does.") == "with_person"
    session.wake(standing_of(store, run_id).run.thread_id)
    assert requests.open_for(store, run_id) is None
    later = datetime.now(due.tzinfo) + 9 * hour
    assert _levels(_wake_at(store, run_id, later))[-1] == (1, "remind", ["riley", "dana", "kim"])
    assert papers.void_if_changed(store, run_id, "T1", "somebody was reminded") == []
    signing.sign(store, run_id, "T1", person("dana"))
    session.wake(standing_of(store, run_id).run.thread_id)
    ended = standing_of(store, run_id)
    assert (ended.run.outcome, ended.steps["T1"].error_kind) == ("completed", "")


def test_a_paper_that_is_sent_back_climbs_too(store: Store, tmp_path: Path) -> None:
    """Its preparer mends it; then all of the reviewer's role may review; then a person decides.

    Whose turn it is stands in why it waits.
    """
    run_id = _begun(tmp_path)
    for number in range(3):
        turn = progress.why(standing_of(store, run_id), "T1")
        assert turn == "Waiting for riley: tieout programme sign T1"
        signing.sign(store, run_id, "T1", person("riley"), conclusion=f"It does ({number}).")
        turn = progress.why(standing_of(store, run_id), "T1")
        whom = "dana" if number < 2 else "another person"
        assert turn == f"Waiting for {whom} to review it: tieout programme sign T1"
        if number < 2:
            with pytest.raises(IdentityError, match="T1 is reviewed by dana"):
                signing.refuse(store, run_id, "T1", person("kim"), "Mine to say?")
        signing.refuse(store, run_id, "T1", person("dana" if number < 2 else "kim"), "Nothing supports it.")
    do_all(store)
    step = standing_of(store, run_id).steps["T1"]
    assert (step.status, step.error_kind) == ("escalated", "signoff_refused")
    assert [(each["level"], each["action"]) for each in step.remedies] == [(1, "remind"), (2, "remind_role")]
    environment = settings_of(tmp_path) | {"TIEOUT_TOKEN": TOKENS["omar"]}
    modify = ("modify", run_id, "--case", "T1", "--set")
    wrong = tieout(*modify, "person=dana", cwd=tmp_path, **environment)
    assert "Name who gets T1, as person: riley, kim" in wrong.stderr
    tieout(*modify, "person=kim", "--note", "riley is ill", cwd=tmp_path, **environment)
    step = standing_of(store, run_id).steps["T1"]
    assert (step.status, step.person, step.error_kind) == ("with_person", "kim", "")
    decided = step.remedies[-1]
    assert (decided["level"], decided["before"]["person"], decided["after"]["person"]) == (3, "riley", "kim")
    assert decided["result"] == "riley is ill"
    report = engagement(settings.load(), store, run_id)
    assert "<td>remind role</td>" in workbook.page(report)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.workbook(report)))["1 T1"]
    assert "2: remind role" in [row[0] for row in sheet.iter_rows(values_only=True)]


def test_a_task_whose_own_run_still_asks_is_neither_signed_nor_reminded_of(
    store: Store, tmp_path: Path
) -> None:
    """What people decide there can change its paper; why it waits names that run."""
    run_id = _begun(tmp_path)
    with store.begin() as opened:
        step = records.step_of(opened, run_id, "T1")
        step.figures = {"run_id": "20260101-abc", "run_status": "waiting"}
    assert progress.why(standing_of(store, run_id), "T1").endswith("tieout approve 20260101-abc")
    with pytest.raises(IdentityError, match="its run 20260101-abc waits for people"):
        signing.sign(store, run_id, "T1", person("riley"), conclusion="It does.")
    with using(TurnedClock(_due(store, run_id) + timedelta(days=9))):
        assert overdue.remind(store, run_id) == []
