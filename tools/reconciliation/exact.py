"""Equal amounts: every pair of rows with one amount within reach is a candidate; the evidence decides."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.ledger.sources import Pair
from tools.reconciliation import assign, evidence
from tools.reconciliation.claims import Proposal
from tools.reconciliation.evidence import Book, Weights
from tools.reconciliation.rows import Rows

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_LEAST_REACH: Final = 10  # business days looked at on either side, however narrow the pair's window
_LATEST: Final = 60  # business days after which nothing is looked for


def learn(book: Book, pair: Pair) -> Weights:
    """Learn what agreement weighs from the rows whose amount occurs once on either side within reach."""
    reach = max(_LEAST_REACH, 3 * pair.window_days)
    left, right = candidates(book.left, book.right, reach)
    return evidence.learn(book, book.compare(*alone(left, right)), reach)


def propose(book: Book, weights: Weights, pair: Pair) -> Proposal:
    """Propose pairs of equal amounts within reach."""
    left, right = candidates(book.left, book.right, weights.reach, one_sided=pair.one_sided)
    compared = book.compare(left, right)
    weight = weights.of(compared) + evidence.surprise(book, weights.reach)[left]
    foreign = compared.name == evidence.BOTH_ELSEWHERE
    far = np.abs(compared.lag) > max(pair.window_days, weights.usual)
    weight = np.where(foreign & far & (compared.number != evidence.SHARED), -1.0, weight)
    return _chosen(book, left, right, weight, pair.window_days)


def propose_late(book: Book, weights: Weights, pair: Pair) -> Proposal:
    """Propose equal amounts beyond reach whose names or numbers agree: cleared late, or last period's."""
    left, right = candidates(book.left, book.right, _LATEST, one_sided=pair.one_sided)
    compared = book.compare(left, right)
    weight = weights.of(compared) + evidence.surprise(book, _LATEST)[left]
    known = (compared.name >= evidence.MUCH) | (compared.number == evidence.SHARED)
    return _chosen(book, left, right, np.where(known, weight, -1.0), pair.window_days)


def candidates(left: Rows, right: Rows, reach: int, *, one_sided: bool = False) -> tuple[Index, Index]:
    """Give the positions of pairs with equal currency and amount, at most `reach` business days apart."""
    l_code, r_code = _codes(left, right)
    order = np.lexsort((right.work, r_code))
    days = right.work[order] + r_code[order] * _APART
    first = np.searchsorted(days, left.work + l_code * _APART - (0 if one_sided else reach))
    count = np.searchsorted(days, left.work + l_code * _APART + reach, "right") - first
    l_at = np.repeat(np.arange(len(left)), count)
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return l_at, order[np.repeat(first, count) + step]


_APART: Final = 1_000_000  # more days than any book spans, so that one search finds amount and day


def _codes(left: Rows, right: Rows) -> tuple[Index, Index]:
    amounts, code = np.unique(np.concatenate([left.amount, right.amount]), return_inverse=True)
    code = code + len(amounts) * np.concatenate([left.currency, right.currency])
    return code[: len(left)], code[len(left) :]


def alone(left: Index, right: Index) -> tuple[Index, Index]:
    """Give the pairs that are the only one of both their rows."""
    only = (np.bincount(left, minlength=1)[left] == 1) & (np.bincount(right, minlength=1)[right] == 1)
    return left[only], right[only]


def _chosen(book: Book, left: Index, right: Index, weight: Numbers, window: int) -> Proposal:
    choice = assign.choose(left, right, weight)
    left, right = left[choice.edge], right[choice.edge]
    same_day = book.left.day[left] == book.right.day[right]
    close = np.abs(book.left.work[left] - book.right.work[right]) <= window
    return Proposal.pairs(
        left,
        right,
        choice.confidence,
        covers=book.left.amount[left],
        found_by=np.where(same_day, "exact", np.where(close, "window", "late")),
    )
