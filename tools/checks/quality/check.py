"""The data-quality check: its tests over the books, the share of sound rows, and the gate's figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tools.books.engine import Books
from tools.checks.quality import TESTS
from tools.checks.runner import TestResult, run_tests
from tools.rules import test_header
from tools.rules.model import Rules

_COUNTED = """
    WITH of_rows AS (
        SELECT f.row_key, max(f.score) AS score,
               max(CASE WHEN f.test = 'missing_required_field' THEN 1 ELSE 0 END) AS incomplete
        FROM finding f
        WHERE list_contains($about_rows, f.test)
        GROUP BY f.row_key
    )
    SELECT (SELECT count(*) FROM txn WHERE scope = 'window') AS postings,
           (SELECT count(DISTINCT row_key) FROM cell) AS table_rows,
           (SELECT count(*) FROM of_rows WHERE score > $strong) AS unsound,
           (SELECT count(*) FROM of_rows WHERE incomplete = 1) AS incomplete,
           (SELECT count(*) FROM rejected) AS rejected,
           (SELECT coalesce(sum(rows - coalesce(filtered, 0)), 0) FROM control_total) AS read
"""


@dataclass(frozen=True)
class QualityResult:
    """What the check came to; its findings are in the connection's `finding` table.

    score: share of rows, those of tables included, without a finding that makes a suspect by itself.
    completeness: share of postings with every required field.
    Both are of the window, and both are lowered by the share of all lines read that were rejected: those
    have no date, so that nobody knows whose window they are in. Rounded to six places; 1.0 for no rows.
    """

    tests: list[TestResult]
    score: float
    completeness: float
    rows: int
    rejected: int


def check(books: Books, rules: Rules, progress: Callable[[TestResult], None] | None = None) -> QualityResult:
    """Run every quality test into `finding`, and measure what share of the rows is sound."""
    tests = [test_header.load("quality", name) for name in TESTS]
    results = run_tests(books, tests, rules, progress=progress)
    about_rows = [test.name for test in tests if test.about in ("row", "cell")]
    counted = books.rows(_COUNTED, {"about_rows": about_rows, "strong": rules.suspects.anomaly_over})[0]
    postings, rejected = counted["postings"], counted["rejected"]
    rows = postings + counted["table_rows"]
    readable = 1 - rejected / max(int(counted["read"]), postings + rejected, 1)
    return QualityResult(
        tests=results,
        score=round(_share(rows - counted["unsound"], rows) * readable, 6),
        completeness=round(_share(postings - counted["incomplete"], postings) * readable, 6),
        rows=rows,
        rejected=rejected,
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
