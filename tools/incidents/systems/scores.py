"""How far a series moved, beside what it did before: robust, with a floor that quiet series do not pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

Series = np.ndarray[Any, np.dtype[np.float64]]
_IQR: Final = 1.349  # of a normal distribution: interquartile range by standard deviation
_FLOOR: Final = 0.02  # of the median: no series is steadier than this
_LEAST: Final = 1e-6
MEMORY_DRIVES: Final = 0.05  # of the CPU's deviation: as much of memory's makes memory the cause
ENOUGH: Final = 4
MOVED: Final = 3.0  # robust deviations
SURE: Final = 10.0  # the same of what is plain without a figure
GONE: Final = 100.0  # the same of a service that is there no more: as far as anything moves
FIRST: Final = 6  # of the time since: an incident shows in its first sixth, ten minutes of an hour
_MAD: Final = 1.4826  # of a normal distribution: its standard deviation by its median absolute deviation
_TENTH: Final = 1.2816  # of a normal distribution: its ninth decile in standard deviations
_OUTLIER: Final = 3.0  # times the highest usual swing
RESOURCES: Final = ("mem", "cpu", "disk", "conn")


def deviation(before: Sequence[float], after: Sequence[float]) -> float:
    """Give by how many robust standard deviations the median moved; 0 where there is too little to say."""
    quiet, now = _numbers(before), _numbers(after)
    if len(quiet) < ENOUGH or not len(now):
        return 0.0
    level = float(np.median(quiet))
    spread = float(np.percentile(quiet, 75) - np.percentile(quiet, 25)) / _IQR
    scale = spread + _FLOOR * abs(level) + _LEAST
    return float((np.median(now) - level) / scale)


def since(before: Sequence[float], after: Sequence[float]) -> float:
    """Give the same of an incident: of all the time since, or of its first part where it is over again.

    A first part counts where it moved twice as far as any part of the quiet time that is as long.
    """
    whole, first = deviation(before, after), after[: len(after) // FIRST]
    if abs(whole) >= MOVED or len(first) < ENOUGH:
        return whole
    parts = [before[at : at + len(first)] for at in range(0, len(before) - len(first) + 1, len(first))]
    farthest = max((abs(deviation(before, part)) for part in parts), default=0.0)
    begun = deviation(before, first)
    return begun if abs(begun) > max(abs(whole), 2 * farthest) else whole


def level_since(before: Sequence[float], after: Sequence[float]) -> float:
    """Give the median that `since` is about: of all the time since, or of its first part."""
    first = after[: len(after) // FIRST]
    return middle(after if since(before, after) == deviation(before, after) else first)


def control_deviation(before: Sequence[float]) -> float | None:
    """Give by how much a series moved between the halves of its quiet time; None where it is too short."""
    half = len(before) // 2
    if half < 2 * ENOUGH:
        return None
    return abs(deviation(before[:half], before[half:]))


def rise(window: Sequence[float], usual: Sequence[Sequence[float]]) -> float:
    """Give by how much more a window rises within itself than windows usually do, in robust deviations.

    For where what is normal now is not known, only how windows of this length behave: the second highest
    point over the second lowest, against the same of usual windows. What lasts for a single point is noise,
    unless it rises three times as far as in any usual window.
    """
    lasting = _beyond(window, usual, 2)
    if lasting >= MOVED:
        return lasting
    own, highest = _swing(window, 1), max((_swing(item, 1) or 0.0 for item in usual), default=0.0)
    single = _beyond(window, usual, 1) if own is not None and own > _OUTLIER * highest else 0.0
    return max(lasting, single)


def middle(values: Sequence[float]) -> float:
    """Give the median of the numbers among values; 0 where there is none."""
    numbers = _numbers(values)
    return float(np.median(numbers)) if len(numbers) else 0.0


def begins(times: Sequence[float], values: Sequence[float]) -> float | None:
    """Give when a series changed, by the one change point that explains most of it; None where none does.

    Of what is over again, that may be its end: it began where the time before changed by twice as much.
    """
    numbers = _numbers(values)
    if len(numbers) < 2 * ENOUGH:
        return None
    moments = np.asarray(times)[~np.isnan(np.asarray(values, dtype=np.float64))]
    at = _change_point(numbers)
    if at >= 2 * ENOUGH:
        earlier = _change_point(numbers[:at])
        usual = float(np.median(numbers[:earlier]))
        was, stays = (abs(float(part.mean()) - usual) for part in (numbers[earlier:at], numbers[at:]))
        if earlier >= ENOUGH and was > 2 * stays:  # a few odd points at the beginning are no usual
            at = earlier
    return float(moments[at])


def _change_point(numbers: Series) -> int:
    left = np.cumsum(numbers)[:-1]
    count = np.arange(1, len(numbers))
    right = numbers.sum() - left
    return int(np.argmax(left**2 / count + right**2 / (len(numbers) - count))) + 1


def by_resource(deviations: Mapping[str, float]) -> list[tuple[str, float]]:
    """Order a service's metrics: resources before what they slow down, short memory before the CPU."""
    order = sorted(deviations.items(), key=lambda item: (-abs(item[1]), item[0]))
    moved = [pair for pair in order if abs(pair[1]) >= MOVED]
    resources = [pair for pair in moved if any(part in pair[0] for part in RESOURCES)]
    order = [*resources, *(pair for pair in order if pair not in resources)]
    memory = max((item for item in order if "mem" in item[0]), key=lambda item: abs(item[1]), default=None)
    cpu = max((item for item in order if "cpu" in item[0]), key=lambda item: abs(item[1]), default=None)
    if memory and cpu and order[0] == cpu and abs(memory[1]) >= MEMORY_DRIVES * abs(cpu[1]):
        order.remove(memory)
        order.insert(0, memory)
    return order


def _beyond(window: Sequence[float], usual: Sequence[Sequence[float]], place: int) -> float:
    """Give a window's swing beyond usual ones; they are not normal, so their upper tail widens the scale."""
    own, others = _swing(window, place), (_swing(item, place) for item in usual)
    swings = _numbers([swing for swing in others if swing is not None])
    if own is None or len(swings) < ENOUGH:
        return 0.0
    usual_swing = float(np.median(swings))
    spread = _MAD * float(np.median(np.abs(swings - usual_swing)))
    tail = (float(np.percentile(swings, 90)) - usual_swing) / _TENTH
    level = abs(float(np.median(_numbers(window))))
    return (own - usual_swing) / (max(spread, tail) + _FLOOR * level + _LEAST)


def _swing(window: Sequence[float], place: int) -> float | None:
    """Give the first or second highest point over the second lowest; None of too few points."""
    numbers = np.sort(_numbers(window))
    return float(numbers[-place] - numbers[1]) if len(numbers) > place + 1 else None


def _numbers(values: Sequence[float]) -> Series:
    numbers = np.asarray(values, dtype=np.float64)
    return numbers[~np.isnan(numbers)]
