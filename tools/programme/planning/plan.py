"""The plan of a programme: when each task starts and ends, who does it, what is critical, when all is done.

plan(programme, start, ...) -> Planned     a list rule at once; CP-SAT where it is installed and there is time
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil
from typing import Any, Final

from tools.programme.definition import Calendar
from tools.programme.planning import draws, improve, list_rule
from tools.programme.planning.calendar import SlotTimes, slot_times
from tools.programme.planning.project import After, Placed, PlannedJob, Project, Schedule, makespan
from tools.programme.planning.serial import NobodyError
from tools.programme.planning.staffing import who_may
from tools.programme.steps import ProgrammeError, ProgrammeSteps, StepSpec

IMPROVED: Final = 150  # tasks up to which a plan is made better
_FINEST: Final = 1.0
_MOST_UNITS: Final = 16_000  # of a shared resource in the list rule's words
_SPARE: Final = 64


@dataclass(frozen=True)
class Actual:
    """Where a task stands: since when, and until when where it has ended."""

    started: datetime
    ended: datetime | None = None
    person: str = ""


@dataclass(frozen=True)
class Changes:
    """What is taken otherwise than the file says, to see whether it would help."""

    present: frozenset[tuple[str, int]] = frozenset()  # (person, number of the absence) that is left out
    skills: frozenset[tuple[str, str]] = frozenset()  # (person, skill) that somebody would have


@dataclass(frozen=True)
class Planned:
    """A plan as JSON, and what it was made of."""

    schedule: dict[str, Any]
    project: Project = field(repr=False)
    places: Schedule = field(repr=False)

    @property
    def late(self) -> list[dict[str, Any]]:
        """Give what ends after it is due."""
        late: list[dict[str, Any]] = self.schedule["late"]
        return late


def plan(
    programme: ProgrammeSteps,
    start: datetime,
    *,
    actual: Mapping[str, Actual] | None = None,
    now: datetime | None = None,
    seconds: float = improve.SECONDS,
    changes: Changes | None = None,
) -> Planned:
    """Plan a programme from a moment on; what runs or is done stays where it is.

    now: nothing that has not started is put before it. seconds: for making it better; 0 leaves that out.
    Raises ProgrammeError where nobody may do a task.
    """
    site = _Site(programme, start, actual or {}, now or start, changes or Changes())
    project = site.project
    try:
        places, by = list_rule.plan(project), "list rule"
    except NobodyError as error:
        raise ProgrammeError(
            f"nobody is left for task '{error.job.name}': who may do it did what it is to be independent of.",
            remedy="Give another person its skill or role.",
        ) from None
    if seconds and len(project.jobs) <= IMPROVED:
        better = improve.improve(project, places, seconds=seconds)
        places, by = better.schedule, better.by
    return Planned(site.as_schedule(places, by), project, places)


@dataclass(frozen=True)
class _Site:
    """A programme with its calendar: turned into a project, and back into days and hours."""

    programme: ProgrammeSteps
    start: datetime
    actual: Mapping[str, Actual]
    now: datetime
    changes: Changes

    @cached_property
    def names(self) -> list[str]:
        """Name the steps, by their number in the project."""
        return list(self.programme.steps)

    @cached_property
    def people(self) -> list[str]:
        """Name the people, by their number in the project."""
        return list(self.programme.definition.people)

    @cached_property
    def times(self) -> SlotTimes:
        """Give the slots; enough of them from now on for all that is to be done by one person."""
        calendar = self.programme.definition.calendar
        length = self._finest() if calendar.around_the_clock else calendar.slot_minutes * 60.0
        whole = sum(ceil(step.task.points[1] / length) + 1 for step in self.programme.steps.values())
        lags = sum(
            ceil(link.min_lag_hours * 3600 / length)
            for s in self.programme.steps.values()
            for link in s.links
        )
        count = ceil(whole * self._stretch(calendar)) + lags + self._away(calendar) + _SPARE
        count += self._passed(calendar, length)
        return slot_times(calendar, self.start, count, length)

    def _passed(self, calendar: Calendar, length: float) -> int:
        """Give how many slots lie between the start and now, at the most."""
        passed = max(timedelta(0), self.now - self.start)
        if calendar.around_the_clock:
            return ceil(passed.total_seconds() / length)
        hours = calendar.ends.hour - calendar.begins.hour + 1
        return (passed.days + 2) * ceil(hours * 60 / calendar.slot_minutes)

    def _finest(self) -> float:
        likely = [step.task.points[1] for step in self.programme.steps.values()]
        return max(_FINEST, min(likely) / 2, sum(likely) / 20_000)

    def _stretch(self, calendar: Calendar) -> float:
        hours = min(
            (person.hours_per_day for person in self.programme.definition.people.values()), default=24.0
        )
        day = 24.0 if calendar.around_the_clock else calendar.ends.hour - calendar.begins.hour + 1
        return max(1.0, day / hours)

    def _away(self, calendar: Calendar) -> int:
        days = sum(
            (absence.to_day - absence.from_day).days + 1
            for person in self.programme.definition.people.values()
            for absence in person.absences
        )
        return days * ceil(24 * 60 / calendar.slot_minutes)

    @cached_property
    def project(self) -> Project:
        """Give the jobs, the capacities and people's slots."""
        people = self.programme.definition.people
        worked = []
        for name, person in people.items():
            absences = [a for n, a in enumerate(person.absences) if (name, n) not in self.changes.present]
            worked.append(self.times.worked_by(person.model_copy(update={"absences": tuple(absences)})))
        at = {name: number for number, name in enumerate(self.names)}
        jobs = [self._job(step, at) for step in self.programme.steps.values()]
        return Project((*jobs, *self._gates(at)), self._capacities(), tuple(worked))

    def _gates(self, at: Mapping[str, int]) -> Iterator[PlannedJob]:
        """Give a job without length for each phase's end: the next phase begins behind it."""
        for number, phase in enumerate(self.programme.phases):
            steps = self.programme.in_phase(phase)
            inside = {name for step in steps for name in step.waits_for}
            ends = [After(at[step.id]) for step in steps if step.id not in inside]
            yield PlannedJob(f"gate of {phase}", 0, after=(*ends, *self._gate_before(number)))

    def _gate_before(self, phase: int) -> tuple[After, ...]:
        return (After(len(self.names) + phase - 1),) if phase else ()

    def _capacities(self) -> tuple[int, ...]:
        limits = self.programme.definition.limits
        memory = ceil(limits.total_memory_mb / self._unit)
        classes = self.programme.definition.classes
        return (
            limits.max_agents,
            limits.total_cpu_cores,
            memory,
            *(c.max_parallel for c in classes.values()),
        )

    @property
    def _unit(self) -> int:
        return max(1, ceil(self.programme.definition.limits.total_memory_mb / _MOST_UNITS))

    def _job(self, step: StepSpec, at: Mapping[str, int]) -> PlannedJob:
        machine = step.task.kind in {"graph", "command"}
        person = step.task.kind == "person"
        return PlannedJob(
            name=step.id,
            length=0 if step.task.kind == "group" else self.times.slots(step.task.points[1]),
            needs=self._needs(step) if machine else (),
            after=self._after(step, at),
            people=tuple(map(self.people.index, self._candidates(step))) if person else (),
            release=0 if step.id in self.actual else self.times.slot_at(self.now),
            due=self._due(step),
            other_than=tuple(at[name] for name in step.task.reviews),
            fixed=self._fixed(step),
        )

    def _candidates(self, step: StepSpec) -> list[str]:
        return who_may(self.programme.definition, step, self.changes.skills)

    def _needs(self, step: StepSpec) -> tuple[int, ...]:
        classes = (int(name == step.task.task_class) for name in self.programme.definition.classes)
        return (1, step.resources.cpu_cores, ceil(step.resources.memory_mb / self._unit), *classes)

    def _after(self, step: StepSpec, at: Mapping[str, int]) -> tuple[After, ...]:
        lagged = {
            link.task: After(at[link.task], self._lag(link.min_lag_hours), self._longest(link.max_lag_hours))
            for link in step.links
        }
        own = tuple(lagged.get(name, After(at[name])) for name in step.waits_for)
        return (*own, *self._gate_before(self.programme.phases.index(step.phase)))

    def _lag(self, hours: float) -> int:
        return ceil(hours * 3600 / self.times.seconds)

    def _longest(self, hours: float | None) -> int | None:
        return None if hours is None else self._lag(hours)

    def _due(self, step: StepSpec) -> int | None:
        return min(map(self.times.slot_at, self._deadlines(step.id)), default=None)

    def _deadlines(self, name: str) -> list[datetime]:
        own = self.programme.steps[name].task.deadline
        return [moment for moment in (own, self.programme.definition.deadline) if moment]

    def _fixed(self, step: StepSpec) -> Placed | None:
        actual = self.actual.get(step.id)
        if actual is None:
            return None
        begin = self.times.slot_at(actual.started)
        planned = begin + (0 if step.task.kind == "group" else self.times.slots(step.task.points[1]))
        end = (
            self.times.slot_at(actual.ended)
            if actual.ended
            else max(planned, self.times.slot_at(self.now) + 1)
        )
        person = self.people.index(actual.person) if actual.person in self.people else None
        return Placed(begin, max(begin, end), person)

    def as_schedule(self, places: Schedule, by: str) -> dict[str, Any]:
        """Give a schedule as JSON: moments, people, slack, critical path, what is late, the range."""
        critical = draws.chain(self.project, places)
        slack = draws.slack(self.project, places, critical)
        ends = draws.finishes(
            self.project,
            places,
            critical,
            [*map(self._spread, self.names), *([(1.0, 1.0, 1.0)] * len(self.programme.phases))],
        )
        tasks = {
            name: self._task(place, slots)
            for name, place, slots in zip(self.names, places, slack, strict=False)
        }
        order = sorted(tasks, key=lambda name: (tasks[name]["start"], tasks[name]["finish"]))
        return {
            "by": by,
            "slot_seconds": self.times.seconds,
            "tasks": tasks,
            "critical_path": [name for name in order if tasks[name]["critical"]],
            "start": self.times.at(0).isoformat(),
            "finish": self.times.ended(makespan(places)).isoformat(),
            "p50": self.times.ended(ends["p50"]).isoformat(),
            "p80": self.times.ended(ends["p80"]).isoformat(),
            "late": [
                {
                    "task": job.name,
                    "due": min(self._deadlines(job.name)).isoformat(),
                    "finish": tasks[job.name]["finish"],
                }
                for job, place in zip(self.project.jobs, places, strict=True)
                if job.due is not None and place.end > job.due
            ],
        }

    def _task(self, place: Placed, slots: int) -> dict[str, Any]:
        begin = self.times.at(place.start) if place.end > place.start else self.times.ended(place.start)
        return {
            "start": begin.isoformat(),
            "finish": self.times.ended(place.end).isoformat(),
            "person": "" if place.person is None else self.people[place.person],
            "slack_hours": round(slots * self.times.seconds / 3600, 4),
            "critical": slots <= 0,
        }

    def _spread(self, name: str) -> tuple[float, float, float]:
        actual = self.actual.get(name)
        if actual and actual.ended:
            return (1.0, 1.0, 1.0)
        low, likely, high = self.programme.steps[name].task.points
        return (low / likely, 1.0, high / likely)
