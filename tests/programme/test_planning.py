"""Plans keep what they have to, whatever is planned; the shipped programme is planned as it says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.programme.desks import ROOT
from tools.programme import lags, steps
from tools.programme.planning import compiled, genetic, improve, list_rule, parallel, serial, solver
from tools.programme.planning.plan import Actual, plan
from tools.programme.planning.project import After, PlannedJob, Project, makespan
from tools.programme.planning.relax import explain
from tools.programme.steps import ProgrammeError, ProgrammeSteps

START = datetime(2026, 1, 12, 9, tzinfo=UTC)


def test_a_programme_that_began_long_ago_is_planned_from_today() -> None:
    """The shipped one, ten months after its start: everybody is still there, and nothing is put before."""
    programme = steps.read(ROOT / "samples" / "programmes" / "year-end.yaml")
    begin = programme.definition.starts_at
    assert begin is not None
    now = begin + timedelta(days=323)
    planned = plan(programme, begin, now=now, seconds=0)
    assert datetime.fromisoformat(planned.schedule["tasks"]["P1"]["start"]) >= now
    assert len(planned.schedule["tasks"]) == len(programme.steps)


@st.composite
def projects(draw: st.DrawFn) -> Project:
    """Draw jobs of machines and people, with what they wait for and whom they are to be independent of."""
    count = draw(st.integers(1, 9))
    worked = tuple(
        np.array([slot for slot in range(400) if slot % step], dtype=np.int64)
        for step in draw(st.tuples(st.integers(2, 5), st.integers(2, 5)))
    )
    jobs: list[PlannedJob] = []
    for index in range(count):
        before = draw(st.sets(st.integers(0, index - 1), max_size=3)) if index else set()
        people = draw(st.sampled_from([(), (0,), (1,), (0, 1)]))
        apart = [each for each in before if jobs[each].people == (0, 1) and people == (0, 1)]
        jobs.append(
            PlannedJob(
                str(index),
                draw(st.integers(1 if people else 0, 6)),
                needs=() if people else (draw(st.integers(0, 3)), draw(st.integers(0, 2))),
                after=tuple(After(each, draw(st.integers(0, 3))) for each in sorted(before)),
                people=people,
                release=draw(st.integers(0, 5)),
                other_than=tuple(apart[:1]),
            )
        )
    return Project(tuple(jobs), (3, 2), worked)


@given(projects())
@settings(max_examples=60, deadline=None)
def test_no_job_before_what_it_waits_for_and_none_lost(project: Project) -> None:
    """Every job once, after what it waits for, within capacities, by who may do it and is independent."""
    planned = list_rule.plan(project)
    assert list_rule.broken(project, planned) == []
    assert len(planned) == len(project.jobs)
    for job, place in zip(project.jobs, planned, strict=True):
        assert place.person in job.people if job.people else place.person is None
    if not any(job.people or job.release or any(a.min_lag for a in job.after) for job in project.jobs):
        assert list_rule.broken(project, parallel.schedule(project, [0.0] * len(project.jobs))) == []


@given(projects(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_compiled_it_is_the_same_rule(project: Project, random: Random) -> None:
    """Of machines alone the compiled serial rule ends every job when the rule for all projects does."""
    jobs = tuple(
        PlannedJob(job.name, job.length, job.needs or (1, 1), tuple(After(link.job) for link in job.after))
        for job in project.jobs
    )
    machines = Project(jobs, project.capacities)
    priority = [float(rank) for rank in random.sample(range(len(jobs)), len(jobs))]
    ends = [place.end for place in serial.schedule(machines, priority)]
    assert list(compiled.Network.of(machines).ends(np.array([priority]))[0]) == ends
    bred = genetic.improve(machines, list_rule.plan(machines), seconds=0.002)
    assert list_rule.broken(machines, bred) == []
    assert makespan(bred) <= makespan(list_rule.plan(machines))


def test_machines_are_full_behind_peoples_time_off_too() -> None:
    """Whoever works every other slot ends late: machines that wait for that are not overfull behind it."""
    worked = np.arange(1, 400, 2, dtype=np.int64)
    jobs = (
        PlannedJob("0", 2, people=(0,)),
        PlannedJob("1", 1, people=(0,), after=(After(0),)),
        PlannedJob("2", 1, needs=(2,), after=(After(1),)),
        PlannedJob("3", 1, needs=(1,), after=(After(1),)),
    )
    project = Project(jobs, (2,), (worked,))
    assert list_rule.broken(project, list_rule.plan(project)) == []


def test_the_solver_keeps_the_same_and_is_no_worse() -> None:
    """CP-SAT's plan of two people and a machine breaks nothing, and ends sooner than the list rule's."""
    worked = tuple(np.array([slot for slot in range(60) if slot % 4], dtype=np.int64) for _ in "ab")
    jobs = (
        PlannedJob("0", 4, people=(0,)),
        PlannedJob("1", 3, people=(0, 1), after=(After(0, 1),), other_than=(0,)),
        PlannedJob("2", 5, needs=(2,)),
        PlannedJob("3", 2, needs=(2,), after=(After(0),)),
        PlannedJob("4", 2, people=(1,), after=(After(2),), release=3),
    )
    project = Project(jobs, (3,), worked)
    first = list_rule.plan(project)
    solved = solver.improve(project, first, seconds=2, workers=1).schedule
    assert list_rule.broken(project, solved) == []
    assert makespan(solved) <= makespan(first)


def test_a_plan_does_not_depend_on_how_busy_the_machine_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its work is counted, not timed: as long as the machine is waited for, it is the same plan."""
    dice = Random(3)
    jobs = tuple(
        PlannedJob(
            str(number),
            dice.randint(1, 9),
            (dice.randint(0, 6), dice.randint(1, 6)),
            tuple(After(before) for before in sorted(dice.sample(range(number), min(number, 2)))),
        )
        for number in range(40)
    )
    project = Project(jobs, (9, 9))
    first = list_rule.plan(project)
    for module in (solver, genetic):
        monkeypatch.setattr(module, "BUSY_FACTOR", 1e6)
    better = improve.improve(project, first, seconds=0.1)
    assert improve.improve(project, first, seconds=0.1) == better
    assert makespan(better.schedule) <= makespan(first)


def year_end() -> ProgrammeSteps:
    """Give the shipped programme of an audit."""
    return steps.read(ROOT / "samples" / "programmes" / "year-end.yaml")


def test_the_year_end_is_planned_on_its_people() -> None:
    """In time; nobody on holiday or leave; whoever reviews did not prepare; waits are waited."""
    planned = plan(year_end(), START, seconds=0)
    tasks = planned.schedule["tasks"]
    assert planned.late == []
    assert len(tasks) == 37
    assert tasks["C5"]["person"] == "ada" != tasks["JE1"]["person"]
    assert tasks["C6"]["start"] >= tasks["C5"]["finish"]
    assert not any(
        each["person"] == "cem" and "2026-01-20" <= each["start"] < "2026-01-24" for each in tasks.values()
    )
    assert not any(each["start"].startswith("2026-01-19") for each in tasks.values())
    assert planned.schedule["finish"] <= planned.schedule["p80"]


def test_a_deadline_that_is_missed_names_what_would_help() -> None:
    """The smallest change first: here one absence."""
    task = {"id": "T", "name": "T", "hours": 8, "skill": "cash"}
    away = {"from": "2026-01-12", "to": "2026-01-14"}
    late = steps.of(
        {
            "name": "late",
            "deadline": "2026-01-13T17:00:00Z",
            "people": {"ada": {"skills": ["cash"], "absences": [away]}, "ben": {}},
            "phases": [{"id": "P", "name": "P", "tasks": [task]}],
        }
    )
    advice = explain(late, plan(late, START, seconds=0), START)
    assert "It would be in time if ada were there from 2026-01-12 to 2026-01-14." in advice
    assert "It would be in time if ben could do cash, too." in advice


def test_what_runs_or_is_done_stays_where_it_is() -> None:
    """Planned anew three days later, no begun task moves, and nothing else begins before now."""
    now = datetime(2026, 1, 15, 9, tzinfo=UTC)
    begun = {
        "P1": Actual(START, datetime(2026, 1, 12, 12, tzinfo=UTC), "ada"),
        "P2": Actual(datetime(2026, 1, 14, 9, tzinfo=UTC), None, "cem"),
    }
    tasks = plan(year_end(), START, actual=begun, now=now, seconds=0).schedule["tasks"]
    assert tasks["P1"]["start"] == "2026-01-12T09:00:00+00:00"
    assert (tasks["P2"]["start"], tasks["P2"]["person"]) == ("2026-01-14T09:00:00+00:00", "cem")
    assert min(each["start"] for name, each in tasks.items() if name not in begun) >= now.isoformat()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"depends_on": ["T"]}, "circle"),
        ({"depends_on": ["X"]}, "names 'X', which is no task"),
        ({"kind": "command", "command": ["sh", "-c", "x"]}, "there is no shell"),
        ({"kind": "command", "command": ["pytest", "../x"]}, "lie in the programme's folder"),
        ({"hours": [3, 2, 1]}, "low, likely and high"),
        ({"colour": "red"}, "colour"),
        ({"skill": "cash"}, "nobody may do task 'T'"),
    ],
)
def test_what_a_file_says_wrong_is_named(tmp_path: Path, change: dict[str, object], message: str) -> None:
    """With its place, before anything starts."""
    import yaml  # noqa: PLC0415 - here alone

    task = {"id": "T", "name": "T", **change}
    people: dict[str, object] = {"ada": {}}
    phases = [{"id": "P", "name": "P", "tasks": [task]}]
    path = tmp_path / "programme.yaml"
    path.write_text(yaml.safe_dump({"name": "n", "people": people, "phases": phases}), encoding="utf-8")
    with pytest.raises(ProgrammeError, match=message):
        plan(steps.read(path), START, seconds=0)


def test_a_lag_is_counted_in_working_hours() -> None:
    """Eight hours after Friday noon end on Monday noon; around the clock they end on Friday night."""
    link = {"task": "A", "min_lag_hours": 8}
    tasks = [{"id": "A", "name": "A"}, {"id": "B", "name": "B", "depends_on": [link]}]
    friday = datetime(2026, 1, 9, 12, tzinfo=UTC)
    for calendar, expected in (
        ({}, datetime(2026, 1, 12, 12, tzinfo=UTC)),
        ({"around_the_clock": True}, datetime(2026, 1, 9, 20, tzinfo=UTC)),
    ):
        phase = {"id": "P", "name": "P", "tasks": tasks}
        programme = steps.of({"name": "lagging", "calendar": calendar, "phases": [phase]})
        assert lags.free_at(programme.definition, programme.steps["B"], {"A": friday}) == expected
        assert lags.free_at(programme.definition, programme.steps["A"], {}) is None
