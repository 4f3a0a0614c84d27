"""Evaluate a monetary-unit sample: projected misstatement and its upper limit.

upper limit = basic allowance (reliability factor of none x interval) + projected misstatement
              + incremental allowance (the factors' steps less 1, on the taintings from the largest down)
A row of an interval or more was selected whatever the start was: its misstatement counts as it is.
Overstatements and understatements are evaluated apart, and never netted.
Source: AICPA, Audit Sampling, chapter 6; ISA 530, 14 and 15.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tools.judgement.sampling import factors


@dataclass(frozen=True)
class AuditedRow:
    """A selected row: what the books have, what the auditor holds right; minor units, signs as booked."""

    row_key: str
    book_minor: int
    audited_minor: int

    @property
    def overstated(self) -> int:
        """By how much the books say too much of its size; below 0: too little."""
        difference = self.book_minor - self.audited_minor
        return difference if self.book_minor > 0 else -difference


@dataclass(frozen=True)
class LimitParts:
    """Misstatement of one direction, minor units. counted: of rows of an interval or more, as it is."""

    misstatements: int
    counted: int
    projected: int
    basic: int
    incremental: int

    @property
    def most_likely(self) -> int:
        """What is most likely misstated."""
        return self.counted + self.projected

    @property
    def upper_limit(self) -> int:
        """What is, at the sample's confidence, not exceeded."""
        return self.most_likely + self.basic + self.incremental


@dataclass(frozen=True)
class Evaluation:
    """What a sample shows, in both directions."""

    over: LimitParts
    under: LimitParts


def evaluate(rows: Sequence[AuditedRow], interval_minor: int, confidence: int) -> Evaluation:
    """Evaluate what was selected and audited; every row has been selected at least once."""
    return Evaluation(
        *(
            _one_way(
                [(abs(row.book_minor), sign * row.overstated) for row in rows], interval_minor, confidence
            )
            for sign in (1, -1)
        )
    )


def _one_way(sizes: Sequence[tuple[int, int]], interval: int, confidence: int) -> LimitParts:
    """sizes: of each row its size, and its misstatement in this direction."""
    wrong = [(size, misstated) for size, misstated in sizes if misstated > 0]
    taintings = sorted(
        (Decimal(misstated) / size for size, misstated in wrong if size < interval), reverse=True
    )
    steps = [
        factors.reliability(confidence, number) - factors.reliability(confidence, number - 1) - 1
        for number in range(1, len(taintings) + 1)
    ]
    incremental = sum((step * taint for step, taint in zip(steps, taintings, strict=True)), Decimal())
    return LimitParts(
        misstatements=len(wrong),
        counted=sum(misstated for size, misstated in wrong if size >= interval),
        projected=_whole(sum(taintings, Decimal()) * interval),
        basic=_whole(factors.reliability(confidence, 0) * interval),
        incremental=_whole(incremental * interval),
    )


def _whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
