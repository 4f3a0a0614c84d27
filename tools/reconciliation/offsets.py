"""Entries of one side that take each other back: void, reversal, returned deposit, self-correction.

Such a pair never reaches the other side. It is looked for among what nothing else has claimed, so that a
reversal which the bank shows as well is matched with the bank's line first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.ledger.sources import Pair
from tools.reconciliation import assign, evidence, exact
from tools.reconciliation.book import Book
from tools.reconciliation.claims import Proposal, Side
from tools.reconciliation.evidence import Weights

Numbers = NDArray[np.float64]

_REACH: Final = 60  # business days between an entry and what undoes it
_SHARE: Final = 0.3  # of opposite amounts of one side that stand alone, before anything is known
_WORD: Final = np.array([-1.0, 2.5])  # log-odds of an entry that says that it undoes another, or does not


def propose_left(book: Book, weights: Weights, pair: Pair) -> Proposal:  # noqa: ARG001 - every pass takes them
    """Propose entries of the left side that take each other back."""
    return _propose(book, "left")


def propose_right(book: Book, weights: Weights, pair: Pair) -> Proposal:  # noqa: ARG001 - every pass takes them
    """Propose entries of the right side that take each other back."""
    return _propose(book, "right")


def _propose(book: Book, side: Side) -> Proposal:
    """Find pairs of opposite amounts that belong together by name, number, date and what they say."""
    rows = book.left if side == "left" else book.right
    plus, minus = np.flatnonzero(rows.amount > 0), np.flatnonzero(rows.amount < 0)
    own = replace(
        book,
        left=rows.at(plus),
        right=rows.at(minus).negated(),
        marks=book.fetched.within(left=side == "left"),
    )
    left, right = exact.candidates(own.left, own.right, _REACH)
    weights = evidence.learn(own, own.compare(*exact.alone(left, right)), _REACH, share=_SHARE)
    weight = weights.of(own.compare(left, right)) + evidence.surprise(own, _REACH, weights)[left]
    says = own.undoes[own.left.text[left]] ^ own.undoes[own.right.text[right]]
    choice = assign.choose(left, right, weight + _WORD[says.astype(np.int64)])
    one, other = plus[left[choice.edge]], minus[right[choice.edge]]
    first, second = np.minimum(one, other), np.maximum(one, other)
    return Proposal.pairs(
        first,
        second,
        choice.confidence,
        covers=rows.amount[first],
        found_by="offset",
        kind="offset",
        side=side,
    )
