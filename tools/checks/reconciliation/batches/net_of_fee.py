"""A batch net of a fee: a card processor's or a bank's payout is less than what it settles, by a small share.

With a tolerance almost any set of rows fits. So only whole sets are looked at (all rows that share a number
with the payout, all rows of its name of one day), and the share has to be one that recurs: what lies as far
on the other side of the sum, where no fee puts it, shows how many fit by accident.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation import size_limits
from tools.checks.reconciliation.batches import grouping
from tools.checks.reconciliation.batches.grouping import Choice
from tools.checks.reconciliation.one_to_one.match_weights import Weights
from tools.checks.reconciliation.proposals import MatchProposal
from tools.checks.reconciliation.sides.two_sides import Book, Pairs
from tools.ledger.sources import Pair

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_LARGEST: Final = 0.06  # share of the sum that a processor keeps
_BINS: Final = 24
_NUMBERED: Final = (1.0, 0.1)  # sets that fit, real and accidental, before anything is known: of one number
_NAMED: Final = (0.0, 4.5)  # and of one name and day: once is none
_TIMELY: Final = (-3.0, 1.5)  # weight of the dates, at least and at most
_DOUBT: Final = 2.0  # standard deviations by which accidents may outnumber what is expected
_LEAST: Final = 1e-9


def propose(book: Book, weights: Weights, pair: Pair) -> MatchProposal:  # noqa: ARG001 - every pass takes its pair
    """Propose payouts with the sets of rows that they settle; the difference is the fee."""
    groups = grouping.settle(book, weights, _choices)
    return grouping.proposal(book, groups, method="group", reason="fee")


def _choices(book: Book, weights: Weights, related: tuple[Pairs, Pairs]) -> dict[Choice, float]:
    choices: dict[Choice, float] = {}
    for pairs, prior in zip(related, (_NUMBERED, _NAMED), strict=True):
        left, right, first = _sets(book, weights.reach, *pairs, by_day=prior is _NAMED)
        ends = np.append(first[1:], len(right))
        lag = weights.of_lag(book.right.work[right[first]] - book.left.work[left[first]])
        for at, fit in _fitting(book, left, right, first, prior):
            weight = fit + float(np.clip(lag[at], *_TIMELY))
            choice = int(left[first[at]]), tuple(right[first[at] : ends[at]].tolist())
            choices[choice] = max(weight, choices.get(choice, weight))
    return choices


def _sets(book: Book, reach: int, left: Index, right: Index, *, by_day: bool) -> tuple[Index, Index, Index]:
    """Order pairs by set, and give where each set starts."""
    lag = book.right.work[right] - book.left.work[left]
    fits = (
        (book.left.currency[left] == book.right.currency[right])
        & (np.sign(book.left.amount[left]) == np.sign(book.right.amount[right]))
        & (np.abs(lag) <= reach)
    )
    left, right = left[fits], right[fits]
    day = book.right.work[right] if by_day else np.zeros(len(right), np.int64)
    order = np.lexsort((right, day, left))
    left, right, day = left[order], right[order], day[order]
    begins = (np.diff(left, prepend=-1) != 0) | (np.diff(day, prepend=-1) != 0)
    return left, right, np.flatnonzero(begins)


def _fitting(
    book: Book, left: Index, right: Index, first: Index, prior: tuple[float, float]
) -> list[tuple[int, float]]:
    """Give the sets that sum to a little more than their payout, with the log-odds of such a share."""
    if not len(first):
        return []
    whole = np.add.reduceat(book.right.amount[right], first)
    size = np.diff(first, append=len(right))
    share = (whole - book.left.amount[left[first]]) / whole
    several = (size > 1) & (size <= size_limits.ROWS_OF_A_PAYOUT)
    fits = several & (share > 0) & (share <= _LARGEST)
    accidents = 3 * (several & (share < 0) & (share >= -_LARGEST)).sum() / _BINS
    kind = np.minimum((share / _LARGEST * _BINS).astype(np.int64), _BINS - 1)
    counts = np.bincount(kind[fits], minlength=_BINS)
    around = np.convolve(counts, np.ones(3), mode="same")
    beyond = around - accidents - _DOUBT * np.sqrt(accidents)
    odds = (np.maximum(beyond, 0.0) + prior[0]) / (accidents + prior[1])
    weight = np.log(np.maximum(odds, _LEAST))
    return [(int(at), float(weight[kind[at]])) for at in np.flatnonzero(fits)]
