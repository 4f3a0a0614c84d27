"""Reconciliation: the tests of what did not tie, in order. `reconcile.py` matches the declared pairs."""

from __future__ import annotations

from typing import Final

TESTS: Final[tuple[str, ...]] = (
    "unmatched_row",
    "amount_mismatch",
    "transposed_digits",
    "wrong_party",
    "missing_receipt",
    "statement_difference",
    "duplicate_posting",
    "balance_break",
    "trial_balance_break",
    "uncertain_match",
    "timing_item",
)
