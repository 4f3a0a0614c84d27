"""One row against several: a batch deposit against its ledger lines, a payment run against its payments.

The items of a group share a number or the name of the row that sums them up, or follow each other where
that row names nobody ("DEPOSIT"). A sum that chance would also hit is not taken: what counts is how many
subsets there were to try against how many different sums they could make.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import comb, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.ledger.sources import Pair
from tools.reconciliation import sums
from tools.reconciliation.claims import Proposal
from tools.reconciliation.evidence import Book, Weights

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_MOST_ITEMS: Final = 12  # of a group found by subset; runs may be longer
_LONGEST_RUN: Final = 60
_GROUPED_ODDS: Final = log(0.1 / 0.9)  # one row in ten sums up others
_ALIKE: Final = 0.6
_TIMELY: Final = 0.5  # weight of the dates beside that of the sum


@dataclass(frozen=True)
class Group:
    """Rows of both sides (positions) whose sums agree, with log-odds and those of the next best."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    weight: float
    rival: float = 0.0

    @property
    def confidence(self) -> float:
        """Probability that these rows belong together."""
        return float(1 / (1 + np.exp(max(0.0, self.rival) - self.weight)))


def propose(book: Book, weights: Weights, pair: Pair) -> Proposal:  # noqa: ARG001 - every pass takes its pair
    """Propose groups whose sums agree: a line for each row of the side that has several."""
    found = _find(book, weights)
    sizes = np.array([len(one.left) * len(one.right) for one in found], dtype=np.int64)
    left = np.array([at for one in found for at in one.left for _ in one.right], dtype=np.int64)
    right = np.array([at for one in found for _ in one.left for at in one.right], dtype=np.int64)
    several = np.repeat(np.array([len(one.right) > 1 for one in found], dtype=bool), sizes)
    return Proposal.pairs(
        left,
        right,
        np.repeat(np.array([one.confidence for one in found]), sizes),
        covers=np.where(several, book.right.amount[right], book.left.amount[left]),
        found_by="group",
        kind=np.where(several, "1:N", "N:1"),
        group=np.repeat(np.arange(len(found)), sizes),
    )


def _find(book: Book, weights: Weights) -> list[Group]:
    found = [Group((at,), items, *odds) for at, items, *odds in _one_side(book, weights)]
    turned = _one_side(book.swapped(), weights.swapped())
    found += [Group(items, (at,), *odds) for at, items, *odds in turned]
    return _apart(found)


def _apart(found: list[Group]) -> list[Group]:
    """Keep the groups of greatest weight that share no row."""
    used: tuple[set[int], set[int]] = set(), set()
    kept = []
    for group in sorted(found, key=lambda group: (-group.weight, group.left, group.right)):
        if used[0].isdisjoint(group.left) and used[1].isdisjoint(group.right):
            kept.append(group)
            used[0].update(group.left)
            used[1].update(group.right)
    return kept


def _one_side(book: Book, weights: Weights) -> Iterator[tuple[int, tuple[int, ...], float, float]]:
    for kin in (book.texts.sharing(), book.texts.kin(_ALIKE)):
        for target, items in _gathered(book, weights.reach, *kin):
            yield from _best(book, weights, target, items, _subsets)
    for target, items in _nameless(book, weights.reach):
        yield from _best(book, weights, target, items, _runs)


def _gathered(book: Book, reach: int, left: Index, right: Index) -> Iterator[tuple[int, Index]]:
    """Give for each left row the right rows of its number or its name that may be its parts."""
    fitting = _fits(book, left, right, reach)
    left, right = left[fitting], right[fitting]
    order = np.argsort(left, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(left[order])) + 1):
        if len(part) > 1:
            yield int(left[part[0]]), right[part]


def _nameless(book: Book, reach: int) -> Iterator[tuple[int, Index]]:
    everything = np.arange(len(book.right))
    for target in np.flatnonzero([not core for core in book.texts.cores[0]]):
        first = np.searchsorted(book.right.work, book.left.work[target] - reach)
        last = np.searchsorted(book.right.work, book.left.work[target] + reach, "right")
        items = everything[first:last]
        fitting = items[_fits(book, np.full(len(items), target), items, reach)]
        if len(fitting) > 1:
            yield int(target), fitting


def _fits(book: Book, left: Index, right: Index, reach: int) -> NDArray[np.bool_]:
    """Say which right rows may be part of the left row: same currency and sign, smaller, and in time."""
    whole, part = book.left.amount[left], book.right.amount[right]
    lag = book.right.work[right] - book.left.work[left]
    return np.asarray(
        (book.left.currency[left] == book.right.currency[right])
        & (np.sign(whole) == np.sign(part))
        & (np.abs(part) < np.abs(whole))
        & (np.abs(lag) <= reach)
    )


Tried = tuple[list[Index], float]  # the subsets that hit, and how many there were to try


def _best(
    book: Book, weights: Weights, target: int, items: Index, search: Callable[[Index, int], Tried]
) -> Iterator[tuple[int, tuple[int, ...], float, float]]:
    """Give the likeliest subset of the items that sums to the target, where there is one."""
    lag = weights.of_lag(book.right.work[items] - book.left.work[target])
    items = np.sort(items[np.argsort(-lag, kind="stable")[: sums.MOST]]) if search is _subsets else items
    lag = np.clip(weights.of_lag(book.right.work[items] - book.left.work[target]), -2, 1)
    values = book.right.amount[items]
    hits, tried = search(values, int(book.left.amount[target]))
    if not hits:
        return
    step = max(1, int(np.gcd.reduce(values)))
    chance = log(max(1.0, tried)) - log(max(1.0, float(np.abs(values).sum()) / step))
    odds = [_GROUPED_ODDS - chance + _TIMELY * float(lag[hit].sum()) for hit in hits]
    ranked = sorted(
        zip(odds, (tuple(items[hit].tolist()) for hit in hits), strict=True),
        key=lambda one: (-one[0], one[1]),
    )
    yield target, ranked[0][1], ranked[0][0], ranked[1][0] if len(ranked) > 1 else 0.0


def _subsets(values: Index, target: int) -> Tried:
    found = sums.subsets(values, target, most=_MOST_ITEMS)
    longest = max((len(hit) for hit in found), default=2)
    return found, float(sum(comb(len(values), size) for size in range(2, longest + 1)))


def _runs(values: Index, target: int) -> Tried:
    found = sums.runs(values, target, most=_LONGEST_RUN)
    return found, float(len(values) * min(_LONGEST_RUN, len(values)))
