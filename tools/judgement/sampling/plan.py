"""Plan a monetary-unit sample: its interval and its size.

interval = (tolerable - expected x expansion factor) / reliability factor;  size = book value / interval.
The interval keeps the risk; the size is how often it fits into the book value, to the nearest whole, so that
a selection may have a row more or less. Source: AICPA, Audit Sampling, chapter 6 and appendix C; ISA 530, 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tools.core import money
from tools.core.errors import UsageError
from tools.judgement.sampling import factors


@dataclass(frozen=True)
class SampleAims:
    """What a sample has to show: misstatement tolerable and expected, minor units; confidence in percent."""

    tolerable_minor: int
    expected_minor: int
    confidence: int
    currency: str


@dataclass(frozen=True)
class SamplePlan:
    """Interval in minor units, planned size, and the factors that they stand on."""

    interval_minor: int
    size: int
    reliability: Decimal
    expansion: Decimal


def plan(book_minor: int, aims: SampleAims) -> SamplePlan:
    """Plan a sample of a book value. Raises UsageError where no sample could show what is asked."""
    expansion, reliability = factors.expansion(aims.confidence), factors.reliability(aims.confidence, 0)
    if aims.tolerable_minor <= 0 or aims.expected_minor < 0:
        raise UsageError("tolerable misstatement is above 0, and what is expected is not below it.")
    room = aims.tolerable_minor - aims.expected_minor * expansion
    interval = int(room / reliability)
    if interval < 1:
        most = int(aims.tolerable_minor / expansion)
        raise UsageError(
            f"no sample shows this: {money.to_display(aims.expected_minor, aims.currency)} expected, times "
            f"{expansion}, leaves nothing of {money.to_display(aims.tolerable_minor, aims.currency)}.",
            remedy=f"Expect less than {money.to_display(most, aims.currency)}, or test all rows.",
        )
    size = int((Decimal(book_minor) / interval).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return SamplePlan(interval, size, reliability, expansion)
