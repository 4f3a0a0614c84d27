"""How two amounts differ: a fee, digits that changed places, a wrong digit, a turned sign, a tolerance."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation.one_to_one import digit_slips
from tools.ledger.sources import Pair

Index = NDArray[np.int64]

_FEE_SHARE: Final = 0.2  # of an amount that a fee is at most

# Reason: its share among matches that differ, and among random pairs of one name.
SHARES: Final = MappingProxyType(
    {
        "transposed_digits": (0.25, 0.0005),
        "fee": (0.40, 0.002),
        "digit": (0.10, 0.003),
        "sign": (0.05, 0.001),
        "tolerance": (0.20, 0.02),
    }
)
REASONS: Final = tuple(SHARES)
BY_CHANCE: Final = np.array([chance for _, chance in SHARES.values()])


def name(left: Index, right: Index, pair: Pair) -> Index:
    """Name how two amounts differ: a position in REASONS, or -1 for no reason known (or no difference).

    Amounts in minor units. Adjacent digits that changed places are told by their digits, not by nines alone.
    """
    gap = np.abs(left - right)
    larger = np.maximum(np.abs(left), np.abs(right))
    same_sign = np.sign(left) == np.sign(right)
    out = np.full(len(left), -1, dtype=np.int64)
    out[same_sign & (gap <= pair.tolerance * larger)] = REASONS.index("tolerance")
    out[(left == -right) & (left != 0)] = REASONS.index("sign")
    out[same_sign & (gap <= pair.largest_fee_minor) & (gap <= _FEE_SHARE * larger)] = REASONS.index("fee")
    candidates = np.flatnonzero(same_sign & digit_slips.possible(left, right))
    slip = digit_slips.name(np.abs(left[candidates]), np.abs(right[candidates]))
    for reason in digit_slips.NAMES:
        out[candidates[slip == reason]] = REASONS.index(reason)
    out[gap == 0] = -1
    return out
