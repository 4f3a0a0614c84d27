"""The anomaly check: its tests, in the order in which they run."""

from __future__ import annotations

from typing import Final

TESTS: Final[tuple[str, ...]] = (
    "amount_against_vendor",
    "duplicate_payment",
    "split_under_limit",
    "weekend_posting",
    "holiday_posting",
    "after_hours",
    "round_amount",
)
