"""The parallel list rule: slot after slot, all that fits starts. For projects of machines alone.

Parallel schedule generation: Kolisch (1996), European Journal of Operational Research 90, 320-333.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

from tools.programme.planning.project import Placed, Project, Schedule


def schedule(project: Project, priority: Sequence[float]) -> Schedule:
    """Start at every slot at which a job ends all that fits, the least priority first."""
    rule = _Rule(project, priority)
    placed = dict(rule.steps())
    return [placed[index] for index in range(len(project.jobs))]


class _Rule:
    """Which jobs may start, which run until when, and what is free."""

    def __init__(self, project: Project, priority: Sequence[float]) -> None:
        self.project, self.priority = project, priority
        self.free = list(project.capacities)
        self.waiting = [len(job.after) for job in project.jobs]
        self.running: list[tuple[int, int]] = []
        self.ready = sorted((priority[index], index) for index, count in enumerate(self.waiting) if not count)

    def steps(self) -> Iterator[tuple[int, Placed]]:
        """Give each job with its place."""
        now = 0
        while self.ready or self.running:
            yield from self._start(now)
            now = self.running[0][0]
            while self.running and self.running[0][0] <= now:
                self._end(heapq.heappop(self.running)[1])
            self.ready.sort()

    def _start(self, now: int) -> Iterator[tuple[int, Placed]]:
        waiting = []
        for entry in self.ready:
            job = self.project.jobs[entry[1]]
            if all(need <= free for need, free in zip(job.needs, self.free, strict=False)):
                self._take(job.needs, -1)
                heapq.heappush(self.running, (now + job.length, entry[1]))
                yield entry[1], Placed(now, now + job.length)
            else:
                waiting.append(entry)
        self.ready = waiting

    def _end(self, index: int) -> None:
        self._take(self.project.jobs[index].needs, 1)
        for follower, _ in self.project.followers[index]:
            self.waiting[follower] -= 1
            if not self.waiting[follower]:
                self.ready.append((self.priority[follower], follower))

    def _take(self, needs: Sequence[int], sign: int) -> None:
        for resource, need in enumerate(needs):
            self.free[resource] += sign * need
