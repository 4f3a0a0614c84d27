"""What only follows from load: more requests, and the resources that they take, are no fault of a service."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from tools.incidents.systems import log_silence, scores
from tools.investigation.observation import Observation

HEADROOM: Final = 1.25  # times what load grew by: a resource that grew by no more was taken by it
GREW: Final = 1.2  # times as many requests, or as few, from which load explains anything
ASKED: Final = (
    2.0  # robust deviations of a load that may explain something: less than of what has to be explained
)
_NONE: Final = 1e-6  # of the load before, where none is left
_LOAD: Final = re.compile(r"request|rps|qps|calls|throughput|traffic|load", re.IGNORECASE)
_NO_LOAD: Final = re.compile(r"lat|duration|seconds|error|fail|mean|5\d\d|timeout", re.IGNORECASE)
_COUNT: Final = re.compile(r"_count$")


def is_load(item: Observation) -> bool:
    """Say whether a series counts what a service is asked, not how it answers."""
    labels = str(item.details.get("labels", ""))
    if _COUNT.search(item.what) and not _NO_LOAD.search(labels):
        return True
    return bool(_LOAD.search(item.what)) and not _NO_LOAD.search(f"{item.what} {labels}")


def growth(observations: Iterable[Observation], service: str) -> float:
    """Give by which factor a service is asked more, or less; 1 where its load did not move."""
    factors = [
        max(float(item.value) / float(item.expected), _NONE)
        for item in observations
        if item.node == service and is_load(item) and abs(item.deviation) >= ASKED
        if item.value is not None and item.expected and item.value * item.expected >= 0
    ]
    return max(factors, key=lambda factor: abs(math.log(factor)), default=1.0)


class Moves(NamedTuple):
    """Of each node, what load does not explain: its farthest series, and its two farthest together."""

    farthest: dict[str, float]
    together: dict[str, float]


def unexplained(observations: Sequence[Observation]) -> Moves:
    """Give of each node what deviates, without what only follows from how much it is asked.

    A node of which load alone moved, and what load takes, keeps 0: it is a victim.
    """
    grew = {node: growth(observations, node) for node in {item.node for item in observations}}
    series: dict[str, dict[str, float]] = {node: {"": 0.0} for node in grew}
    for item in observations:
        if not _is_explained(item, grew[item.node]):
            moved = series[item.node]
            moved[item.what] = max(moved.get(item.what, 0.0), item.deviation, key=abs)
    orders = {node: sorted(moved.values(), key=abs, reverse=True) for node, moved in series.items()}
    return Moves(
        {node: order[0] for node, order in orders.items()},
        {node: math.hypot(*order[:2]) for node, order in orders.items()},
    )


def _is_explained(item: Observation, grew: float) -> bool:
    if is_load(item):
        return True
    if 1 / GREW < grew < GREW or item.value is None or not item.expected:
        return False
    if item.what == log_silence.LINES:
        return grew < 1 / GREW
    takes, factor = any(part in item.what for part in scores.RESOURCES), item.value / item.expected
    return takes and min(1.0, grew / HEADROOM) <= factor <= max(1.0, grew * HEADROOM)
