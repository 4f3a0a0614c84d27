"""The plan by CP-SAT (OR-Tools, extra `planning`), from the list rule's plan on, within a measure of work.

The measure is CP-SAT's deterministic time, and its workers take turns: a busy machine takes longer over the
same plan, up to BUSY_FACTOR times as long.

A person's job is an interval on the row of the slots that the person works, so that nights, absences and
breaks lie between its slots and not in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from tools.programme.planning.project import Placed, PlannedJob, Project, Schedule, makespan

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

WORK_A_SECOND: Final = 0.2  # deterministic time that a worker of a quiet machine makes
BUSY_FACTOR: Final = 12.0  # times that a busy machine may take
LATE_WEIGHT: Final = 1_000  # a slot after what is due weighs as so many of the whole


@dataclass(frozen=True)
class Solved:
    """The plan that was reached; proved: none is better."""

    schedule: Schedule
    proved: bool = False


def installed() -> bool:
    """Say whether the solver is there."""
    return find_spec("ortools") is not None


def improve(project: Project, first: Schedule, *, seconds: float, workers: int = 2) -> Solved:
    """Give the best plan that a quiet machine reaches in so many seconds; never worse than the first."""
    from ortools.sat.python import cp_model

    if not project.jobs:
        return Solved(first, proved=True)
    model = _Model(cp_model.CpModel(), project, first)
    model.build()
    solver = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = seconds * WORK_A_SECOND
    solver.parameters.interleave_search = True
    solver.parameters.max_time_in_seconds = seconds * BUSY_FACTOR
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = 1
    status = solver.solve(model.model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Solved(first)
    return Solved(model.read(solver), status == cp_model.OPTIMAL)


def _people(job: PlannedJob) -> tuple[int, ...]:
    if job.fixed is None:
        return job.people
    return () if job.fixed.person is None else (job.fixed.person,)


class _Model:
    """The project as constraints. Where the first plan breaks a longest lag, lags are left to the solver."""

    def __init__(self, model: cp_model.CpModel, project: Project, first: Schedule) -> None:
        self.model, self.project, self.first = model, project, first
        self.end = max(makespan(first), 1) + max(
            (w[-1] + 1 - len(w) for w in project.worked if len(w)), default=0
        )
        self.starts: list[Any] = []
        self.ends: list[Any] = []
        self.doers: list[dict[int, Any]] = []
        self.intervals: list[Any] = []
        self.rows: list[list[Any]] = [[] for _ in project.worked]

    def build(self) -> None:
        """State everything."""
        for index, job in enumerate(self.project.jobs):
            self._job(index, job)
        for index, job in enumerate(self.project.jobs):
            self._links(index, job)
        for row in self.rows:
            self.model.add_no_overlap(row)
        for resource, capacity in enumerate(self.project.capacities):
            taking = [
                (interval, job.needs[resource])
                for interval, job in zip(self.intervals, self.project.jobs, strict=True)
                if interval is not None and len(job.needs) > resource and job.needs[resource]
            ]
            if taking:
                self.model.add_cumulative(
                    [each[0] for each in taking], [each[1] for each in taking], capacity
                )
        self._aim()

    def _job(self, index: int, job: PlannedJob) -> None:
        place = job.fixed
        bounds = (place.start, place.start) if place else (job.release, self.end)
        start = self.model.new_int_var(*bounds, f"s{index}")
        end = self.model.new_int_var(*((place.end, place.end) if place else (0, self.end)), f"e{index}")
        self.model.add_hint(start, self.first[index].start)
        self.starts.append(start)
        self.ends.append(end)
        people = _people(job)
        self.doers.append({})
        if people:
            self.intervals.append(None)
            self._people(index, job, people)
        else:
            length = place.end - place.start if place else job.length
            self.model.add(end == start + length)
            self.intervals.append(self.model.new_fixed_size_interval_var(start, length, f"i{index}"))

    def _people(self, index: int, job: PlannedJob, people: Sequence[int]) -> None:
        for person in people:
            worked = [int(slot) for slot in self.project.worked[person] if slot < self.end]
            does = self.model.new_bool_var(f"d{index}.{person}")
            self.model.add_hint(does, self.first[index].person == person)
            self.doers[index][person] = does
            if job.fixed:
                continue
            if len(worked) < job.length or not worked:
                self.model.add(does == 0)
                continue
            at = self.model.new_int_var(0, len(worked) - job.length, f"k{index}.{person}")
            begins, ends = (self.model.new_int_var(0, self.end, f"{n}{index}.{person}") for n in "be")
            self.model.add_element(at, worked, begins)
            self.model.add_element(at, [slot + 1 for slot in worked[max(job.length - 1, 0) :]], ends)
            self.model.add(self.starts[index] == begins).only_enforce_if(does)
            self.model.add(self.ends[index] == ends).only_enforce_if(does)
            self.rows[person].append(
                self.model.new_optional_fixed_size_interval_var(at, job.length, does, f"p{index}.{person}")
            )
        self.model.add_exactly_one(self.doers[index].values())
        if job.fixed and people:
            self._fixed_row(job, people[0])

    def _fixed_row(self, job: PlannedJob, person: int) -> None:
        place = job.fixed
        if place is None:
            return
        slots = [at for at, slot in enumerate(self.project.worked[person]) if place.start <= slot < place.end]
        if slots:
            self.rows[person].append(self.model.new_fixed_size_interval_var(slots[0], len(slots), job.name))

    def _links(self, index: int, job: PlannedJob) -> None:
        for link in job.after:
            if job.fixed and self.project.jobs[link.job].fixed:
                continue
            self.model.add(self.starts[index] >= self.ends[link.job] + link.min_lag)
            if link.max_lag is not None:
                self.model.add(self.starts[index] <= self.ends[link.job] + link.max_lag)
        for reviewed in job.other_than:
            for person, does in self.doers[index].items():
                if person in self.doers[reviewed]:
                    self.model.add(does + self.doers[reviewed][person] <= 1)

    def _aim(self) -> None:
        whole = self.model.new_int_var(0, self.end, "whole")
        self.model.add_max_equality(whole, self.ends)
        late = []
        for index, job in enumerate(self.project.jobs):
            if job.due is not None:
                over = self.model.new_int_var(0, self.end, f"l{index}")
                self.model.add(over >= self.ends[index] - job.due)
                late.append(over)
        self.model.minimize(whole + LATE_WEIGHT * sum(late))

    def read(self, solver: cp_model.CpSolver) -> Schedule:
        """Give what was found."""
        return [
            Placed(
                solver.value(start),
                solver.value(end),
                next((person for person, does in doers.items() if solver.boolean_value(does)), None),
            )
            for start, end, doers in zip(self.starts, self.ends, self.doers, strict=True)
        ]
