"""Tell whoever watches the stream what a check is doing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tools.runner import TestResult

Tell = Callable[[TestResult], None]


def teller(write: Callable[[Any], None], check: str) -> Tell:
    """Give a function that sends each test's result to a stream as {"check", "test", ...}."""

    def tell(result: TestResult) -> None:
        write({"progress": "test", **result.as_dict(), "check": check})

    return tell
