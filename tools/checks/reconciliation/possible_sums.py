"""How many sums are possible: ways to choose the items of a sum, and different sums that they can make.

A sum that hits its target says as much as there are fewer ways to choose than different sums to hit. The sums
of all subsets lie around half of the whole like a normal distribution whose deviation is half the root of the
sum of squares; it is as good as five of them wide.
"""

from __future__ import annotations

from functools import cache
from math import comb
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation.subset_sums import LEAST

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_WIDTH: Final = 1.25  # of the sums, in roots of the sum of squares: half of it, times 2.5 on either side


@cache
def ways(items: int, sizes: int) -> Index:
    """Give the ways to choose of up to so many items (a row each) so many of them (a column each)."""
    table = [[comb(of, size) if size >= LEAST else 0 for size in range(sizes + 1)] for of in range(items + 1)]
    return np.array(table, dtype=np.int64)


def step(values: Index) -> Index:
    """Give the smallest step by which each row's sums differ: what divides all its amounts but zeros."""
    if not values.size:
        return np.ones(values.shape[:-1], np.int64)
    return np.asarray(np.maximum(np.gcd.reduce(values, axis=-1), 1), dtype=np.int64)


def different(values: Index) -> Numbers:
    """Give about how many different sums each row's amounts can make (minor units; zeros are no items)."""
    return different_of((values.astype(np.float64) ** 2).sum(axis=-1), step(values))


def different_of(squares: Numbers, smallest: Index | int) -> Numbers:
    """Give the same of the sum of squares and the smallest step."""
    return np.asarray(np.maximum(_WIDTH * np.sqrt(squares) / smallest, 1.0), dtype=np.float64)
