"""The serial list rule for projects of machines alone, compiled by numba: some ten thousand plans a second.

Serial schedule generation: Kolisch (1996), European Journal of Operational Research 90, 320-333.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from tools.programme.planning.project import Project

Numbers = NDArray[np.int64]
Keys = NDArray[np.float64]


def installed() -> bool:
    """Say whether the compiler is there."""
    return find_spec("numba") is not None


@dataclass(frozen=True)
class Network:
    """A project as arrays; `behind[first[a]:first[a + 1]]` are the jobs that wait for a."""

    lengths: Numbers
    needs: Numbers
    capacities: Numbers
    first: Numbers
    behind: Numbers
    waiting: Numbers

    @classmethod
    def of(cls, project: Project) -> Self:
        """Give a project's arrays."""
        size = len(project.capacities)
        return cls(
            np.array([job.length for job in project.jobs], dtype=np.int64),
            np.array([[*job.needs, *[0] * (size - len(job.needs))] for job in project.jobs], dtype=np.int64),
            np.array(project.capacities, dtype=np.int64),
            *_links([[after for after, _ in links] for links in project.followers]),
        )

    @cached_property
    def mirrored(self) -> Network:
        """Give the network in which time runs backwards."""
        before: list[list[int]] = [[] for _ in self.lengths]
        for job, (begin, end) in enumerate(zip(self.first, self.first[1:], strict=False)):
            for follower in self.behind[begin:end]:
                before[follower].append(job)
        return Network(self.lengths, self.needs, self.capacities, *_links(before))

    def ends(self, keys: Keys) -> Numbers:
        """Give when each job ends (a row for each row of keys); what may start goes by its key."""
        ends: Numbers = _compiled()(
            keys, self.lengths, self.needs, self.capacities, self.first, self.behind, self.waiting
        )
        return ends


def _links(behind: list[list[int]]) -> tuple[Numbers, Numbers, Numbers]:
    first = np.cumsum([0, *map(len, behind)], dtype=np.int64)
    flat = np.array([job for jobs in behind for job in jobs], dtype=np.int64)
    return first, flat, np.bincount(flat, minlength=len(behind)).astype(np.int64)


@cache
def _compiled() -> Callable[..., Any]:
    from numba import njit

    compiled: Callable[..., Any] = njit(cache=True, nogil=True)(_every_end)
    return compiled


def _every_end(  # noqa: C901, PLR0912, PLR0917 - one nest of loops, compiled as a whole
    keys: Keys,
    lengths: Numbers,
    needs: Numbers,
    capacities: Numbers,
    first: Numbers,
    behind: Numbers,
    waiting_for: Numbers,
) -> Numbers:
    """Place the jobs of each row; plain loops, as the compiler wants them."""
    rows, count = keys.shape
    resources, horizon = len(capacities), lengths.sum() + 1
    ends = np.zeros((rows, count), dtype=np.int64)
    free = np.empty((horizon, resources), dtype=np.int64)
    ready = np.empty(count, dtype=np.int64)
    soonest = np.empty(count, dtype=np.int64)
    for row in range(rows):
        for slot in range(horizon):
            for resource in range(resources):
                free[slot, resource] = capacities[resource]
        waiting = waiting_for.copy()
        soonest[:] = 0
        many = 0
        for job in range(count):
            if waiting[job] == 0:
                ready[many] = job
                many += 1
        while many:
            at = 0
            for place in range(1, many):
                if keys[row, ready[place]] < keys[row, ready[at]]:
                    at = place
            job = ready[at]
            many -= 1
            ready[at] = ready[many]
            begin = soonest[job]
            slot = begin
            while slot < begin + lengths[job]:
                for resource in range(resources):
                    if free[slot, resource] < needs[job, resource]:
                        begin = slot + 1
                        break
                slot += 1
            for slot in range(begin, begin + lengths[job]):
                for resource in range(resources):
                    free[slot, resource] -= needs[job, resource]
            end = begin + lengths[job]
            ends[row, job] = end
            for link in range(first[job], first[job + 1]):
                follower = behind[link]
                soonest[follower] = max(soonest[follower], end)
                waiting[follower] -= 1
                if waiting[follower] == 0:
                    ready[many] = follower
                    many += 1
    return ends
