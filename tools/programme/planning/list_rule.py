"""The list rule, several times: what has to be ended soonest first, then with noise, each time justified.

Justification (right, then left) shortens what any rule gave: Valls, Ballestin and Quintanilla (2005),
European Journal of Operational Research 165, 375-386.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Final

from tools.programme.planning import parallel, serial
from tools.programme.planning.project import After, Placed, PlannedJob, Project, Schedule, lateness, makespan

WORK: Final = 1_000  # jobs placed, more or less, before the best so far is taken
MOST_PASSES: Final = 30
LEAST_PASSES: Final = 9
LARGE: Final = 300  # jobs from which one pass has to do
NOISE: Final = 0.3


def plan(project: Project) -> Schedule:
    """Give the best schedule of several passes; the same project gives the same schedule.

    Raises NobodyError.
    """
    count = len(project.jobs)
    passes = 1 if count > LARGE else max(LEAST_PASSES, min(MOST_PASSES, WORK // max(count, 1)))
    dice = random.Random(count)  # noqa: S311 - a seeded search is not cryptography
    soonest = [job.length - tail for job, tail in zip(project.jobs, project.tails, strict=True)]
    best: Schedule = []
    while passes > 0:
        noise = [dice.random() * NOISE for _ in range(count)] if best else [0.0] * count
        priority = [latest * (1 + extra) for latest, extra in zip(soonest, noise, strict=True)]
        tried, used = _justified(project, priority, passes)
        passes -= used
        best = min(best or tried, tried, key=partial(_worth, project))
        if is_best(project, best):
            break
    return best


def _justified(project: Project, priority: Sequence[float], passes: int) -> tuple[Schedule, int]:
    """Give a schedule, justified as long as that shortens it, and how many passes it took."""
    if not project.reversible:
        first = serial.schedule(project, priority)
        again = serial.schedule(project, [float(place.end) for place in first])
        return min(first, again, key=partial(_worth, project)), 2
    mirror = _mirrored(project)
    best, used = parallel.schedule(project, priority), 1
    while used < passes:
        right = serial.schedule(mirror, [-place.end for place in best])
        leftmost = serial.schedule(project, [-place.end for place in right])
        used += 2
        if makespan(leftmost) >= makespan(best):
            break
        best = leftmost
    return best, used


def is_best(project: Project, schedule: Schedule) -> bool:
    """Say whether a schedule is in time and as short as its longest chain: none can be better."""
    pairs = zip(project.jobs, project.tails, strict=True)
    least = max((job.release + tail for job, tail in pairs), default=0)
    return makespan(schedule) <= least and not lateness(project, schedule)


def _worth(project: Project, schedule: Schedule) -> tuple[int, int]:
    return lateness(project, schedule), makespan(schedule)


def _mirrored(project: Project) -> Project:
    """Give the project in which time runs backwards."""
    jobs: list[PlannedJob] = [
        replace(job, after=tuple(After(follower, lag) for follower, lag in project.followers[index]))
        for index, job in enumerate(project.jobs)
    ]
    return Project(tuple(jobs), project.capacities)


def broken(project: Project, schedule: Sequence[Placed]) -> list[str]:
    """Say where a schedule breaks what the project asks for; tests and plans from solvers are held to it."""
    problems = []
    for index, job in enumerate(project.jobs):
        place = schedule[index]
        for link in job.after:
            gap = place.start - schedule[link.job].end
            if gap < link.min_lag or (link.max_lag is not None and gap > link.max_lag):
                problems.append(f"{job.name} starts {gap} after {project.jobs[link.job].name}")
        problems += [
            f"{job.name} is done by whom it is to be independent of"
            for reviewed in job.other_than
            if place.person is not None and schedule[reviewed].person == place.person
        ]
        if place.start < job.release and not job.fixed:
            problems.append(f"{job.name} starts too soon")
    return problems + _overfull(project, schedule)


def _overfull(project: Project, schedule: Sequence[Placed]) -> list[str]:
    end = makespan(schedule)
    problems = []
    for resource, capacity in enumerate(project.capacities):
        used = [0] * (end + 1)
        for job, place in zip(project.jobs, schedule, strict=True):
            if place.person is None and resource < len(job.needs):
                for slot in range(place.start, place.end):
                    used[slot] += job.needs[resource]
        if max(used) > capacity:
            problems.append(f"resource {resource} is overfull")
    for person in range(len(project.worked)):
        mine = sorted(
            (place.start, place.end)
            for place in schedule
            if place.person == person and place.end > place.start
        )
        problems += [f"person {person} does two jobs at once" for a, b in pairwise(mine) if b[0] < a[1]]
    return problems
