"""Sums along an order: rows that follow each other, in the books or among one party's rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation import possible_sums, subset_sums
from tools.checks.reconciliation.chance import LONGEST, Family, Sums, joined, whole
from tools.checks.reconciliation.sides.distinct_values import spread
from tools.checks.reconciliation.sides.two_sides import Book

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_STEPS: Final = 10  # a decoy misses its target by so many of the smallest steps at most
_DECOYS: Final = 30_000  # are enough
_CELLS: Final = 1 << 20


def of_silent(book: Book, reach: int, *, by_party: bool) -> Family:
    """Find runs of open rows that sum to a row which names nobody; by_party: of one party each."""
    silent = np.array([not core for core in book.names.cores], dtype=bool)
    targets = np.flatnonzero(silent[book.left.name])
    party = book.right.name if by_party else np.zeros(len(book.right), np.int64)
    parts = []
    for sign in (-1, 1):
        for currency in np.unique(book.left.currency[targets]):
            target_rows = targets[
                (np.sign(book.left.amount[targets]) == sign) & (book.left.currency[targets] == currency)
            ]
            items = np.flatnonzero((np.sign(book.right.amount) == sign) & (book.right.currency == currency))
            if len(target_rows) and len(items) >= subset_sums.LEAST:
                items = items[np.argsort(party[items], kind="stable")]
                parts.append(_along(book, reach, target_rows, items, party[items]))
    return whole(parts)


def _along(book: Book, reach: int, targets: Index, items: Index, party: Index) -> Family:
    """Find runs of these items, and how many chance was to find: about one in `room` of those tried."""
    work, values = book.right.work[items], book.right.amount[items]
    targets = targets[np.argsort(book.left.amount[targets], kind="stable")]
    target_amounts, day = book.left.amount[targets], book.left.work[targets]
    step = int(possible_sums.step(values))
    expected = _run_counts(work, party, day, reach) / _room(work, values, day, reach, step)
    steps = int(np.clip(_DECOYS / (2 * expected.sum() + 1), 1, _STEPS))
    sums = []
    for length, start, at, exact in _runs(values, target_amounts, steps * step):
        end = start + length - 1
        timely = (work[start] >= day[at] - reach) & (work[end] <= day[at] + reach)
        good = np.flatnonzero(timely & (party[start] == party[end]))
        own = items[(start[good, None] + np.arange(length)).ravel()]
        sums.append(Sums(at[good], np.full(len(good), length), own, exact[good]))
    return Family(targets, expected, np.full(len(targets), steps), joined(sums))


def _run_counts(work: Index, party: Index, day: Index, reach: int) -> Numbers:
    """Count for each target the runs of each length that start within reach."""
    tried = np.zeros((len(day), LONGEST + 1))
    origin = int(work.min()) - 1
    days = int(work.max()) - origin + 1
    low, high = (np.clip(day + bound - origin, 0, days - 1) for bound in (-reach - 1, reach))
    for length in range(subset_sums.LEAST, min(LONGEST, len(work)) + 1):
        starts = work[: len(work) - length + 1][party[length - 1 :] == party[: len(party) - length + 1]]
        until = np.cumsum(np.bincount(starts - origin, minlength=days))
        tried[:, length] = until[high] - until[low]
    return tried


def _room(work: Index, values: Index, day: Index, reach: int, step: int) -> Numbers:
    """Give about how many different sums runs of each length can make, from the amounts within reach."""
    order = np.argsort(work, kind="stable")
    squares = np.concatenate([[0.0], np.cumsum(values[order].astype(np.float64) ** 2)])
    first = np.searchsorted(work[order], day - reach)
    last = np.searchsorted(work[order], day + reach, "right")
    mean = (squares[last] - squares[first]) / np.maximum(last - first, 1)
    size = np.maximum(np.arange(LONGEST + 1), 1)
    return possible_sums.different_of(mean[:, None] * size, step)


def _runs(
    values: Index, target_amounts: Index, within: int
) -> Iterator[tuple[int, Index, Index, NDArray[np.bool_]]]:
    """Give by length the runs that come near any of the wanted sums: starts, which sum, whether it hits.

    target_amounts: sorted. Most runs are ruled out by a look into a table of the cells that they lie in.
    """
    total = np.concatenate([[0], np.cumsum(values)])
    near = np.zeros(_CELLS, bool)
    for shift in (-1, 0, 1):
        near[(target_amounts // within + shift) % _CELLS] = True
    for length in range(subset_sums.LEAST, min(LONGEST, len(values)) + 1):
        sum_ = total[length:] - total[:-length]
        starts = np.flatnonzero(near[sum_ // within % _CELLS])
        low = np.searchsorted(target_amounts, sum_[starts] - within)
        high = np.searchsorted(target_amounts, sum_[starts] + within, "right")
        start, at = spread(low, high)
        start = starts[start]
        yield length, start, at, sum_[start] == target_amounts[at]
