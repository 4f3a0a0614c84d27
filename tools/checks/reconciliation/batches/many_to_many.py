"""Several rows against several: two payments for three entries, cut differently on either side.

Looked for among few rows only: those of one party close in time, or of one number. All subsets of either
side are summed; equal sums count as far as chance would not have found them among so many.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import exp, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation import components, possible_sums, size_limits
from tools.checks.reconciliation.batches import grouping
from tools.checks.reconciliation.batches.grouping import Group
from tools.checks.reconciliation.one_to_one.match_weights import Weights
from tools.checks.reconciliation.proposals import MatchProposal
from tools.checks.reconciliation.sides.two_sides import ALIKE, Book
from tools.ledger.sources import Pair

Index = NDArray[np.int64]

_LEAST: Final = 2  # rows of either side
_MOST: Final = 6  # 57 subsets of either side
_BASE: Final = -2.0  # log-odds that leftovers of one party are one thing cut in two ways
_WAYS: Final = possible_sums.ways(_MOST, _MOST)


def propose(book: Book, weights: Weights, pair: Pair) -> MatchProposal:
    """Propose groups of several rows on either side whose sums agree."""
    reach = max(pair.window_days, weights.usual)
    clusters = [
        cluster for cluster, _ in zip(_clusters(book, reach), range(size_limits.CLUSTERS), strict=False)
    ]
    groups = [group for left, right in clusters for group in _equal(book, left, right)]
    return grouping.proposal(book, grouping.apart(groups), method="group")


def _clusters(book: Book, reach: int) -> Iterator[tuple[Index, Index]]:
    """Give the rows of one party, currency and sign that follow each other within reach."""
    party = _parties(book)
    side = np.repeat([0, 1], [len(book.left), len(book.right)])
    place = np.concatenate([np.arange(len(book.left)), np.arange(len(book.right))])
    both = {
        name: np.concatenate([getattr(book.left, name), getattr(book.right, name)])
        for name in ("name", "currency", "amount", "work")
    }
    keys = (party[both["name"]], both["currency"], np.sign(both["amount"]))
    order = np.lexsort((place, side, both["work"], *keys))
    order = order[keys[0][order] >= 0]
    changes = np.diff(both["work"][order], prepend=-1) > reach
    for key in keys:
        changes |= np.diff(key[order], prepend=-2) != 0
    number = np.cumsum(changes) - 1
    count = np.bincount(number, minlength=1)
    lefts = np.bincount(number, side[order] == 0, minlength=1)
    rights = count - lefts
    good = (np.minimum(lefts, rights) >= _LEAST) & (np.maximum(lefts, rights) <= _MOST)
    ends = np.cumsum(count)
    for at in np.flatnonzero(good):
        own = order[ends[at] - count[at] : ends[at]]
        yield place[own[side[own] == 0]], place[own[side[own] == 1]]


def _parties(book: Book) -> Index:
    """Give each name the number of its party, like names together; -1 for who names nobody."""
    names = book.names
    first, second = names.kin(ALIKE)
    label = components.labels(first, second, len(names.cores))
    nobody = np.array([not core for core in names.cores], dtype=bool)
    return np.where(nobody, -1, label)


def _equal(book: Book, left: Index, right: Index) -> Iterator[Group]:
    """Give the subsets of both sides that sum to the same, with how sure chance leaves them."""
    amounts = book.left.amount[left], book.right.amount[right]
    room = float(possible_sums.different(np.concatenate(amounts)))
    sums: dict[int, list[tuple[int, ...]]] = {}
    for subset in _subsets(len(right)):
        sums.setdefault(int(amounts[1][list(subset)].sum()), []).append(subset)
    candidates = [
        (ours, theirs, _weight((len(left), len(ours)), (len(right), len(theirs)), room))
        for ours in _subsets(len(left))
        for theirs in sums.get(int(amounts[0][list(ours)].sum()), [])
    ]
    whole = 1 + sum(exp(weight) for *_, weight in candidates)
    for ours, theirs, weight in candidates:
        rows = tuple(left[list(ours)].tolist()), tuple(right[list(theirs)].tolist())
        yield Group(*rows, weight, exp(weight) / whole)


def _weight(ours: tuple[int, int], theirs: tuple[int, int], room: float) -> float:
    """Weigh equal sums of so many of either side's rows, by how many there were to choose from."""
    return _BASE + log(room) - log(_WAYS[ours]) - log(_WAYS[theirs])


def _subsets(rows: int) -> Iterator[tuple[int, ...]]:
    for size in range(_LEAST, rows + 1):
        yield from combinations(range(rows), size)
