"""A programme from its file to its end, as people start it and workers do it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from desk.cli.app import app
from graph.runtime import session
from tests.graph.small import TOKENS
from tests.programme.desks import PASSES, ROOT, Task, do_all, person, standing_of, start, write
from tests.tasks.task_workers import until
from tools.core.clock import clock
from tools.core.errors import IdentityError, RunError
from tools.programme import messages, progress, signing, versions
from tools.programme.working_papers import papers
from tools.store import Store, trail
from tools.store.models import ProgrammeMessage


def test_the_shipped_test_programme_reaches_its_end(store: Store) -> None:
    """Phases in order, subtasks side by side, every criterion measured; B1 is done when its parts are."""
    state = start(ROOT / "samples" / "programmes" / "testing.yaml")
    assert (state.asked, state.waits_for) == (None, "events")
    before = standing_of(store, state.run_id)
    assert progress.why(before, "B1a") == "Waiting for the gate of phase PHASE_1_UNIT"
    do_all(store)
    after = standing_of(store, state.run_id)
    assert set(after.statuses.values()) == {"done"}
    assert (after.run.status, after.run.outcome) == ("closed", "completed")
    assert {name: step.tries for name, step in after.steps.items() if step.tries != 1} == {"B1": 0}
    ends = {name: step.ended_at for name, step in after.steps.items() if step.ended_at}
    begins = {name: step.started_at for name, step in after.steps.items() if step.started_at}
    assert (
        max(ends["B1a"], ends["B1b"], ends["B1c"]) <= ends["B1"] <= begins["B2"] <= ends["B2"] <= begins["B3"]
    )
    assert float(after.steps["C2"].figures["speedup"]) >= 2
    assert trail.verify(store) == []


def test_a_plan_waits_for_a_person_and_a_paper_for_two(store: Store, tmp_path: Path) -> None:
    """Nothing starts before the plan is approved; a paper is prepared by one, reviewed by another."""
    tasks: list[Task] = [
        {"id": "T1", "hours": [1, 2, 4], "skill": "cash", "signed": True},
        {"id": "T2", "test": PASSES, "depends_on": ["T1"]},
    ]
    team = {"riley": {"skills": ["cash"]}, "kim": {}}
    path = write(tmp_path, tasks, people=team, plan_approval="person")
    state = start(path, "dana")
    assert state.asked is not None
    assert progress.why(standing_of(store, state.run_id), "T1") == "Waiting for the plan's approval"
    session.answer(state.thread_id, [{"type": "approve"}], token=TOKENS["omar"])
    now = standing_of(store, state.run_id)
    assert now.plan is not None
    assert (now.plan.approved_by, now.steps["T1"].person) == ("omar", "riley")
    assert versions.replan(store, state.run_id, "somebody is away").approved_by == "rule"
    assert progress.why(now, "T2") == "Waiting for T1 (with a person)"
    with pytest.raises(IdentityError, match="kim may not do T1: riley may"):
        signing.sign(store, state.run_id, "T1", person("kim"), conclusion="Fine.")
    with pytest.raises(RunError, match="evidence is missing: a conclusion"):
        signing.sign(store, state.run_id, "T1", person("riley"))
    signing.sign(store, state.run_id, "T1", person("riley"), conclusion="Cash is there.")
    with pytest.raises(IdentityError, match="riley prepared T1 and so can't review it"):
        signing.sign(store, state.run_id, "T1", person("riley"))
    assert signing.sign(store, state.run_id, "T1", person("omar")) == "done"
    do_all(store)
    assert standing_of(store, state.run_id).run.outcome == "completed"
    paper = papers.paper(store, standing_of(store, state.run_id), "T1")
    assert [(each["role"], each["by"], each["void"]) for each in paper["signatures"]] == [
        ("preparer", "riley", ""),
        ("reviewer", "omar", ""),
    ]
    assert trail.verify(store) == []


def test_what_workers_say_has_the_published_form(store: Store, tmp_path: Path) -> None:
    """Assignment, completion and failure, each in the store and valid by its schema."""
    wrong = "def test_it():\n    assert 2083.33 == 2083.34\n"
    tasks = [{"id": "A1", "test": PASSES}, {"id": "A2", "test": wrong}]
    state = start(write(tmp_path, tasks))
    do_all(store)
    with store.read() as session_:
        bodies = [row.body for row in session_.query(ProgrammeMessage).order_by(ProgrammeMessage.message_no)]
    kinds = {str(kind.model_fields["message_type"].default): kind for kind in messages.KINDS}
    for body in bodies:
        kinds[body["message_type"]].model_validate(body)
    (failure,) = (body for body in bodies if body["message_type"] == "failure_notification")
    assert failure["failure_details"]["error_type"] == "calculation_error"
    assert failure["failure_details"]["failed_tests"] == ["test_it"]
    assert failure["failure_details"]["error_context"]["line_number"] == 2
    assert failure["escalation_required"] is True
    assert standing_of(store, state.run_id).statuses == {"A1": "done", "A2": "escalated"}


def test_a_task_begins_when_its_lag_has_passed(store: Store, tmp_path: Path) -> None:
    """Not before, though nothing else keeps it; why it waits and until when is said."""
    after = {"task": "A1", "min_lag_hours": 0.0005}
    tasks: list[Task] = [{"id": "A1", "test": PASSES}, {"id": "A2", "test": PASSES, "depends_on": [after]}]
    state = start(write(tmp_path, tasks))
    do_all(store)
    between = standing_of(store, state.run_id)
    first, second = between.steps["A1"], between.steps["A2"]
    assert (first.status, second.status) == ("done", "waiting")
    assert first.ended_at is not None
    due = first.ended_at + timedelta(hours=0.0005)
    assert second.not_before == due
    assert progress.why(between, "A2").endswith("UTC: 0.0005 hours after A1")
    until(lambda: clock().now() >= due)
    do_all(store)
    ended = standing_of(store, state.run_id)
    assert ended.run.outcome == "completed"
    began = ended.steps["A2"].started_at
    assert began is not None
    assert began >= due


def test_what_many_tasks_wait_for_is_said_once(store: Store, tmp_path: Path) -> None:
    """The table names a reason that few share in their rows; below it one that many do. A run has a name."""
    tasks: list[Task] = [{"id": "A1", "test": PASSES, "signed": True, "preparer": "riley"}]
    tasks += [{"id": f"B{number}", "test": PASSES, "depends_on": ["A1"]} for number in range(5)]
    tasks += [{"id": "C1", "test": PASSES, "depends_on": ["B1"]}]
    start(write(tmp_path, tasks, people={"riley": {}}))
    do_all(store)
    shown = CliRunner().invoke(app, ["programme", "status"], env={"COLUMNS": "200"}).stdout
    assert "B0, B1, B2, B3, B4: Waiting for A1 (with a person)" in shown
    assert shown.count("Waiting for A1") == 1
    assert shown.count("Waiting for B1") == 1
    rows = json.loads(CliRunner().invoke(app, ["programme", "status", "--json"]).stdout)
    assert sum("Waiting for A1" in row["why"] for row in rows) == 5
    (run,) = json.loads(CliRunner().invoke(app, ["runs", "--json"]).stdout)
    assert (run["graph"], run["entity"]) == ("programme", "small")
