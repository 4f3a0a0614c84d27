"""The anomaly check: its tests, in the order in which they run."""

from __future__ import annotations

from typing import Final

TESTS: Final[tuple[str, ...]] = (
    "amount_against_vendor",
    "duplicate_payment",
    "duplicate_invoice_number",
    "same_invoice_other_vendor",
    "same_vendor_amount",
    "split_under_limit",
    "weekend_posting",
    "holiday_posting",
    "after_hours",
    "round_amount",
)
