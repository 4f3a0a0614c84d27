"""The serial list rule: job after job, each at the first place where it fits.

Serial schedule generation: Kolisch (1996), European Journal of Operational Research 90, 320-333.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tools.programme.planning.project import Placed, PlannedJob, Project, Schedule

_MOST_ROUNDS = 30
_BITS, _A_WORD = 15, 4  # bits of a resource, resources in a word
_GUARD = 1 << (_BITS - 1)


class NobodyError(ValueError):
    """A job that nobody may do."""

    def __init__(self, job: PlannedJob) -> None:
        super().__init__(job.name)
        self.job = job


def schedule(project: Project, priority: Sequence[float]) -> Schedule:
    """Place every job, of those that may be placed always the one of the least priority.

    Where a job stands too long after what it follows (max_lag), that is placed anew, later.
    Raises NobodyError.
    """
    release = [job.release for job in project.jobs]
    placed: list[Placed] = []
    for _ in range(_MOST_ROUNDS):
        placed = _once(project, priority, release)
        late = list(_too_late(project, placed))
        if not late:
            break
        for job, at in late:
            release[job] = max(release[job], at)
    return placed


def _once(project: Project, priority: Sequence[float], release: Sequence[int]) -> list[Placed]:
    jobs, board = project.jobs, _Board(project)
    waiting = [len(job.after) for job in jobs]
    soonest = list(release)
    placed: list[Placed | None] = [None] * len(jobs)
    for index, job in enumerate(jobs):
        if job.fixed:
            placed[index] = job.fixed
            board.take(index, job.fixed)
    ready = [(priority[index], index) for index, count in enumerate(waiting) if not count]
    heapq.heapify(ready)
    while ready:
        _, index = heapq.heappop(ready)
        place = placed[index]
        if place is None:
            place = board.put(index, soonest[index])
            placed[index] = place
        for follower, lag in project.followers[index]:
            soonest[follower] = max(soonest[follower], place.end + lag)
            waiting[follower] -= 1
            if not waiting[follower]:
                heapq.heappush(ready, (priority[follower], follower))
    return [place for place in placed if place is not None]


def _too_late(project: Project, placed: Sequence[Placed]) -> list[tuple[int, int]]:
    """Give what is to start later, and when, so that what follows it does so in time."""
    late = []
    for index, job in enumerate(project.jobs):
        for link in job.after:
            if link.max_lag is None or project.jobs[link.job].fixed:
                continue
            over = placed[index].start - placed[link.job].end - link.max_lag
            if over > 0:
                late.append((link.job, placed[link.job].start + over))
    return late


class _Shared:
    """What is free of the shared resources: several of them packed into one word, a guard bit above each.

    A place is short where taking the need from the word clears a guard bit: one subtraction for all of them.
    """

    def __init__(self, project: Project) -> None:
        capacities = project.capacities
        self._words = [
            range(first, len(capacities))[:_A_WORD] for first in range(0, len(capacities), _A_WORD)
        ]
        self._guards = [self._packed([_GUARD] * len(capacities), word) for word in self._words]
        self._free = [
            np.full(project.horizon, self._packed(capacities, word) + guard, dtype=np.int64)
            for word, guard in zip(self._words, self._guards, strict=True)
        ]
        self._needs = [[self._packed(job.needs, word) for word in self._words] for job in project.jobs]
        self._top = 0  # from here on nothing is taken

    @staticmethod
    def _packed(values: Sequence[int], word: range) -> int:
        return sum(values[at] << (_BITS * place) for place, at in enumerate(word) if at < len(values))

    def first(self, index: int, length: int, soonest: int) -> int:
        """Give the first slot, from one on, at which a job fits."""
        short: NDArray[np.bool_] | None = None
        for free, guard, need in zip(self._free, self._guards, self._needs[index], strict=True):
            if need:
                lacks = ((free[soonest : self._top] - need) & guard) != guard
                short = lacks if short is None else short | lacks
        return soonest if short is None else soonest + _first_run(short, length)

    def take(self, index: int, place: Placed) -> None:
        """Take what a job needs while it runs."""
        self._top = max(self._top, place.end)
        for free, need in zip(self._free, self._needs[index], strict=True):
            if need:
                free[place.start : place.end] -= need


class _Board:
    """What is taken of the shared resources and of people's time."""

    def __init__(self, project: Project) -> None:
        self.project, self.shared = project, _Shared(project)
        self.busy = [np.zeros(len(worked), dtype=np.bool_) for worked in project.worked]
        self.load = [0] * len(project.worked)
        self.person_of: dict[int, int] = {}

    def put(self, index: int, soonest: int) -> Placed:
        """Place a job at the first place from a slot on."""
        job = self.project.jobs[index]
        if job.people:
            place = self._person(index, job, soonest)
        else:
            start = self.shared.first(index, job.length, soonest) if job.length else soonest
            place = Placed(start, start + job.length)
        self.take(index, place)
        return place

    def take(self, index: int, place: Placed) -> None:
        """Note what a placed job takes."""
        if place.person is None:
            self.shared.take(index, place)
            return
        worked = self.project.worked[place.person]
        begin, end = np.searchsorted(worked, (place.start, place.end))
        self.busy[place.person][begin:end] = True
        self.load[place.person] += self.project.jobs[index].length
        self.person_of[index] = place.person

    def _person(self, index: int, job: PlannedJob, soonest: int) -> Placed:
        jobs, apart = self.project.jobs, self.project.apart[index]
        busy = {self.person_of[reviewed] for reviewed in apart if reviewed in self.person_of}
        # Whoever alone may do what is to be independent of this is kept for that.
        busy |= {jobs[reviewed].people[0] for reviewed in apart if len(jobs[reviewed].people) == 1}
        places = [
            (place.end, self.load[person], person, place)
            for person in job.people
            if person not in busy and (place := self._of(person, job, soonest))
        ]
        if not places:
            raise NobodyError(job)
        return min(places, key=lambda each: each[:3])[3]

    def _of(self, person: int, job: PlannedJob, soonest: int) -> Placed | None:
        worked = self.project.worked[person]
        begin = int(np.searchsorted(worked, soonest))
        if not job.length:
            return Placed(soonest, soonest, person)
        at = begin + _first_run(self.busy[person][begin:], job.length)
        if at + job.length > len(worked):
            return None
        return Placed(int(worked[at]), int(worked[at + job.length - 1]) + 1, person)


def _first_run(short: NDArray[np.bool_], length: int) -> int:
    """Give where the first run of so many slots begins in which nothing is short."""
    bad = short.nonzero()[0]
    if not len(bad) or bad[0] >= length:
        return 0
    gaps = ((bad[1:] - bad[:-1]) > length).nonzero()[0]
    return int(bad[gaps[0]]) + 1 if len(gaps) else int(bad[-1]) + 1
