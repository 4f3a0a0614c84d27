"""Subsets of a few amounts that sum to a target: meet in the middle, over a bounded number of items.

Horowitz and Sahni, "Computing Partitions with Applications to the Knapsack Problem" (1974): the sums of each
half, 2**(n/2) of them, are sorted and searched for the complement.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]

LEAST: Final = 2  # items of a sum
MOST: Final = 24  # items: 4,096 sums a half
_ENOUGH: Final = 64  # subsets; beyond that the sum says nothing


def subsets(values: Index, target: int, *, least: int = LEAST, most: int = MOST) -> list[Index]:
    """Give the positions of every subset of `least` to `most` values that sums to `target`, smallest first.

    Takes at most MOST values (minor units, any sign) and gives at most 64 subsets.
    """
    if not least <= len(values) <= MOST:
        return []
    half = len(values) // 2
    low, high = _sums(values[:half]), _sums(values[half:])
    order = np.argsort(high, kind="stable")
    first = np.searchsorted(high[order], target - low)
    count = np.searchsorted(high[order], target - low, "right") - first
    hits = np.flatnonzero(count)
    masks = [
        int(at) | int(other) << half
        for at in hits
        for other in order[first[at] : first[at] + min(count[at], _ENOUGH)]
    ]
    fitting = sorted((mask.bit_count(), mask) for mask in masks if least <= mask.bit_count() <= most)
    return [_positions(mask) for _, mask in fitting[:_ENOUGH]]


def runs(values: Index, target: int, *, least: int = LEAST, most: int = MOST) -> list[Index]:
    """Give the positions of every unbroken run of values that sums to `target`."""
    total = np.concatenate([[0], np.cumsum(values)])
    return [
        np.arange(start, start + length)
        for length in range(least, min(most, len(values)) + 1)
        for start in np.flatnonzero(total[length:] - total[:-length] == target)
    ]


def _sums(values: Index) -> Index:
    sums = np.zeros(1, dtype=np.int64)
    for value in values:
        sums = np.concatenate([sums, sums + value])
    return sums


def _positions(mask: int) -> Index:
    return np.array([at for at in range(mask.bit_length()) if mask >> at & 1], dtype=np.int64)
