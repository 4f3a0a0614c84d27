"""What a plan's finish may become: draws of durations over the plan's own order; critical path and slack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tools.programme.planning.project import Project, Schedule, makespan

DRAWS: Final = 1_000


@dataclass(frozen=True)
class Chain:
    """Which jobs hold which: those that they wait for, and whose people or machines they take over."""

    before: tuple[tuple[tuple[int, int], ...], ...]  # (job, least lag)
    order: tuple[int, ...]


def chain(project: Project, schedule: Schedule) -> Chain:
    """Find what holds each job in this plan."""
    order = sorted(
        range(len(schedule)), key=lambda index: (schedule[index].start, schedule[index].end, index)
    )
    before: list[list[tuple[int, int]]] = [
        [(link.job, link.min_lag) for link in job.after] for job in project.jobs
    ]
    last: dict[int, int] = {}
    for index in order:
        person = schedule[index].person
        if person is not None:
            if person in last:
                before[index].append((last[person], 0))
            last[person] = index
    for index, job in enumerate(project.jobs):
        if schedule[index].person is None and any(job.needs):
            before[index] += [
                (earlier, 0)
                for earlier in order
                if schedule[earlier].end == schedule[index].start
                and schedule[earlier].person is None
                and any(min(a, b) for a, b in zip(job.needs, project.jobs[earlier].needs, strict=False))
            ]
    return Chain(tuple(map(tuple, before)), tuple(order))


def slack(project: Project, schedule: Schedule, critical: Chain) -> list[int]:
    """Give for each job by how many slots it may end later without moving the end of all."""
    whole = makespan(schedule)
    latest = [whole] * len(schedule)
    for index in reversed(critical.order):
        place = schedule[index]
        begins = latest[index] - (place.end - place.start)
        for earlier, lag in critical.before[index]:
            latest[earlier] = min(latest[earlier], begins - lag)
    del project
    return [late - place.end for late, place in zip(latest, schedule, strict=True)]


def finishes(
    project: Project, schedule: Schedule, critical: Chain, spread: Sequence[tuple[float, float, float]]
) -> Mapping[str, int]:
    """Draw durations between low and high around the likely ones; give the finish's P50 and P80 in slots.

    spread: low, likely and high of each job as shares of its planned length (triangular draws).
    """
    planned = np.array([place.end - place.start for place in schedule], dtype=float)[:, None]
    low, likely, high = (column[:, None] for column in np.array(spread, dtype=float).reshape(-1, 3).T)
    dice = np.random.default_rng(1)
    durations = planned * dice.triangular(low, likely, np.maximum(high, low + 1e-9), (len(schedule), DRAWS))
    ends = np.zeros((len(schedule), DRAWS))
    for index in critical.order:
        begins = np.full(DRAWS, float(project.jobs[index].release))
        for earlier, lag in critical.before[index]:
            np.maximum(begins, ends[earlier] + lag, out=begins)
        ends[index] = begins + durations[index]
    whole = ends.max(axis=0) if len(schedule) else np.zeros(1)
    return {"p50": int(np.ceil(np.quantile(whole, 0.5))), "p80": int(np.ceil(np.quantile(whole, 0.8)))}
