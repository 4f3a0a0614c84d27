"""Charges above their receipt: a tip is added on the slip after it was printed.

Proposed where one open receipt of the merchant lies close, and for no other open charge. Whether it is a tip
is asked afterwards: where a category's charges are often above their receipts, it is; elsewhere it is a
difference.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from tools.checks.reconciliation.one_to_one.match_weights import Weights
from tools.checks.reconciliation.proposals import MatchProposal
from tools.checks.reconciliation.sides.two_sides import ALIKE, Book
from tools.ledger.sources import Pair

LARGEST: Final = 0.3  # share of the receipt
_FEW: Final = 200_000  # kin; in a longer list no two rows are alone with each other
_CONFIDENCE: Final = 0.8


def propose(book: Book, weights: Weights, pair: Pair) -> MatchProposal:
    """Propose a charge and the one open receipt of its merchant that it exceeds by little."""
    nothing = np.empty(0, np.int64)
    left, right = book.kin(ALIKE, weights.reach) if book.count_kin(ALIKE) <= _FEW else (nothing, nothing)
    charged, printed = book.left.amount[left], book.right.amount[right]
    near = (book.left.currency[left] == book.right.currency[right]) & (printed > 0) & (charged > printed)
    near &= (charged - printed <= LARGEST * printed) & (
        np.abs(book.right.work[right] - book.left.work[left]) <= pair.window_days
    )
    left, right = left[near], right[near]
    alone = (np.bincount(left, minlength=len(book.left))[left] == 1) & (
        np.bincount(right, minlength=len(book.right))[right] == 1
    )
    left, right = left[alone], right[alone]
    return MatchProposal.pairs(
        left,
        right,
        np.full(len(left), _CONFIDENCE),
        covers=book.left.amount[left],
        difference=book.left.amount[left] - book.right.amount[right],
        method="tolerance",
        reason=np.full(len(left), "amount", np.str_),
    )
