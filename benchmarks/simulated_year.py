"""Play a programme with what nobody could plan: `python -m benchmarks.simulated_year [--years 10]`.

Durations are log-normal around what the file says, people are away on days that nobody announced, machines
lose work. The plan is made anew by the list rule whenever something ends or somebody is away; what it comes
to is divided by the plan of one who knew it all before: the same planner, true durations and absences.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from statistics import mean
from typing import Final

from tools.programme import steps
from tools.programme.definition import Definition, Phase, TaskDefinition
from tools.programme.planning.plan import Actual, plan
from tools.programme.steps import ProgrammeSteps

REACH: Final = 1.15
AWAY: Final = 0.04  # chance that a person is away on a day, announced that morning
LOST: Final = 0.15  # chance that a machine's work is lost once, and done again
SPREAD: Final = 1.645  # standard deviations from the likely duration to the high one (its 95%)
DAYS: Final = 90


@dataclass(frozen=True)
class Year:
    """What happens: how long each task takes, in seconds, and who is away on which days."""

    seconds: Mapping[str, float]
    away: Mapping[str, tuple[date, ...]]


@dataclass
class Course:
    """How far a programme is: what has begun, and when that truly ends."""

    actual: dict[str, Actual] = field(default_factory=dict)
    ends: dict[str, datetime] = field(default_factory=dict)


def year(programme: ProgrammeSteps, start: datetime, dice: Random) -> Year:
    """Draw a year."""
    seconds = {}
    for name, step in programme.steps.items():
        _, likely, high = step.task.points
        sigma = math.log(max(high / likely, 1.01)) / SPREAD
        lost = step.task.kind != "person" and dice.random() < LOST
        seconds[name] = dice.lognormvariate(math.log(likely), sigma) * (1 + dice.random() * lost)
    days = [start.date() + timedelta(days=number) for number in range(DAYS)]
    people = programme.definition.people
    return Year(seconds, {name: tuple(day for day in days if dice.random() < AWAY) for name in people})


def play(programme: ProgrammeSteps, start: datetime, true_year: Year) -> datetime:
    """Carry a programme through a year, planned anew at each event; give when all has ended."""
    course, now = Course(), start
    while len(course.actual) < len(programme.steps) or course.ends:
        announced = _with(programme, {}, _until(true_year.away, now))
        planned = plan(announced, start, actual=course.actual, now=now, seconds=0).schedule["tasks"]
        ready = {
            name: datetime.fromisoformat(str(task["start"]))
            for name, task in planned.items()
            if name not in course.actual and _may_begin(programme, course, name, str(task["person"] or ""))
        }
        begins = min(ready.values(), default=None)
        ended = min(course.ends, key=lambda name: course.ends[name], default="")
        if ended and (begins is None or course.ends[ended] <= begins):
            now = course.ends.pop(ended)
            course.actual[ended] = Actual(course.actual[ended].started, now, course.actual[ended].person)
            continue
        assert begins is not None
        morning = datetime.combine(now.date() + timedelta(days=1), time(0), now.tzinfo)
        if begins > morning and _until(true_year.away, morning) != _until(true_year.away, now):
            now = morning
            continue
        now = max(now, begins)
        name = min(each for each, at in ready.items() if at == begins)
        person = str(planned[name]["person"] or "")
        course.actual[name] = Actual(now, None, person)
        course.ends[name] = _true_end(programme, name, person, now, true_year)
    return max(actual.ended for actual in course.actual.values() if actual.ended)


def _may_begin(programme: ProgrammeSteps, course: Course, name: str, person: str) -> bool:
    """Say whether what a task waits for has truly ended, and its person is truly free."""
    step, ended = programme.steps[name], {name for name in course.actual if name not in course.ends}
    earlier = programme.phases[: programme.phases.index(step.phase)]
    before = {each.id for phase in earlier for each in programme.in_phase(phase)} | set(step.waits_for)
    busy = {course.actual[running].person for running in course.ends}
    return before <= ended and (not person or person not in busy)


def clairvoyant(programme: ProgrammeSteps, start: datetime, true_year: Year, seconds: float) -> datetime:
    """Give when all would have ended by the plan of one who knew the year."""
    whole_year = _with(programme, true_year.seconds, true_year.away)
    return datetime.fromisoformat(str(plan(whole_year, start, seconds=seconds).schedule["finish"]))


def _true_end(
    programme: ProgrammeSteps, name: str, person: str, begins: datetime, true_year: Year
) -> datetime:
    """Give when a task ends that a person begins: their days and hours, as they will have been."""
    task = programme.steps[name].task
    alone = task.model_copy(
        update={
            "depends_on": (),
            "reviews": (),
            "preparer": person,
            "reviewer": "",
            **_lasting(true_year.seconds[name]),
        }
    )
    people = {person: programme.definition.people[person]} if person else {}
    content = {"people": people, "phases": (Phase(id="one", name="One", tasks=(alone,)),), "deadline": None}
    single_task = steps.of(_away(programme.definition.model_copy(update=content), true_year.away))
    return datetime.fromisoformat(str(plan(single_task, begins, seconds=0).schedule["finish"]))


def _with(
    programme: ProgrammeSteps, seconds: Mapping[str, float], away: Mapping[str, tuple[date, ...]]
) -> ProgrammeSteps:
    phases = tuple(
        phase.model_copy(update={"tasks": tuple(_timed(task, seconds) for task in phase.tasks)})
        for phase in programme.definition.phases
    )
    return steps.of(_away(programme.definition.model_copy(update={"phases": phases}), away))


def _timed(task: TaskDefinition, seconds: Mapping[str, float]) -> TaskDefinition:
    return task.model_copy(update=_lasting(seconds[task.id])) if task.id in seconds else task


def _lasting(seconds: float) -> dict[str, object]:
    return {"hours": None, "seconds": (seconds, seconds, seconds)}


def _away(definition: Definition, away: Mapping[str, tuple[date, ...]]) -> Definition:
    """Add days on which people are away to what the file says."""
    content = definition.model_dump(mode="json", by_alias=True)
    for name, worker in content["people"].items():
        worker["absences"] += [{"from": str(day), "to": str(day), "why": "away"} for day in away[name]]
    return Definition.model_validate(content)


def _until(away: Mapping[str, tuple[date, ...]], now: datetime) -> dict[str, tuple[date, ...]]:
    """Give the absences of which anybody knows by now."""
    return {name: tuple(day for day in days if day <= now.date()) for name, days in away.items()}


def main() -> None:
    """Print how much longer programmes take than they had to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=5.0, help="for the clairvoyant's solver")
    parser.add_argument("--file", type=Path, default=Path("samples/programmes/year-end.yaml"))
    chosen = parser.parse_args()
    programme = steps.read(chosen.file)
    start = programme.definition.starts_at or datetime.fromisoformat("2026-01-12T09:00:00+00:00")
    ratios = []
    for number in range(chosen.years):
        true_year = year(programme, start, Random(number))
        ended, best = (
            play(programme, start, true_year),
            clairvoyant(programme, start, true_year, chosen.seconds),
        )
        ratios.append((ended - start) / (best - start))
        dates = f"ended {ended:%Y-%m-%d %H:%M}, clairvoyant {best:%Y-%m-%d %H:%M}"
        print(f"year {number}: {dates}, {ratios[-1]:.3f}", flush=True)
    figures = f"mean {mean(ratios):.3f}, worst {max(ratios):.3f} (to reach: {REACH})"
    print(f"makespan over the clairvoyant plan: {figures}")


if __name__ == "__main__":
    main()
