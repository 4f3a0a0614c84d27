"""Entries of one side that take each other back: void, reversal, returned deposit, self-correction.

Such a pair never reaches the other side. It is looked for among what nothing else has claimed, so that a
reversal which the bank shows as well is matched with the bank's line first. But where an entry says that it
takes back what was there before, and the other side shows neither its amount nor as many of what it takes
back, the two are settled before anything else: else the bank's line would be taken for the check that was
voided, and the one written in its place would stay open.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation import assignment
from tools.checks.reconciliation.one_to_one import equal_amounts, match_weights
from tools.checks.reconciliation.one_to_one.match_weights import Weights
from tools.checks.reconciliation.proposals import MatchProposal, Side
from tools.checks.reconciliation.sides.rows import Rows
from tools.checks.reconciliation.sides.two_sides import PARTLY, SHARED, Book
from tools.ledger.sources import Pair

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_SHARE: Final = 0.3  # of opposite amounts of one side that stand alone, before anything is known
_REVERSAL_PRIOR: Final = 0.9  # of entries that say that they take one back, before anything is known
_BACKWARDS: Final = -3.0  # log-odds of an entry that takes back what comes after it
_WORD: Final = np.array([-1.0, 2.5])  # log-odds of an entry that says that it undoes another, or does not


def propose_left(book: Book, weights: Weights, pair: Pair) -> MatchProposal:  # noqa: ARG001 - every pass takes them
    """Propose entries of the left side that take each other back."""
    return _propose(book, pair.search_days, "left")


def propose_right(book: Book, weights: Weights, pair: Pair) -> MatchProposal:  # noqa: ARG001 - every pass takes them
    """Propose entries of the right side that take each other back."""
    return _propose(book, pair.search_days, "right")


def propose_voided_left(book: Book, weights: Weights, pair: Pair) -> MatchProposal:
    """Propose entries of the left side that were taken back and that the right side never shows."""
    return _voided(book, weights.reach, pair.search_days, "left")


def propose_voided_right(book: Book, weights: Weights, pair: Pair) -> MatchProposal:
    """Propose entries of the right side that were taken back and that the left side never shows."""
    return _voided(book, weights.reach, pair.search_days, "right")


def _voided(book: Book, usual: int, reach: int, side: Side) -> MatchProposal:
    rows, opposite = (book.left, book.right) if side == "left" else (book.right, book.left)
    undoing = np.flatnonzero(book.undoes[rows.text])
    taking = rows.at(undoing)
    own = replace(book, left=taking, right=rows.negated(), marks=book.fetched.within(left=side == "left"))
    left, right = equal_amounts.candidates(own.left, own.right, reach)
    pairs = own.compare(left, right)
    weights = match_weights.learn(
        own, pairs.at(equal_amounts.only(left, right)), reach, share=_REVERSAL_PRIOR
    )
    shown = _count(taking, opposite, usual)[left] > 0
    spare = (_count(rows, rows, usual) > _count(rows, opposite, usual))[right]
    before = rows.day[right] <= taking.day[left]
    ours = (pairs.name >= PARTLY) | (pairs.number == SHARED)
    plain = ~(book.undoes | book.replaces)[rows.text[right]]
    weight = weights.of(pairs) + match_weights.surprise(own, reach, weights)[left]
    choice = assignment.choose(left, right, np.where(~shown & spare & before & ours & plain, weight, -1.0))
    return _proposal(rows, undoing[left[choice.edge]], right[choice.edge], choice.confidence, side)


def _count(rows: Rows, others: Rows, reach: int) -> Index:
    """Count for each row those of the others that have its amount within reach."""
    return np.bincount(equal_amounts.candidates(rows, others, reach)[0], minlength=len(rows))


def _propose(book: Book, reach: int, side: Side) -> MatchProposal:
    """Find pairs of opposite amounts that belong together by name, number, date and what they say."""
    rows = book.left if side == "left" else book.right
    plus, minus = np.flatnonzero(rows.amount > 0), np.flatnonzero(rows.amount < 0)
    own = replace(
        book,
        left=rows.at(plus),
        right=rows.at(minus).negated(),
        marks=book.fetched.within(left=side == "left"),
    )
    left, right = equal_amounts.candidates(own.left, own.right, reach)
    weights = match_weights.learn(own, own.compare(*equal_amounts.alone(left, right)), reach, share=_SHARE)
    weight = weights.of(own.compare(left, right)) + match_weights.surprise(own, reach, weights)[left]
    says = own.undoes[own.left.text[left]], own.undoes[own.right.text[right]]
    later = np.sign(own.left.day[left] - own.right.day[right])
    backwards = (says[0] & ~says[1] & (later < 0)) | (says[1] & ~says[0] & (later > 0))
    word = np.where(backwards, _BACKWARDS, _WORD[(says[0] ^ says[1]).astype(np.int64)])
    choice = assignment.choose(left, right, weight + word)
    return _proposal(rows, plus[left[choice.edge]], minus[right[choice.edge]], choice.confidence, side)


def _proposal(rows: Rows, entries: Index, partners: Index, confidence: Numbers, side: Side) -> MatchProposal:
    first, second = np.minimum(entries, partners), np.maximum(entries, partners)
    return MatchProposal.pairs(
        first,
        second,
        confidence,
        covers=rows.amount[first],
        method="offset",
        kind="offset",
        side=side,
    )
