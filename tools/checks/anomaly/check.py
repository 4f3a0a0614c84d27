"""The anomaly check: run its tests in their order, then those of the house."""

from __future__ import annotations

from collections.abc import Callable

from tools.books.engine import Books
from tools.checks.anomaly import TESTS
from tools.checks.house_tests import house_tests
from tools.checks.runner import TestResult, run_tests
from tools.rules import test_header
from tools.rules.model import Rules


def check(
    books: Books, rules: Rules, progress: Callable[[TestResult], None] | None = None
) -> list[TestResult]:
    """Run every anomaly test over the books; findings are in the connection's `finding` table."""
    tests = [*(test_header.load("anomaly", name) for name in TESTS), *house_tests(rules)]
    return run_tests(books, tests, rules, progress=progress)
