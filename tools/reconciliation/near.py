"""Amounts that differ for a reason: a fee, digits that changed places, a slip of the hand, a tolerance.

The names (or an identifying number) have to agree first; then the difference is named, and weighed by how
seldom two strangers' amounts differ in that way.
"""

from __future__ import annotations

from math import log
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.ledger.sources import Pair
from tools.reconciliation import assign
from tools.reconciliation.claims import Proposal
from tools.reconciliation.evidence import Book, Weights

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

ALIKE: Final = 0.6
_SHORTEST: Final = 3  # digits of an amount in which one may be wrong
_LARGEST_FEE: Final = 5000  # minor units: what a bank takes for a wire

# reason: share of matches that differ so, share of strangers of one name that do
_REASONS: Final = MappingProxyType(
    {
        "transposed_digits": (0.01, 0.0005),
        "fee": (0.02, 0.002),
        "digit": (0.005, 0.003),
        "sign": (0.002, 0.001),
        "tolerance": (0.02, 0.02),
    }
)
REASONS: Final = tuple(_REASONS)


def propose(book: Book, weights: Weights, pair: Pair) -> Proposal:
    """Propose pairs of like names, or one identifying number, whose amounts differ for a reason."""
    left, right = _alike(book, weights.reach, one_sided=pair.one_sided)
    reason = difference(book.left.amount[left], book.right.amount[right], pair.tolerance)
    known = reason >= 0
    left, right, reason = left[known], right[known], reason[known]
    among = np.bincount(left, minlength=len(book.left))[left]
    odds = np.array([log(match / stranger) for match, stranger in _REASONS.values()])
    weight = odds[reason] - np.log(np.maximum(among, 1)) + weights.of(book.compare(left, right))
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


def _alike(book: Book, reach: int, *, one_sided: bool) -> tuple[Index, Index]:
    left, right = book.texts.kin(ALIKE)
    numbered = book.texts.sharing()
    pairs = np.unique(np.concatenate([np.stack([left, right], 1), np.stack(numbered, 1)]), axis=0)
    left, right = pairs[:, 0], pairs[:, 1]
    lag = book.right.work[right] - book.left.work[left]
    timely = (lag >= (0 if one_sided else -reach)) & (lag <= reach)
    same = book.left.currency[left] == book.right.currency[right]
    return left[timely & same], right[timely & same]


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
    out[same_sign & (gap <= _LARGEST_FEE)] = REASONS.index("fee")
    for at in np.flatnonzero(same_sign & (gap > 0)):
        slip = _slip(str(abs(int(left[at]))), str(abs(int(right[at]))))
        if slip:
            out[at] = REASONS.index(slip)
    out[gap == 0] = -1
    return out


def _slip(one: str, other: str) -> str:
    width = max(len(one), len(other))
    if width - min(len(one), len(other)) > 1:
        return ""
    if _swapped(one.zfill(width), other.zfill(width)):
        return "transposed_digits"
    return "digit" if width >= _SHORTEST and _one_off(one, other) else ""


def _swapped(one: str, other: str) -> bool:
    """Two neighbouring digits changed places."""
    first = next((n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b), len(one))
    return one[first : first + 2][::-1] == other[first : first + 2] and one[first + 2 :] == other[first + 2 :]


def _one_off(one: str, other: str) -> bool:
    """One digit differs, or one is missing."""
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    return any(short == long[:n] + long[n + 1 :] for n in range(len(long)))
