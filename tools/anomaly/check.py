"""The anomaly check: run its tests in their order."""

from __future__ import annotations

from collections.abc import Callable

from tools import booktest
from tools.anomaly import TESTS
from tools.engine import Books
from tools.rules import Rules
from tools.runner import TestResult, run_tests


def check(
    books: Books, rules: Rules, progress: Callable[[TestResult], None] | None = None
) -> list[TestResult]:
    """Run every anomaly test over the books; findings are in the connection's `finding` table."""
    return run_tests(books, [booktest.load("anomaly", name) for name in TESTS], rules, progress=progress)
