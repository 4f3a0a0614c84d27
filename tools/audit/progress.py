"""Tell whoever watches the stream what is being done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tools.checks.runner import TestResult

Write = Callable[[Any], None]


def teller(write: Write, check: str) -> Callable[[TestResult], None]:
    """Give a function that sends each test's result as {"progress": "test", "check", "test", ...}."""

    def tell(result: TestResult) -> None:
        write({"progress": "test", **result.as_dict(), "check": check})

    return tell


def reader(write: Write) -> Callable[[str, int], None]:
    """Give a function that sends what is read as {"progress": "read", "source", "rows"}."""

    def tell(source: str, rows: int) -> None:
        write({"progress": "read", "source": source, "rows": rows})

    return tell
