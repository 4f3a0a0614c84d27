"""Where sums are looked for: among rows that share a number or a name, and along the books' own order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import comb
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.reconciliation import sums
from tools.reconciliation.book import Book, spread
from tools.reconciliation.chance import LONGEST, Family, Sums
from tools.reconciliation.evidence import Weights

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_MOST_ITEMS: Final = 12  # of a group found by subset; runs may be longer
_LARGE: Final = 300  # rows with more than a few items that are met in the middle, one by one
_SPREAD: Final = 1.25  # of the sums of all subsets: half the root of the squares, times the normal's 2.5
_STEPS: Final = 10  # a decoy misses its target by so many of the smallest steps at most
_DECOYS: Final = 30_000  # are enough
_CELLS: Final = 1 << 20

_COMBINATIONS: Final = np.array(
    [
        [comb(items, size) if size >= sums.LEAST else 0 for size in range(LONGEST + 1)]
        for items in range(sums.MOST + 1)
    ],
    dtype=np.float64,
)


def of_kin(book: Book, weights: Weights, left: Index, right: Index) -> Family:
    """Find sums among the right rows that are each left row's kin: the nearest in time, if many."""
    left, right, nth = _gathered(book, weights, left, right)
    count = np.bincount(left, minlength=len(book.left))
    large = np.flatnonzero(count > sums.FEW)
    if len(large) > _LARGE:
        nearest = nth < sums.FEW
        left, right, large = left[nearest], right[nearest], large[:0]
    order = np.lexsort((right, left))
    order = order[count[left[order]] >= sums.LEAST]
    left, right = left[order], right[order]
    target, first, at = np.unique(left, return_index=True, return_inverse=True)
    items = np.full((len(target), sums.MOST), -1)
    items[at, np.arange(len(left)) - first[at]] = right
    expected, steps = np.zeros((len(target), LONGEST + 1)), np.zeros(len(target), np.int64)
    values = np.where(items >= 0, book.right.amount[items], 0)
    expected += _COMBINATIONS[(items >= 0).sum(axis=1)] / _room(values)[:, None]
    few = ~np.isin(target, large)
    steps[few], expected[~few, _MOST_ITEMS + 1 :] = _STEPS, 0.0
    wanted = book.left.amount[target]
    parts = [*_together(items, values, wanted, few), *_met_in_the_middle(items, values, wanted, ~few)]
    return Family(target, expected, steps, _joined(parts))


def of_runs(book: Book, reach: int) -> Family:
    """Find runs of open rows, in their order, that sum to a row which names nobody."""
    silent = np.array([not core for core in book.names.cores], dtype=bool)
    targets = np.flatnonzero(silent[book.left.text])
    parts = []
    for sign in (-1, 1):
        for currency in np.unique(book.left.currency[targets]):
            some = targets[
                (np.sign(book.left.amount[targets]) == sign) & (book.left.currency[targets] == currency)
            ]
            items = np.flatnonzero((np.sign(book.right.amount) == sign) & (book.right.currency == currency))
            if len(some) and len(items) >= sums.LEAST:
                parts.append(_in_order(book, reach, some, items))
    return _whole(parts)


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
    left, right, lag = left[fits], right[fits], lag[fits]
    order = np.lexsort((right, -weights.of_lag(lag), left))
    left, right = left[order], right[order]
    nth = np.arange(len(left)) - np.searchsorted(left, left)
    near = nth < sums.MOST
    return left[near], right[near], nth[near]


def _together(items: Index, values: Index, wanted: Index, which: NDArray[np.bool_]) -> Iterator[Sums]:
    """Try every subset of few items, for all rows that have so few at once."""
    count = (items >= 0).sum(axis=1)
    for size in range(sums.LEAST, sums.FEW + 1):
        some = np.flatnonzero(which & (count == size))
        within = _STEPS * _step(values[some])
        row, chosen, hits = sums.subsets_of_many(values[some, :size], wanted[some], within)
        yield Sums(some[row], chosen.sum(axis=1), items[some[row], :size][chosen], hits)


def _met_in_the_middle(
    items: Index, values: Index, wanted: Index, which: NDArray[np.bool_]
) -> Iterator[Sums]:
    """Find the subsets of more items, row by row."""
    for row in np.flatnonzero(which):
        own = int((items[row] >= 0).sum())
        for hit in sums.subsets(values[row, :own], int(wanted[row]), most=_MOST_ITEMS):
            yield Sums(np.array([row]), np.array([len(hit)]), items[row, hit], np.ones(1, bool))


def _in_order(book: Book, reach: int, targets: Index, items: Index) -> Family:
    """Find runs of these items, and how many chance was to find: about one in `room` of those tried."""
    work, values = book.right.work[items], book.right.amount[items]
    targets = targets[np.argsort(book.left.amount[targets], kind="stable")]
    wanted, day = book.left.amount[targets], book.left.work[targets]
    first, last = np.searchsorted(work, day - reach), np.searchsorted(work, day + reach, "right")
    squares = np.concatenate([[0], np.cumsum(values.astype(np.float64) ** 2)])
    step = max(1, int(np.gcd.reduce(values)))
    size = np.arange(LONGEST + 1)
    mean = (squares[last] - squares[first]) / np.maximum(last - first, 1)
    room = np.maximum(_SPREAD * np.sqrt(mean[:, None] * np.maximum(size, 1)) / step, 1.0)
    tried = np.where(size >= sums.LEAST, np.maximum((last - first)[:, None] + 1 - size, 0), 0)
    expected = tried / room
    steps = int(np.clip(_DECOYS / (2 * expected.sum() + 1), 1, _STEPS))
    found = []
    for length, start, at, exact in _runs(values, wanted, steps * step):
        timely = np.flatnonzero((first[at] <= start) & (start + length <= last[at]))
        own = items[(start[timely, None] + np.arange(length)).ravel()]
        found.append(Sums(at[timely], np.full(len(timely), length), own, exact[timely]))
    return Family(targets, expected, np.full(len(targets), steps), _joined(found))


def _runs(values: Index, wanted: Index, within: int) -> Iterator[tuple[int, Index, Index, NDArray[np.bool_]]]:
    """Give by length the runs that come near any of the wanted sums: starts, which sum, whether it hits.

    wanted: sorted. Most runs are ruled out by a look into a table of the cells that wanted sums lie in.
    """
    total = np.concatenate([[0], np.cumsum(values)])
    near = np.zeros(_CELLS, bool)
    for shift in (-1, 0, 1):
        near[(wanted // within + shift) % _CELLS] = True
    for length in range(sums.LEAST, min(LONGEST, len(values)) + 1):
        sum_ = total[length:] - total[:-length]
        some = np.flatnonzero(near[sum_ // within % _CELLS])
        low = np.searchsorted(wanted, sum_[some] - within)
        high = np.searchsorted(wanted, sum_[some] + within, "right")
        start, at = spread(low, high)
        start = some[start]
        yield length, start, at, sum_[start] == wanted[at]


def _joined(parts: Sequence[Sums]) -> Sums:
    none = np.empty(0, np.int64)
    parts = [Sums(none, none, none, np.empty(0, bool)), *parts]
    return Sums(
        np.concatenate([part.row for part in parts]),
        np.concatenate([part.count for part in parts]).astype(np.int64),
        np.concatenate([part.items for part in parts]),
        np.concatenate([part.hits for part in parts]),
    )


def _whole(parts: Sequence[Family]) -> Family:
    """Put families of different targets together."""
    before = np.cumsum([0, *(len(part.target) for part in parts)])
    moved = [
        Sums(part.sums.row + start, part.sums.count, part.sums.items, part.sums.hits)
        for part, start in zip(parts, before[:-1], strict=True)
    ]
    return Family(
        np.concatenate([np.empty(0, np.int64), *(part.target for part in parts)]),
        np.concatenate([np.zeros((0, LONGEST + 1)), *(part.expected for part in parts)]),
        np.concatenate([np.empty(0, np.int64), *(part.steps for part in parts)]),
        _joined(moved),
    )


def _step(values: Index) -> Index:
    """Give the smallest step that each row's sums differ by."""
    if not values.size:
        return np.ones(len(values), np.int64)
    return np.asarray(np.maximum(np.gcd.reduce(values, axis=1), 1), dtype=np.int64)


def _room(values: Index) -> Numbers:
    """Give about how many different sums each row's items can make: their spread in the smallest steps."""
    spread_ = _SPREAD * np.sqrt((values.astype(np.float64) ** 2).sum(axis=1))
    return np.asarray(np.maximum(spread_ / _step(values), 1.0), dtype=np.float64)
