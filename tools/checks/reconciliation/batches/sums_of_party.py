"""Sums among rows that share a number or a name with the row that may sum them up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation import possible_sums, size_limits, subset_sums
from tools.checks.reconciliation.chance import LONGEST, Family, Sums, joined
from tools.checks.reconciliation.one_to_one.match_weights import Weights
from tools.checks.reconciliation.sides.two_sides import Book

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_STEPS: Final = 10  # a decoy misses its target by so many of the smallest steps at most

_WAYS: Final = possible_sums.ways(subset_sums.MOST, LONGEST)


def of_kin(book: Book, weights: Weights, left: Index, right: Index) -> Family:
    """Find sums among the right rows that are each left row's kin: the nearest in time, if many."""
    left, right, nth = _gathered(book, weights, left, right)
    count = np.bincount(left, minlength=len(book.left))
    large = np.flatnonzero(count > subset_sums.FEW)
    if len(large) > size_limits.LARGE_SUMS:
        nearest = nth < subset_sums.FEW
        left, right, large = left[nearest], right[nearest], large[:0]
    several = count[left] >= subset_sums.LEAST
    left, right = _sorted(len(book.right), left[several], right[several])
    target, first, at = np.unique(left, return_index=True, return_inverse=True)
    items = np.full((len(target), subset_sums.MOST), -1)
    items[at, np.arange(len(left)) - first[at]] = right
    expected, steps = np.zeros((len(target), LONGEST + 1)), np.zeros(len(target), np.int64)
    values = np.where(items >= 0, book.right.amount[items], 0)
    expected += _WAYS[(items >= 0).sum(axis=1)] / possible_sums.different(values)[:, None]
    few = ~np.isin(target, large)
    steps[few] = _STEPS
    target_amounts = book.left.amount[target]
    parts = [
        *_together(items, values, target_amounts, few),
        *_met_in_the_middle(items, values, target_amounts, ~few),
    ]
    return Family(target, expected, steps, joined(parts))


def _gathered(book: Book, weights: Weights, left: Index, right: Index) -> tuple[Index, Index, Index]:
    """Keep the pairs that may be sum and item, at most MOST items a row, with their rank in time."""
    whole, part = book.left.amount[left], book.right.amount[right]
    lag = book.right.work[right] - book.left.work[left]
    fits = (
        (book.left.currency[left] == book.right.currency[right])
        & (np.sign(whole) == np.sign(part))
        & (np.abs(part) < np.abs(whole))
        & (np.abs(lag) <= weights.reach)
    )
    late = np.unique(-weights.lag, return_inverse=True)[1][lag[fits] + weights.reach]
    times = len(weights.lag)
    place, right = _sorted(len(book.right), left[fits] * times + late, right[fits])
    left = place // times
    first = np.flatnonzero(np.diff(left, prepend=-1))
    nth = np.arange(len(left)) - np.repeat(first, np.diff(first, append=len(left)))
    near = nth < subset_sums.MOST
    return left[near], right[near], nth[near]


def _sorted(width: int, first: Index, second: Index) -> tuple[Index, Index]:
    """Sort pairs, the second of which is below `width`: as one number they take a fraction of the time."""
    both = np.sort(first * max(1, width) + second)
    return both // max(1, width), both % max(1, width)


def _together(items: Index, values: Index, target_amounts: Index, which: NDArray[np.bool_]) -> Iterator[Sums]:
    """Try every subset of few items, for all rows that have so few at once."""
    count = (items >= 0).sum(axis=1)
    for size in range(subset_sums.LEAST, subset_sums.FEW + 1):
        rows = np.flatnonzero(which & (count == size))
        within = _STEPS * possible_sums.step(values[rows])
        row, chosen, hits = subset_sums.subsets_of_many(values[rows, :size], target_amounts[rows], within)
        yield Sums(rows[row], chosen.sum(axis=1), items[rows[row], :size][chosen], hits)


def _met_in_the_middle(
    items: Index, values: Index, target_amounts: Index, which: NDArray[np.bool_]
) -> Iterator[Sums]:
    """Find the subsets of more items, row by row."""
    for row in np.flatnonzero(which):
        own = int((items[row] >= 0).sum())
        for hit in subset_sums.subsets(values[row, :own], int(target_amounts[row])):
            yield Sums(np.array([row]), np.array([len(hit)]), items[row, hit], np.ones(1, bool))
