"""One row against several: a batch deposit against its ledger lines, a payment run against its payments.

The items of a group share a number or the name of the row that sums them up, or follow each other where
that row names nobody ("DEPOSIT"). A sum that chance would also hit is not taken: what counts is how many
subsets there were to try against how many different sums they could make.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import comb, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.ledger.sources import Pair
from tools.reconciliation import sums
from tools.reconciliation.book import ALIKE, Book
from tools.reconciliation.claims import Proposal
from tools.reconciliation.evidence import Weights

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_MOST_ITEMS: Final = 12  # of a group found by subset; runs may be longer
_LONGEST_RUN: Final = 60
_CROWD: Final = 200  # rows of one name within reach; among more, sums are chance
_LARGE: Final = 300  # rows with more than a few items that are met in the middle, one by one
_GROUPED: Final = 0.3  # of rows with kin to sum up, before anything is known
_PRIOR_ROWS: Final = 10.0
_SPREAD: Final = 1.25  # of the sums of all subsets: half the root of the squares, times the normal's 2.5
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


@dataclass
class Family:
    """Sums found in one way: hits, and for every row that was tried how many chance was to find for it."""

    hits: list[tuple[int, tuple[int, ...], float]] = field(
        default_factory=list
    )  # row, items, chance of the sum
    expected: dict[int, float] = field(default_factory=dict)

    @property
    def odds(self) -> float:
        """Log-odds that a row sums up others in this way: what is found beyond what chance explains."""
        seen = len({target for target, _, _ in self.hits})
        chance = sum(min(1.0, expected) for expected in self.expected.values())
        share = (max(0.0, seen - chance) + _PRIOR_ROWS * _GROUPED) / (len(self.expected) + _PRIOR_ROWS)
        return log(share / (1 - share))


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
    found = [Group((at,), items, *odds) for at, items, *odds in _ranked(book, weights)]
    turned = _ranked(book.swapped(), weights.swapped())
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


def _ranked(book: Book, weights: Weights) -> Iterator[tuple[int, tuple[int, ...], float, float]]:
    """Give for each row that sums up others the likeliest items, their log-odds and the next best's."""
    choices: dict[int, dict[tuple[int, ...], float]] = {}
    for family in _families(book, weights):
        base = family.odds
        for target, items, chance in family.hits:
            lag = weights.of_lag(book.right.work[list(items)] - book.left.work[target])
            odds = base - log(chance) + _TIMELY * float(np.clip(lag, -2, 1).sum())
            known = choices.setdefault(target, {})
            known[items] = max(odds, known.get(items, odds))
    for target, found in choices.items():
        best = sorted(found.items(), key=lambda one: (-one[1], one[0]))
        yield target, best[0][0], best[0][1], best[1][1] if len(best) > 1 else 0.0


def _families(book: Book, weights: Weights) -> Iterator[Family]:
    for left, right in (book.sharing(), book.kin(ALIKE, weights.reach, most=_CROWD)):
        yield _of_kin(book, weights, left, right)
    yield _of_runs(book, weights.reach)


def _of_kin(book: Book, weights: Weights, left: Index, right: Index) -> Family:
    """Find sums among the right rows that are each left row's kin: the nearest in time, if many."""
    left, right, nth = _gathered(book, weights, left, right)
    family = Family()
    count = np.bincount(left, minlength=len(book.left))
    large = np.flatnonzero(count > sums.FEW)
    if len(large) > _LARGE:
        nearest = nth < sums.FEW
        left, right, large = left[nearest], right[nearest], large[:0]
    order = np.lexsort((right, left))
    left, right = left[order], right[order]
    few = (count[left] >= sums.LEAST) & ~np.isin(left, large)
    _together(book, left[few], right[few], family)
    starts = np.searchsorted(left, large), np.searchsorted(left, large, "right")
    for target, first, last in zip(large.tolist(), *starts, strict=True):
        items = right[first:last]
        room = _room(book.right.amount[items][None])[0]
        family.expected[target] = _tried(len(items), _MOST_ITEMS) / room
        for hit in sums.subsets(book.right.amount[items], int(book.left.amount[target]), most=_MOST_ITEMS):
            family.hits.append((target, tuple(items[hit].tolist()), _tried(len(items), len(hit)) / room))
    return family


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


def _together(book: Book, left: Index, right: Index, family: Family) -> None:
    """Try every subset of few items, for all rows that have so few at once."""
    targets, first, at = np.unique(left, return_index=True, return_inverse=True)
    items = np.full((len(targets), sums.FEW), -1)
    items[at, np.arange(len(left)) - first[at]] = right
    values = np.where(items >= 0, book.right.amount[items], 0)
    count = (items >= 0).sum(axis=1)
    for size in range(sums.LEAST, sums.FEW + 1):
        some = np.flatnonzero(count == size)
        room = _room(values[some, :size])
        family.expected.update(zip(targets[some].tolist(), (_tried(size, size) / room).tolist(), strict=True))
        rows, masks = sums.subsets_of_many(values[some, :size], book.left.amount[targets[some]])
        for row, mask in zip(rows.tolist(), masks.tolist(), strict=True):
            chosen = tuple(int(items[some[row], n]) for n in range(size) if mask >> n & 1)
            family.hits.append(
                (int(targets[some[row]]), chosen, _tried(size, len(chosen)) / float(room[row]))
            )


def _of_runs(book: Book, reach: int) -> Family:
    """Find runs of open rows, in their order, that sum to a row which names nobody."""
    silent = np.array([not core for core in book.names.cores], dtype=bool)
    targets = np.flatnonzero(silent[book.left.text])
    family = Family()
    for sign in (-1, 1):
        for currency in np.unique(book.left.currency[targets]):
            some = targets[
                (np.sign(book.left.amount[targets]) == sign) & (book.left.currency[targets] == currency)
            ]
            items = np.flatnonzero((np.sign(book.right.amount) == sign) & (book.right.currency == currency))
            _in_order(book, reach, some, items, family)
    return family


def _in_order(book: Book, reach: int, targets: Index, items: Index, family: Family) -> None:
    work, values = book.right.work[items], book.right.amount[items]
    order = np.argsort(book.left.amount[targets], kind="stable")
    targets = targets[order]
    wanted, day = book.left.amount[targets], book.left.work[targets]
    first, last = np.searchsorted(work, day - reach), np.searchsorted(work, day + reach, "right")
    total, squares = (np.concatenate([[0], np.cumsum(part)]) for part in (values, values.astype(float) ** 2))
    step = max(1, int(np.gcd.reduce(values))) if len(values) else 1
    length = min(_LONGEST_RUN, len(items))
    near = np.maximum(last - first, 1)
    room = _SPREAD * np.sqrt((squares[last] - squares[first]) / near * length) / step
    chance = near * length / np.maximum(room, 1.0)
    family.expected.update(zip(targets.tolist(), chance.tolist(), strict=True))
    for size in range(sums.LEAST, length + 1):
        sum_ = total[size:] - total[:-size]
        low, high = np.searchsorted(wanted, sum_), np.searchsorted(wanted, sum_, "right")
        for start in np.flatnonzero(high > low):
            for at in range(int(low[start]), int(high[start])):
                if first[at] <= start and start + size <= last[at]:
                    chosen = tuple(items[start : start + size].tolist())
                    family.hits.append((int(targets[at]), chosen, float(chance[at])))


def _tried(items: int, size: int) -> float:
    return float(sum(comb(items, number) for number in range(sums.LEAST, min(size, items) + 1)))


def _room(values: Index) -> Numbers:
    """Give about how many different sums each row's items can make: their spread in the smallest steps."""
    step = np.maximum(np.gcd.reduce(values, axis=1), 1) if values.size else np.ones(len(values))
    return np.asarray(np.maximum(_SPREAD * np.sqrt((values.astype(float) ** 2).sum(axis=1)) / step, 1.0))
