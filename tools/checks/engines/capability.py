"""What each engine does with each test of the books: runs its query, or why it cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tools.checks.engines.carried import Dialect, carried
from tools.checks.runner import judge_of
from tools.core.errors import UnsupportedError
from tools.rules.test_header import BookTest

DIALECTS: Final[Mapping[str, Dialect]] = {
    "PostgreSQL": "postgres",
    "Spark": "spark",
    "Databricks": "databricks",
}


def refusal(engine: str, test: BookTest) -> str:
    """Say why an engine of DIALECTS cannot run a test, or "" where it can."""
    for query in queries(test):
        try:
            carried(query, DIALECTS[engine])
        except UnsupportedError as error:
            return error.message
    return ""


def queries(test: BookTest) -> Iterator[str]:
    """Give all texts that a test runs: its parts, its verdict and its own."""
    for part in (*test.parts, *((*test.verdict.parts, test.verdict) if test.verdict else ())):
        yield part.sql
    if test.sql:
        yield test.sql


def is_judged_here(test: BookTest) -> bool:
    """Whether the rows of its query come to this process, where Python judges them."""
    return judge_of(test) is not None
