"""One thing told in two currencies: the amounts agree at the day's rate, but for an exchange difference.

The names (or an identifying number) have to agree first. How far amounts of one thing lie from the rate is
taken as a percent or so: spreads of banks and cards, and rates of another hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation import assignment
from tools.checks.reconciliation.one_to_one.match_weights import Weights
from tools.checks.reconciliation.proposals import MatchProposal
from tools.checks.reconciliation.sides import rates
from tools.checks.reconciliation.sides.two_sides import ALIKE, SHARED, Book, Compared, Pairs
from tools.ledger.sources import Pair

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_BASE: Final = -2.0  # log-odds that two rows of one name in two currencies are one thing
_SPREAD: Final = 0.01  # usual distance from the rate
_BY_CHANCE: Final = 1 / 8  # density of the distance of random pairs
_FARTHEST: Final = 0.06
_CROWD: Final = 200  # kin of one row; among more, nothing is told apart


def propose(book: Book, weights: Weights, pair: Pair) -> MatchProposal:
    """Propose pairs of rows in two currencies whose amounts agree at the rate."""
    pairs = _candidates(book, weights.reach, pair)
    amount, foreign = book.left.amount[pairs.left], book.right.amount[pairs.right]
    converted = foreign * _factors(book, pairs)
    gap = (amount - converted) / amount
    usual = np.exp(-np.abs(np.nan_to_num(gap, nan=1.0)) / _SPREAD) / (2 * _SPREAD)
    weight = _BASE + np.log(np.maximum(usual, 1e-12) / _BY_CHANCE) + weights.of_same_name(pairs)
    choice = assignment.choose(pairs.left, pairs.right, np.where(np.abs(gap) <= _FARTHEST, weight, -1.0))
    left, right = pairs.left[choice.edge], pairs.right[choice.edge]
    return MatchProposal.pairs(
        left,
        right,
        choice.confidence,
        covers=book.left.amount[left],
        difference=book.left.amount[left] - np.rint(converted[choice.edge]).astype(np.int64),
        method="exchange",
        reason="fx",
    )


def _candidates(book: Book, reach: int, pair: Pair) -> Compared:
    none = np.empty(0, np.int64)
    if len(np.union1d(book.left.currency, book.right.currency)) == 1:
        return book.compare(none, none)
    left, right = book.related(_kin_abroad(book, reach), reach, one_sided=pair.one_sided)
    apart = (book.left.currency[left] != book.right.currency[right]) & (
        np.sign(book.left.amount[left]) == np.sign(book.right.amount[right])
    )
    return book.compare(left[apart], right[apart])


def _kin_abroad(book: Book, reach: int) -> Iterator[Pairs]:
    """Give kin that may be of two currencies: all of rows in a rarer one, and all such kin of the others."""
    currencies = [rows.currency for rows in (book.left, book.right)]
    home = np.bincount(np.concatenate(currencies)).argmax()
    every, (abroad, at_home) = np.arange(len(book.right)), _parted(currencies[0] != home)
    for own, opposite in ((abroad, every), (at_home, np.flatnonzero(currencies[1] != home))):
        left, right = book.at(own, opposite).kin(ALIKE, reach, most=_CROWD)
        yield own[left], opposite[right]


def _parted(which: NDArray[np.bool_]) -> tuple[Index, Index]:
    return np.flatnonzero(which), np.flatnonzero(~which)


def _factors(book: Book, pairs: Compared) -> Numbers:
    """Give minor units of the left row's currency for one of the right's; NaN where nothing says."""
    to, of = book.left.currency[pairs.left], book.right.currency[pairs.right]
    declared = book.rates.factor(to, of, book.right.day[pairs.right])
    ratio = book.left.amount[pairs.left] / book.right.amount[pairs.right]
    return np.where(np.isnan(declared), rates.learned(to, of, ratio, pairs.number == SHARED), declared)
