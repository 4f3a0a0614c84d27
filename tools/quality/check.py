"""The data-quality check: its tests over the books, the share of sound rows, and the gate's figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tools import booktest
from tools.engine import Books
from tools.quality import TESTS
from tools.rules import Rules
from tools.runner import TestResult, run_tests

_SHARES = """
SELECT CAST((SELECT count(*) FROM txn WHERE scope = 'window') AS BIGINT) AS rows,
       CAST((SELECT count(*) FROM rejected) AS BIGINT) AS rejected,
       CAST((SELECT count(DISTINCT f.row_key) FROM finding f
             JOIN (SELECT unnest($about_rows) AS test) r ON r.test = f.test
             WHERE f.score > $strong) AS BIGINT) AS unsound,
       CAST((SELECT count(DISTINCT row_key) FROM finding
             WHERE test = 'missing_required_field') AS BIGINT) AS incomplete
"""


@dataclass(frozen=True)
class QualityResult:
    """What the check came to; its findings are in the connection's `finding` table.

    score: share of rows without a finding that makes a suspect by itself; a rejected row is not sound.
    completeness: share of rows with every required field; a rejected row is not complete.
    Both are of the window's rows and the rejected ones together, rounded to six places; 1.0 for none.
    """

    tests: list[TestResult]
    score: float
    completeness: float
    rows: int
    rejected: int


def check(books: Books, rules: Rules, progress: Callable[[TestResult], None] | None = None) -> QualityResult:
    """Run every quality test into `finding`, and measure what share of the rows is sound."""
    tests = [booktest.load("quality", name) for name in TESTS]
    results = run_tests(books, tests, rules, progress=progress)
    about_rows = [test.name for test in tests if test.about == "row"]
    values = {"about_rows": about_rows, "strong": rules.suspects.anomaly_over}
    counted = books.rows(_SHARES, values)[0]
    rows, rejected = counted["rows"], counted["rejected"]
    return QualityResult(
        tests=results,
        score=_share(rows - counted["unsound"], rows + rejected),
        completeness=_share(rows - counted["incomplete"], rows + rejected),
        rows=rows,
        rejected=rejected,
    )


def _share(sound: int, all_: int) -> float:
    return round(sound / all_, 6) if all_ else 1.0
