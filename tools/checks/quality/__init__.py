"""The data-quality check: its tests, in the order in which they run."""

from __future__ import annotations

from typing import Final

TESTS: Final[tuple[str, ...]] = (
    "rejected_line",
    "unreadable_lines",
    "control_total_mismatch",
    "statement_out_of_balance",
    "unread_file",
    "missing_required_field",
    "implausible_amount",
    "excess_decimals",
    "unknown_currency",
    "future_date",
    "implausible_date",
    "malformed_card",
    "due_before_invoice",
    "unbalanced_journal",
    "unknown_vendor",
    "unknown_employee",
    "repeated_id",
    "repeated_block",
    "repeated_content",
    "altered_copy",
    "respelled_copy",
    "respelled_vendor",
    "near_copy",
    "out_of_sequence",
    "sequence_gap",
    "stale_source",
    "unusual_volume",
    "unusual_mix",
    "missing_cell",
    "malformed_cell",
    "outlying_cell",
    "mistyped_cell",
    "merged_cell",
    "miscalculated_cell",
    "conflicting_cell",
    "disputed_cell",
)
