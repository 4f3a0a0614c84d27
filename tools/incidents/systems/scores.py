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
RESOURCES: Final = ("mem", "cpu", "disk", "conn")


def deviation(before: Sequence[float], after: Sequence[float]) -> float:
    """Give by how many robust standard deviations the median moved; 0 where there is too little to say."""
    quiet, now = _numbers(before), _numbers(after)
    if len(quiet) < ENOUGH or not len(now):
        return 0.0
    middle = float(np.median(quiet))
    spread = float(np.percentile(quiet, 75) - np.percentile(quiet, 25)) / _IQR
    scale = spread + _FLOOR * abs(middle) + _LEAST
    return float((np.median(now) - middle) / scale)


def rise(window: Sequence[float], usual: Sequence[Sequence[float]]) -> float:
    """Give by how much more a window rises within itself than windows usually do, in robust deviations.

    For where what is normal now is not known, only how windows of this length behave: the highest point over
    the second lowest, against the same of usual windows.
    """
    own, swings_usual = _swing(window), [_swing(item) for item in usual]
    swings = _numbers([item for item in swings_usual if item is not None])
    if own is None or len(swings) < ENOUGH:
        return 0.0
    middle = float(np.median(swings))
    spread = 1.4826 * float(np.median(np.abs(swings - middle)))
    level = abs(float(np.nanmedian(_numbers(window))))
    return (own - middle) / (spread + _FLOOR * level + _LEAST)


def begins(times: Sequence[float], values: Sequence[float]) -> float | None:
    """Give when a series changed, by the one change point that explains most of it; None where none does."""
    numbers = np.asarray(values, dtype=np.float64)
    if len(numbers) < 2 * ENOUGH or np.isnan(numbers).any():
        return None
    left = np.cumsum(numbers)[:-1]
    count = np.arange(1, len(numbers))
    right = numbers.sum() - left
    between = left**2 / count + right**2 / (len(numbers) - count)
    at = int(np.argmax(between)) + 1
    return float(times[at])


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


def _swing(window: Sequence[float]) -> float | None:
    numbers = np.sort(_numbers(window))
    return float(numbers[-1] - numbers[1]) if len(numbers) > 2 else None  # noqa: PLR2004 - two calm points and one


def _numbers(values: Sequence[float]) -> Series:
    numbers = np.asarray(values, dtype=np.float64)
    return numbers[~np.isnan(numbers)]
