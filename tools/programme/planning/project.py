"""A project to schedule: jobs of whole slots on shared resources and on people with times of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Slots = NDArray[np.int64]


@dataclass(frozen=True)
class After:
    """A job that has to end before, and how many slots later the next may start at the soonest and latest."""

    job: int
    min_lag: int = 0
    max_lag: int | None = None


@dataclass(frozen=True)
class PlannedJob:
    """A job. needs: of each shared resource. people: who may do it, none where machines do.

    release: not before this slot. due: to be ended by this slot. other_than: jobs whose person can't do it.
    fixed: where it stands already, as what runs or is done does.
    """

    name: str
    length: int
    needs: tuple[int, ...] = ()
    after: tuple[After, ...] = ()
    people: tuple[int, ...] = ()
    release: int = 0
    due: int | None = None
    other_than: tuple[int, ...] = ()
    fixed: Placed | None = None


@dataclass(frozen=True)
class Placed:
    """Where a job stands: [start, end) in slots, and who does it (None: a machine)."""

    start: int
    end: int
    person: int | None = None


Schedule = Sequence[Placed]


@dataclass(frozen=True)
class Project:
    """Jobs, capacities of the shared resources, and of each person the slots that they work, in order."""

    jobs: tuple[PlannedJob, ...]
    capacities: tuple[int, ...] = ()
    worked: tuple[Slots, ...] = field(default=(), repr=False)

    @cached_property
    def horizon(self) -> int:
        """Give a slot by which all is done whatever the order, people's time off included."""
        alone = sum(job.length + max((link.min_lag for link in job.after), default=0) for job in self.jobs)
        latest = max((max(job.release, job.fixed.end if job.fixed else 0) for job in self.jobs), default=0)
        by_people = max((int(slots[-1]) + 1 for slots in self.worked if len(slots)), default=0)
        return alone + max(latest, by_people) + 1

    @cached_property
    def reversible(self) -> bool:
        """Say whether time can run backwards: not where people, fixed places, dates or lags bind."""
        return not any(
            job.people or job.fixed or job.release or job.due is not None or _lags(job) for job in self.jobs
        )

    @cached_property
    def followers(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Give for each job those that wait for it, with the least lag."""
        after: list[list[tuple[int, int]]] = [[] for _ in self.jobs]
        for index, job in enumerate(self.jobs):
            for link in job.after:
                after[link.job].append((index, link.min_lag))
        return tuple(tuple(links) for links in after)

    @cached_property
    def apart(self) -> tuple[frozenset[int], ...]:
        """Give for each job those that another person has to do, whichever of the two says so."""
        others: list[set[int]] = [set(job.other_than) for job in self.jobs]
        for index, job in enumerate(self.jobs):
            for reviewed in job.other_than:
                others[reviewed].add(index)
        return tuple(map(frozenset, others))

    @cached_property
    def order(self) -> tuple[int, ...]:
        """Give the jobs so that each stands behind what it waits for."""
        waiting = [len(job.after) for job in self.jobs]
        ready = [index for index, count in enumerate(waiting) if not count]
        placed: list[int] = []
        while ready:
            index = ready.pop()
            placed.append(index)
            for follower, _ in self.followers[index]:
                waiting[follower] -= 1
                if not waiting[follower]:
                    ready.append(follower)
        return tuple(placed)

    @cached_property
    def tails(self) -> tuple[int, ...]:
        """Give for each job how many slots at least lie between its start and the end of all."""
        longest = [0] * len(self.jobs)
        for index in reversed(self.order):
            behind = max((lag + longest[after] for after, lag in self.followers[index]), default=0)
            longest[index] = self.jobs[index].length + behind
        return tuple(longest)


def _lags(job: PlannedJob) -> bool:
    return any(link.min_lag or link.max_lag is not None for link in job.after)


def lateness(project: Project, schedule: Schedule) -> int:
    """Give by how many slots all jobs together end after they are due."""
    return sum(
        max(0, place.end - job.due)
        for job, place in zip(project.jobs, schedule, strict=True)
        if job.due is not None
    )


def makespan(schedule: Schedule) -> int:
    """Give the slot at which the last job ends."""
    return max((placed.end for placed in schedule), default=0)
