"""Equal amounts under another name, held against rows of the same name whose amounts differ a little.

An equal amount may be a coincidence, and so may a name; which of the two it is, the book itself says: pairs
of either kind weigh against each other in one assignment. Where the name wins, the equal amount waits:
the pair of one name is a later pass's to propose, and to name its difference.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation import assignment, size_limits
from tools.checks.reconciliation.one_to_one import equal_amounts, explained_difference
from tools.checks.reconciliation.one_to_one.match_weights import Weights
from tools.checks.reconciliation.proposals import MatchProposal
from tools.checks.reconciliation.sides import two_sides
from tools.checks.reconciliation.sides.two_sides import Book
from tools.ledger.sources import Pair

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_SURE: Final = 1e-9
_NAME_BEATS: Final = 2.0  # log-odds that a name has ahead of an amount: people mistype sums, not who they pay


def propose(book: Book, weights: Weights, pair: Pair) -> MatchProposal:
    """Propose pairs of equal amounts, but for those whose row has its own name beside it."""
    equal = equal_amounts.propose(book, weights, pair)
    compared = book.compare(equal.left, equal.right)
    foreign = (compared.name <= two_sides.PARTLY) & (compared.number != two_sides.SHARED)
    foreign &= (compared.name > two_sides.UNKNOWN) | _both_named(book, equal)
    if not foreign.any():
        return equal
    lost = _lost(book, weights, pair, equal, foreign)
    return equal.at(~lost) if lost.any() else equal


def _lost(
    book: Book, weights: Weights, pair: Pair, equal: MatchProposal, foreign: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Say which pairs under another name a pair of one name outweighs."""
    left, right = _free(len(book.left), equal.left[~foreign]), _free(len(book.right), equal.right[~foreign])
    if len(left) + len(right) > size_limits.RIVALS_OF_ALL:
        left = equal.left[foreign]
    rivals = explained_difference.weighed(book.at(left, right), weights, pair)
    at, named = np.flatnonzero(foreign), len(rivals.left)
    choice = assignment.choose(
        np.concatenate([left[rivals.left], equal.left[at]]),
        np.concatenate([right[rivals.right], equal.right[at]]),
        np.concatenate([rivals.weight + _NAME_BEATS * (rivals.weight > 0), _odds(equal.confidence[at])]),
    )
    beaten = at[np.setdiff1d(np.arange(len(at)), choice.edge - named)]
    winners = choice.edge[choice.edge < named]
    outweighed = np.isin(equal.left[beaten], left[rivals.left[winners]])
    outweighed |= np.isin(equal.right[beaten], right[rivals.right[winners]])
    lost = np.zeros(len(equal.left), bool)
    lost[beaten] = outweighed
    return lost


def _both_named(book: Book, equal: MatchProposal) -> NDArray[np.bool_]:
    """Say of which pairs both rows have a name, be it too short to be compared letter by letter."""
    named = book.names.length > 0
    return np.asarray(named[book.left.name[equal.left]] & named[book.right.name[equal.right]])


def _free(rows: int, claimed: Index) -> Index:
    free = np.ones(rows, bool)
    free[claimed] = False
    return np.flatnonzero(free)


def _odds(confidence: Numbers) -> Numbers:
    sure = np.clip(confidence, _SURE, 1 - _SURE)
    return np.asarray(np.log(sure / (1 - sure)), dtype=np.float64)
