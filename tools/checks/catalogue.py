"""Every test of the books, by check, in the order in which they run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tools.checks import anomaly, quality, reconciliation
from tools.rules.test_header import BookTest, CheckName, load

NAMES: Final[Mapping[CheckName, tuple[str, ...]]] = {
    "quality": quality.TESTS,
    "reconciliation": reconciliation.TESTS,
    "anomaly": anomaly.TESTS,
}


def loaded(check: CheckName) -> list[BookTest]:
    """Give a check's tests."""
    return [load(check, name) for name in NAMES[check]]


def settable(check: CheckName) -> list[BookTest]:
    """Give what the rules file may set: a check's tests, and after them their parts that have parameters."""
    tests = loaded(check)
    stood_on = [part for test in tests for part in (*test.parts, *_verdict(test)) if part.params]
    return [*tests, *{part.name: part for part in stood_on}.values()]


def history_days() -> int:
    """Give the longest history that a test asks for."""
    return max(test.history for check in NAMES for test in loaded(check))


def _verdict(test: BookTest) -> tuple[BookTest, ...]:
    return (*test.verdict.parts, test.verdict) if test.verdict else ()
