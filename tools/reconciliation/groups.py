"""One row against several: a batch deposit against its ledger lines, a payment run against its payments.

The items of a group share a number or the name of the row that sums them up, or follow each other where
that row names nobody ("DEPOSIT"). A sum that chance would also hit is not taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.ledger.sources import Pair
from tools.reconciliation import chance, families
from tools.reconciliation.book import ALIKE, Book
from tools.reconciliation.chance import Family, Sums
from tools.reconciliation.claims import Proposal
from tools.reconciliation.evidence import Weights
from tools.reconciliation.texts import distinct

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]
Choice = tuple[int, tuple[int, ...]]  # a row and the rows that it sums up

_CROWD: Final = 200  # rows of one name within reach; among more, sums are chance
_TIMELY: Final = 0.5  # weight of the dates beside that of the sum
_UNLIKELY: Final = -5.0  # log-odds of a sum that is not even a rival


@dataclass(frozen=True)
class Group:
    """Rows of both sides (positions) whose sums agree, with log-odds and how likely they belong together."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    weight: float
    confidence: float


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
    found = [Group((at,), items, *odds) for (at, items), odds in _chosen(book, weights)]
    turned = _chosen(book.swapped(), weights.swapped())
    found += [Group(items, (at,), *odds) for (at, items), odds in turned]
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


def _chosen(book: Book, weights: Weights) -> Iterator[tuple[Choice, tuple[float, float]]]:
    """Give each row's likeliest items with log-odds and confidence.

    Rivals are other sums of the row, and sums of other rows that take one of the items.
    """
    choices = _choices(book, weights)
    if not choices:
        return
    target = np.array([at for at, _ in choices], dtype=np.int64)
    items = np.array([item for _, own in choices for item in own], dtype=np.int64)
    of = np.repeat(np.arange(len(choices)), [len(own) for _, own in choices])
    weight = np.array(list(choices.values()))
    odds = np.exp(np.minimum(weight, 600.0))
    first = np.flatnonzero(np.diff(of, prepend=-1))
    taken = np.maximum.reduceat(np.bincount(items, odds[of])[items], first)
    whole = 1 + np.maximum(np.bincount(target, odds)[target], taken)
    best = np.lexsort((-weight, target))
    best = best[np.flatnonzero(np.diff(target[best], prepend=-1))]
    known = list(choices)
    for at in best.tolist():
        yield known[at], (float(weight[at]), float(odds[at] / whole[at]))


def _choices(book: Book, weights: Weights) -> dict[Choice, float]:
    """Give every sum that may be a group, with the log-odds in the family that knows it best."""
    sharing = book.sharing()
    shared = distinct(sharing[0] * len(book.right) + sharing[1])
    choices: dict[Choice, float] = {}
    for family in _families(book, weights, sharing):
        weight = chance.weigh(family, _looks(book, family, shared))
        sums, target = family.sums, family.target[family.sums.row]
        lag = book.right.work[sums.items] - np.repeat(book.left.work[target], sums.count)
        weight += _TIMELY * np.clip(_summed(sums, weights.of_lag(lag)), -2, 1)
        first = sums.first
        for at in np.flatnonzero(sums.hits & (weight > _UNLIKELY)).tolist():
            items = tuple(sums.items[first[at] : first[at] + sums.count[at]].tolist())
            choice = int(target[at]), items
            choices[choice] = max(float(weight[at]), choices.get(choice, _UNLIKELY))
    return choices


def _families(book: Book, weights: Weights, sharing: tuple[Index, Index]) -> Iterator[Family]:
    for left, right in (sharing, book.kin(ALIKE, weights.reach, most=_CROWD)):
        yield families.of_kin(book, weights, left, right)
    yield families.of_runs(book, weights.reach)


def _looks(book: Book, family: Family, shared: Index) -> Index:
    """Say how sums look: of one party, of one day, and whether the target's numbers stand on an item.

    shared: pairs of rows that share a number, as left times rows of the right plus right.
    """
    sums, width = family.sums, max(1, len(book.right))
    name, day = book.names.same[book.right.text[sums.items]], book.right.work[sums.items]
    pair = np.repeat(family.target[sums.row], sums.count) * width + sums.items
    place = np.minimum(np.searchsorted(shared, pair), max(0, len(shared) - 1))
    named = shared[place] == pair if len(shared) else np.zeros(len(pair), bool)
    inside = _summed(sums, named.astype(np.float64)) > 0
    speaks = np.isin(family.target[sums.row], shared // width)
    number = np.where(inside, 2, speaks)
    return np.asarray(_alike(sums, name) + 2 * _alike(sums, day) + 4 * number, dtype=np.int64)


def _summed(sums: Sums, value: Numbers) -> Numbers:
    """Add up what belongs to each sum's items."""
    whole = np.concatenate([[0.0], np.cumsum(value)])
    return np.asarray(whole[sums.first + sums.count] - whole[sums.first], dtype=np.float64)


def _alike(sums: Sums, value: Index) -> NDArray[np.bool_]:
    """Say which sums' items all have one value."""
    if not len(sums.count):
        return np.zeros(0, bool)
    return np.asarray(
        np.minimum.reduceat(value, sums.first) == np.maximum.reduceat(value, sums.first), dtype=bool
    )
