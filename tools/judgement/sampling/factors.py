"""Factors of monetary-unit samples: reliability by confidence and misstatements, expansion by confidence.

AICPA, Audit Guide Audit Sampling, appendix C (tables of confidence factors and of expansion factors).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from functools import cache
from typing import Final

from tools.core.errors import UsageError

_EXPANSION: Final[Mapping[int, Decimal]] = {
    level: Decimal(factor)
    for level, factor in (
        (99, "1.9"), (95, "1.6"), (90, "1.5"), (85, "1.4"), (80, "1.3"),
        (75, "1.25"), (70, "1.2"), (63, "1.15"), (50, "1.0"),
    )
}  # fmt: skip
CONFIDENCES: Final = tuple(_EXPANSION)
_CENT: Final = Decimal("0.01")


def expansion(confidence: int) -> Decimal:
    """Give the factor by which expected misstatement counts. Raises UsageError for a level of no table."""
    if confidence not in _EXPANSION:
        levels = ", ".join(map(str, CONFIDENCES))
        raise UsageError(f"--confidence {confidence} stands in no table.", remedy=f"Take one of {levels}.")
    return _EXPANSION[confidence]


@cache
def reliability(confidence: int, misstatements: int) -> Decimal:
    """Give the Poisson upper limit of so many misstatements, rounded up to hundredths as in the guide."""
    from scipy.special import gammaincinv  # noqa: PLC0415 - takes long to open, and few commands sample

    limit = Decimal(str(float(gammaincinv(misstatements + 1, confidence / 100))))
    return limit.quantize(_CENT, rounding=ROUND_CEILING)
