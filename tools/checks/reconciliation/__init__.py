"""Reconciliation: the tests of what did not tie, in order, and the engine that matches the declared pairs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tools.books.engine import Books
    from tools.checks.reconciliation.reconcile import ReconciliationResult
    from tools.checks.runner import TestResult
    from tools.ledger.sources import Sources
    from tools.rules.model import Rules

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


def reconcile(
    books: Books, sources: Sources, rules: Rules, progress: Callable[[TestResult], None] | None = None
) -> ReconciliationResult:
    """Match every declared pair and test what broke; see tools.reconciliation.run."""
    from tools.checks.reconciliation import reconcile as run  # noqa: PLC0415 - scipy is heavy: only who reconciles imports it

    return run.reconcile(books, sources, rules, progress)
