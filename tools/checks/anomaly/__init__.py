"""The anomaly check: its tests, in the order in which they run."""

from __future__ import annotations

from typing import Final

TESTS: Final[tuple[str, ...]] = (
    "amount_against_vendor",
    "amount_against_person",
    "amount_outside_sigma",
    "relative_size",
    "duplicate_payment",
    "duplicate_outflow",
    "duplicate_invoice_number",
    "same_invoice_other_vendor",
    "same_vendor_amount",
    "recurring_late",
    "recurring_amount",
    "split_under_limit",
    "just_below_limit",
    "inferred_limit",
    "new_vendor_large_payment",
    "dormant_vendor",
    "velocity",
    "consecutive_invoice_numbers",
    "vendor_employee_match",
    "bank_details_changed",
    "preparer_is_approver",
    "approver_above_limit",
    "backdated",
    "after_period_end",
    "weekend_posting",
    "holiday_posting",
    "after_hours",
    "round_amount",
    "benford_first_digit",
    "benford_second_digit",
    "benford_first_two",
    "last_two_digits",
    "number_duplication",
    "ecod_ranking",
)
