"""One row against several: a batch deposit against its ledger lines, a payment run against its payments.

The items of a group share a number or the name of the row that sums them up, or follow each other where
that row names nobody ("DEPOSIT"). A sum that chance would also hit is not taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation import chance
from tools.checks.reconciliation.batches import consecutive_sums, grouping, sums_of_party, totals_of_day
from tools.checks.reconciliation.batches.grouping import Choice
from tools.checks.reconciliation.chance import Family, Sums
from tools.checks.reconciliation.one_to_one.match_weights import Weights
from tools.checks.reconciliation.proposals import MatchProposal
from tools.checks.reconciliation.sides.distinct_values import distinct
from tools.checks.reconciliation.sides.two_sides import Book, Pairs
from tools.ledger.sources import Pair

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_TIMELY: Final = 0.5  # weight of the dates beside that of the sum
_UNLIKELY: Final = -5.0  # log-odds of a sum that is not even a rival


def propose(book: Book, weights: Weights, pair: Pair) -> MatchProposal:  # noqa: ARG001 - every pass takes its pair
    """Propose groups whose sums agree: a line for each row of the side that has several."""
    groups = grouping.settle(book, weights, _choices)
    return grouping.proposal(book, groups, method="group")


def propose_but_one(book: Book, weights: Weights, pair: Pair) -> MatchProposal:  # noqa: ARG001 - every pass takes its pair
    """Propose the totals of a day of which one row is left out, once the whole ones are claimed."""
    groups = grouping.settle(book, weights, lambda of, sides, _: totals_of_day.choices_but_one(of, sides))
    return grouping.proposal(book, groups, method="group")


def _choices(book: Book, weights: Weights, related: tuple[Pairs, Pairs]) -> dict[Choice, float]:
    """Give every sum that may be a group, with the log-odds in the family that knows it best.

    related: the pairs of rows that share a number, and those of one name.
    """
    sharing = related[0]
    shared = distinct(sharing[0] * len(book.right) + sharing[1])
    choices: dict[Choice, float] = {}
    for family in _families(book, weights, related):
        weight = chance.weigh(family, _looks(book, family, shared))
        sums, target = family.sums, family.target[family.sums.row]
        lag = book.right.work[sums.items] - np.repeat(book.left.work[target], sums.count)
        weight += _TIMELY * np.clip(_summed(sums, weights.of_lag(lag)), -2, 1)
        first = sums.first
        for at in np.flatnonzero(sums.hits & (weight > _UNLIKELY)).tolist():
            items = tuple(sums.items[first[at] : first[at] + sums.count[at]].tolist())
            choice = int(target[at]), items
            choices[choice] = max(float(weight[at]), choices.get(choice, _UNLIKELY))
    for choice, odds in totals_of_day.choices(book, weights).items():
        choices[choice] = max(odds, choices.get(choice, _UNLIKELY))
    return choices


def _families(book: Book, weights: Weights, related: tuple[Pairs, Pairs]) -> Iterator[Family]:
    for left, right in related:
        yield sums_of_party.of_kin(book, weights, left, right)
    yield consecutive_sums.of_silent(book, weights.reach, by_party=False)
    yield consecutive_sums.of_silent(book, weights.reach, by_party=True)


def _looks(book: Book, family: Family, shared: Index) -> Index:
    """Say how sums look: of one party, of one day, and whether the target's numbers stand on an item.

    shared: pairs of rows that share a number, as left times rows of the right plus right.
    """
    sums, width = family.sums, max(1, len(book.right))
    name, day = book.right.name[sums.items], book.right.work[sums.items]
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
