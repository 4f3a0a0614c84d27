"""Entries of one side that take each other back: void, reversal, returned deposit, self-correction.

Such a pair never reaches the other side. It is looked for among what nothing else has claimed, so that a
reversal which the bank shows as well is matched with the bank's line first.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.ledger.sources import Pair
from tools.reconciliation import assign, evidence, exact
from tools.reconciliation.claims import Proposal, Side
from tools.reconciliation.evidence import Book, Weights
from tools.reconciliation.rows import Rows
from tools.reconciliation.texts import tokens
from tools.reconciliation.vocabulary import UNDOING

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_REACH: Final = 60  # business days between an entry and what undoes it
_SHARE: Final = 0.02  # of one side's open rows are undone, before anything is known
_WORD: Final = np.array([-1.0, 2.5])  # log-odds of an entry that says that it undoes another, or does not


def propose_left(book: Book, weights: Weights, pair: Pair) -> Proposal:  # noqa: ARG001 - every pass takes them
    """Propose entries of the left side that take each other back."""
    return _propose(book.left, "left")


def propose_right(book: Book, weights: Weights, pair: Pair) -> Proposal:  # noqa: ARG001 - every pass takes them
    """Propose entries of the right side that take each other back."""
    return _propose(book.right, "right")


def _propose(rows: Rows, side: Side) -> Proposal:
    """Find pairs of opposite amounts that belong together by name, number, date and what they say."""
    plus, minus = np.flatnonzero(rows.amount > 0), np.flatnonzero(rows.amount < 0)
    book = Book.of(rows.at(plus), rows.at(minus).negated())
    left, right = exact.candidates(book.left, book.right, _REACH)
    weights = evidence.learn(book, book.compare(*exact.alone(left, right)), _REACH)
    weight = weights.of(book.compare(left, right)) + evidence.surprise(book, _REACH, share=_SHARE)[left]
    choice = assign.choose(left, right, weight + _says(book, left, right))
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


def _says(book: Book, left: Index, right: Index) -> Numbers:
    undoing = [
        np.array([not UNDOING.isdisjoint(tokens(text)) for text in side.text], dtype=np.int64)
        for side in (book.left, book.right)
    ]
    return np.asarray(_WORD[undoing[0][left] ^ undoing[1][right]], dtype=np.float64)
