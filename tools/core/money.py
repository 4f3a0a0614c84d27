"""Money is integer minor units with a currency; decimal text at every border."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Final

# ISO 4217 exponents that differ from two; read by the SQL that makes amounts too.
EXPONENTS: Final = {
    **dict.fromkeys(("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF").split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


@cache
def exponent(currency: str) -> int:
    """Digits after the point in `currency` (ISO 4217)."""
    return EXPONENTS.get(currency.upper(), 2)


def to_minor(amount: Decimal, currency: str) -> int:
    """Round a decimal amount half up (away from zero) to integer minor units."""
    scaled = amount.scaleb(exponent(currency))
    return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_decimal(minor: int, currency: str) -> Decimal:
    """Give minor units back as an exact decimal."""
    return Decimal(minor).scaleb(-exponent(currency))


def to_text(minor: int, currency: str) -> str:
    """Write minor units as plain decimal text, "1234.50": what leaves in JSON and CSV."""
    return f"{to_decimal(minor, currency):.{exponent(currency)}f}"


def to_display(minor: int, currency: str) -> str:
    """Write minor units for a reader, "1,234.50 USD"."""
    return f"{to_decimal(minor, currency):,.{exponent(currency)}f} {currency}"
