"""Amounts that differ for a reason: a fee, digits that changed places, a slip of the hand, a tolerance.

The names (or an identifying number) have to agree first; then the difference is named, and weighed by how
seldom two strangers' amounts differ in that way.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log, log1p
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.ledger.sources import Pair
from tools.reconciliation import assign, slips
from tools.reconciliation.book import ALIKE, ALL, MUCH, Book
from tools.reconciliation.claims import Proposal
from tools.reconciliation.evidence import Weights
from tools.reconciliation.texts import distinct

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_FEW: Final = 2_000_000  # kin that are compared whatever their amounts
_CROWD: Final = 200  # kin of one size; more of them can't be told apart
_SIZES: Final = 1_000_003
_LEAST_STEP: Final = 0.02
_LARGEST_FEE: Final = 5000  # minor units: what a bank takes for a wire
_FEE_SHARE: Final = 0.2  # and of what amount at most

# reason: share of matches that differ so, share of strangers of one name that do
# Reason: its share among matches that differ, and among strangers of one name.
_REASONS: Final = MappingProxyType(
    {
        "transposed_digits": (0.25, 0.0005),
        "fee": (0.40, 0.002),
        "digit": (0.10, 0.003),
        "sign": (0.05, 0.001),
        "tolerance": (0.20, 0.02),
    }
)
_SHARE: Final = 0.3  # of open rows with kin have a match that differs, before anything is known
_PRIOR_ROWS: Final = 10.0
_PRIOR_PAIRS: Final = 2_000.0
_STRANGERS: Final = 100_000
_LIKENESSES: Final = 10_000
_KIN: Final = np.array([0.8, 0.2])  # of strangers of like names: much alike, all alike
REASONS: Final = tuple(_REASONS)
BY_CHANCE: Final = np.array([stranger for _, stranger in _REASONS.values()])


def propose(book: Book, weights: Weights, pair: Pair) -> Proposal:
    """Propose pairs of like names, or one identifying number, whose amounts differ for a reason."""
    left, right = _candidates(book, weights.reach, pair)
    reason = difference(book.left.amount[left], book.right.amount[right], pair.tolerance)
    known = reason >= 0
    left, right, reason = left[known], right[known], reason[known]
    compared = book.compare(left, right)
    weight = _odds(book, weights.reach, left, reason, pair.tolerance) + weights.of_same_name(compared)
    weight += _of_kin(book, weights)[compared.name]
    choice = assign.choose(left, right, weight)
    left, right, reason = left[choice.edge], right[choice.edge], reason[choice.edge]
    return Proposal.pairs(
        left,
        right,
        choice.confidence,
        covers=book.left.amount[left],
        difference=book.left.amount[left] - book.right.amount[right],
        found_by="tolerance",
        reason=np.array(REASONS, np.str_)[reason],
    )


def _odds(book: Book, reach: int, left: Index, reason: Index, tolerance: float) -> Numbers:
    """Weigh the reasons of candidates by how many strangers of a row's name would differ in that way.

    How many rows have a match that differs at all is what is seen beyond what strangers explain.
    """
    chance = _by_chance(book, reach, tolerance)
    kin = book.count_near(ALIKE, reach)
    expected = np.minimum(kin * chance.sum(), 1.0)[kin > 0]
    seen = len(np.unique(left))
    share = (max(0.0, seen - expected.sum()) + _PRIOR_ROWS * _SHARE) / (len(expected) + _PRIOR_ROWS)
    share = min(share, 0.95)
    match = np.array([match for match, _ in _REASONS.values()])
    strangers = np.maximum(kin[left], 1) * chance[reason]
    return np.asarray(log(share / (1 - share)) + np.log(match[reason] / strangers), dtype=np.float64)


def _of_kin(book: Book, weights: Weights) -> Numbers:
    """Weigh how alike names are among those that are alike: of one word, or of all."""
    sample = book.likeness(*book.some_kin(ALIKE, _LIKENESSES))
    out = np.zeros(ALL + 1)
    kin = slice(MUCH, ALL + 1)
    counts = np.bincount(sample, minlength=ALL + 1)[kin] + _PRIOR_ROWS * _KIN
    out[kin] = np.log(weights.alike[kin] / weights.alike[kin].sum()) - np.log(counts / counts.sum())
    return out


def _by_chance(book: Book, reach: int, tolerance: float) -> Numbers:
    """Give how often strangers of one name differ for each reason: kin too far apart to be matches."""
    prior = np.array([stranger for _, stranger in _REASONS.values()])
    left, right = book.some_kin(ALIKE, _STRANGERS)
    far = np.abs(book.right.work[right] - book.left.work[left]) > reach
    left, right = left[far], right[far]
    reason = difference(book.left.amount[left], book.right.amount[right], tolerance)
    counts = np.bincount(reason[reason >= 0], minlength=len(prior))
    return np.asarray((counts + _PRIOR_PAIRS * prior) / (len(left) + _PRIOR_PAIRS), dtype=np.float64)


def _candidates(book: Book, reach: int, pair: Pair) -> tuple[Index, Index]:
    named = (
        [book.kin(ALIKE, reach)]
        if book.count_kin(ALIKE) <= _FEW
        else list(_sized(book, reach, pair.tolerance))
    )
    left, right = (np.concatenate(side) for side in zip(*named, book.sharing(), strict=True))
    both = distinct(left * len(book.right) + right)
    left, right = both // max(1, len(book.right)), both % max(1, len(book.right))
    lag = book.right.work[right] - book.left.work[left]
    timely = (lag >= (0 if pair.one_sided else -reach)) & (lag <= reach)
    same = book.left.currency[left] == book.right.currency[right]
    return left[timely & same], right[timely & same]


def _sized(book: Book, reach: int, tolerance: float) -> Iterator[tuple[Index, Index]]:
    """Give the kin of near amounts or the same digits: in a long book not all kin can be compared."""
    left, right = book.left.amount, book.right.amount
    step = log1p(max(tolerance, _LEAST_STEP))
    for sizes in (
        (np.log(np.abs(left)) / step, np.log(np.abs(right)) / step),
        (np.abs(left) / _LARGEST_FEE, np.abs(right) / _LARGEST_FEE),
    ):
        one, other = (np.floor(size).astype(np.int64) % _SIZES for size in sizes)
        for shift in (0, 1, 2):
            yield book.kin_of_size(ALIKE, reach, one + shift, other + 1, most=_CROWD)
    yield book.kin_of_size(
        ALIKE, reach, slips.figures(left) % _SIZES, slips.figures(right) % _SIZES, most=_CROWD
    )


def difference(left: Index, right: Index, tolerance: float) -> Index:
    """Name how two amounts differ: a position in REASONS, or -1 for no reason known (or no difference).

    Amounts in minor units. Adjacent digits that changed places are told by their digits, not by nines alone.
    """
    gap = np.abs(left - right)
    larger = np.maximum(np.abs(left), np.abs(right))
    same_sign = np.sign(left) == np.sign(right)
    out = np.full(len(left), -1, dtype=np.int64)
    out[same_sign & (gap <= tolerance * larger)] = REASONS.index("tolerance")
    out[(left == -right) & (left != 0)] = REASONS.index("sign")
    out[same_sign & (gap <= _LARGEST_FEE) & (gap <= _FEE_SHARE * larger)] = REASONS.index("fee")
    some = np.flatnonzero(same_sign & slips.possible(left, right))
    slip = slips.name(np.abs(left[some]), np.abs(right[some]))
    for reason in slips.NAMES:
        out[some[slip == reason]] = REASONS.index(reason)
    out[gap == 0] = -1
    return out
