"""Subsets of a few amounts that sum to a target, over a bounded number of items.

Few items are tried at once for many targets, as one product of matrices. More are met in the middle: Horowitz
and Sahni, "Computing Partitions with Applications to the Knapsack Problem" (1974): the sums of each half,
2**(n/2) of them, are sorted and searched for the complement.
"""

from __future__ import annotations

from functools import cache
from math import comb
from typing import Final

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]

LEAST: Final = 2  # items of a sum
FEW: Final = 10  # items that are tried together: 1,024 subsets a target
MOST: Final = 24  # items: 4,096 sums a half
_ENOUGH: Final = 64  # subsets; beyond that the sum says nothing
_BATCH: Final = 100  # targets at once: what a processor's cache holds


def subsets(values: Index, target: int, *, most: int = MOST) -> list[Index]:
    """Give the positions of every subset of LEAST to `most` values that sums to `target`, smallest first.

    Takes at most MOST values (minor units, any sign) and gives at most 64 subsets: of sizes that there are
    fewest of, for they are least likely accidents.
    """
    if not LEAST <= len(values) <= MOST:
        return []
    half = len(values) // 2
    low, high = _sums(values[:half]), _sums(values[half:])
    order = np.argsort(high, kind="stable")
    first = np.searchsorted(high[order], target - low)
    count = np.searchsorted(high[order], target - low, "right") - first
    hits = np.flatnonzero(count)
    masks = [
        int(at) | int(complement) << half
        for at in hits
        for complement in order[first[at] : first[at] + min(count[at], _ENOUGH)]
    ]
    fitting = [(mask.bit_count(), mask) for mask in masks if LEAST <= mask.bit_count() <= most]
    rarest = sorted(fitting, key=lambda subset: (comb(len(values), subset[0]), subset))[:_ENOUGH]
    return [_positions(mask) for _, mask in sorted(rarest)]


def subsets_of_many(
    values: Index, targets: Index, within: Index
) -> tuple[Index, NDArray[np.bool_], NDArray[np.bool_]]:
    """Find for each row of `values` (targets x items, at most FEW) the subsets that come near its target.

    within: by how much a row's sum may miss. Gives rows, subsets (sums x items) and which of them hit.
    """
    masks = _masks(values.shape[1])
    parts = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, bool))]
    for start in range(0, len(values), _BATCH):
        batch = slice(start, start + _BATCH)
        over = _gaps(values[batch], targets[batch] - within[batch])
        near = over.view(np.uint64) <= 2 * within[batch, None].astype(np.uint64)  # below 0 is beyond any
        row, mask = np.divmod(np.flatnonzero(near), len(masks))
        parts.append((row + start, mask, over[row, mask] == within[batch][row]))
    row, at, hits = (np.concatenate(part) for part in zip(*parts, strict=True))
    several = masks[at].sum(axis=1) >= LEAST
    return row[several], masks[at[several]].astype(bool), hits[several]


def _gaps(values: Index, targets: Index) -> Index:
    """Give what each row's subsets sum to, less its target: with every item twice as many."""
    gap = np.empty((len(values), 1 << values.shape[1]), np.int64)
    gap[:, 0] = -targets
    for item in range(values.shape[1]):
        size = 1 << item
        np.add(gap[:, :size], values[:, item, None], out=gap[:, size : 2 * size])
    return gap


def runs(values: Index, target: int, *, most: int = MOST) -> list[Index]:
    """Give the positions of every unbroken run of values that sums to `target`."""
    total = np.concatenate([[0], np.cumsum(values)])
    return [
        np.arange(start, start + length)
        for length in range(LEAST, min(most, len(values)) + 1)
        for start in np.flatnonzero(total[length:] - total[:-length] == target)
    ]


@cache
def _masks(items: int) -> Index:
    return np.arange(1 << items, dtype=np.int64)[:, None] >> np.arange(items) & 1


def _sums(values: Index) -> Index:
    sums = np.zeros(1, dtype=np.int64)
    for value in values:
        sums = np.concatenate([sums, sums + value])
    return sums


def _positions(mask: int) -> Index:
    return np.array([at for at in range(mask.bit_length()) if mask >> at & 1], dtype=np.int64)
