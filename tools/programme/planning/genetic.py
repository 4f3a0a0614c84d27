"""Shorter plans of machines by a genetic search: lists of jobs crossed, each schedule justified.

Valls, Ballestin and Quintanilla (2008), A hybrid genetic algorithm for the resource-constrained project
scheduling problem, European Journal of Operational Research 185, 495-508; two-point crossover of lists:
Hartmann (1998), Naval Research Logistics 45, 733-750.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

import numpy as np

from tools.programme.planning.compiled import Keys, Network, Numbers
from tools.programme.planning.project import Placed, Project, Schedule, makespan

POPULATION: Final = 100
SECONDS_A_JOB: Final = 60e-6  # of a generation
BUSY_FACTOR: Final = 12.0  # times that a busy machine may take
NOISE: Final = 0.3  # of the first lists, as a share of what is left behind a job
SHIFT: Final = 0.04  # of a list's jobs that a mutation moves
FAR: Final = 0.1  # how far, as a share of the list
FRESH: Final = 0.1  # of each generation that is drawn anew


def improve(project: Project, first: Schedule, *, seconds: float) -> Schedule:
    """Give the shortest schedule of so many seconds of a quiet machine; it ends where none can be shorter.

    It is as many generations on any machine, so that the plan is the same; a busy one stops at
    BUSY_FACTOR times the seconds.
    """
    search, least = _Search(project, first), max(project.tails, default=0)
    most = 1 + int(seconds / (SECONDS_A_JOB * max(1, len(project.jobs))))
    until = time.monotonic() + seconds * BUSY_FACTOR
    for number, shortest in enumerate(search.generations()):
        if shortest <= least or number >= most or time.monotonic() > until:
            break
    return search.schedule()


class _Search:
    """A population of schedules: when their jobs end, the shortest first."""

    def __init__(self, project: Project, first: Schedule) -> None:
        self.project, self.network = project, Network.of(project)
        self.dice = np.random.default_rng(len(project.jobs))
        self.people: Numbers = np.array([[place.end for place in first]], dtype=np.int64)
        self.marks = self.dice.random(len(first))  # a schedule's sum of them tells it from another

    def generations(self) -> Iterator[int]:
        """Give the shortest makespan, generation after generation."""
        yield makespan(self.schedule())
        self._keep(self._justified(self.network.ends(self._fresh(POPULATION))))
        while True:
            yield int(self.people[0].max())
            self._keep(self._justified(self.network.ends(self._children())))

    def schedule(self) -> Schedule:
        """Give the best schedule."""
        pairs = zip(self.project.jobs, map(int, self.people[0]), strict=True)
        return [Placed(end - job.length, end) for job, end in pairs]

    def _fresh(self, count: int) -> Keys:
        tails = np.array(self.project.tails, dtype=np.float64) - self.network.lengths
        return -tails * (1 + NOISE * self.dice.standard_normal((count, len(tails))))

    def _justified(self, ends: Numbers) -> Numbers:
        """Push every schedule to its right end, then to its left: never longer than it was."""
        right = self.network.mirrored.ends(-ends.astype(np.float64))
        return self.network.ends(-right.astype(np.float64))

    def _keep(self, born: Numbers) -> None:
        every = np.vstack((self.people, born))
        _, once = np.unique(every @ self.marks, return_index=True)
        every = every[once]
        spread = every.max(axis=1) + self._mean(every)
        self.people = every[np.argsort(spread, kind="stable")[:POPULATION]]

    @staticmethod
    def _mean(ends: Numbers) -> Keys:
        """Give a number below 1 that is less where jobs end sooner: it decides between equal makespans."""
        mean: Keys = ends.mean(axis=1) / (ends.max(axis=1) + 1)
        return mean

    def _children(self) -> Keys:
        count, jobs = self.people.shape
        ranks = (self.people - self.network.lengths).argsort(axis=1, kind="stable").argsort(axis=1)
        chosen = np.minimum(*self.dice.integers(0, count, (2, 2, POPULATION)))
        mother, father = ranks[chosen[0]], ranks[chosen[1]]
        cuts = np.sort(self.dice.integers(0, jobs + 1, (2, POPULATION, 1)), axis=0)
        head = mother < cuts[0]
        rest = np.where(head, 2 * jobs, father).argsort(axis=1, kind="stable").argsort(axis=1)
        middle = ~head & (rest < cuts[1] - cuts[0])
        keys = np.where(head, mother, np.where(middle, jobs + father, 2 * jobs + mother))
        order = keys.argsort(axis=1).argsort(axis=1)
        return self._mutated(order.astype(np.float64))

    def _mutated(self, order: Keys) -> Keys:
        moved = self.dice.random(order.shape) < SHIFT
        order += moved * self.dice.standard_normal(order.shape) * FAR * order.shape[1]
        fresh = int(POPULATION * FRESH)
        order[:fresh] = self._fresh(fresh)
        return order
