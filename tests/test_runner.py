"""A test of the books runs, is not applicable, or fails; only rows of the window are flagged."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.books import make_books
from tools.booktest import BookTest
from tools.rules import Rules
from tools.runner import run_tests

ROWS = [
    {"row_key": "a", "kind": "card", "posted_on": "2025-03-01", "amount_minor": 100, "scope": "window"},
    {"row_key": "b", "kind": "card", "posted_on": "2025-03-03", "amount_minor": 900, "scope": "window"},
    {"row_key": "c", "kind": "card", "posted_on": "2025-03-04", "amount_minor": 990, "scope": "history"},
]


def _test(sql: str, **header: object) -> BookTest:
    given: dict[str, object] = {"params": {"over": 500, "score": 20}, **header}
    return BookTest("anomaly", "large", "large", "p", "s", sql, **given)  # type: ignore[arg-type]


LARGE = """
SELECT row_key, $score AS score, amount_minor AS observed, $over AS threshold, 'all' AS population
FROM txn WHERE amount_minor > $over
"""


def test_only_window_rows_are_flagged(tmp_path: Path) -> None:
    """A row of history informs a test but never becomes a finding."""
    with make_books(tmp_path, txn=ROWS) as books:
        (result,) = run_tests(books, [_test(LARGE)], Rules())
        found = books.rows("SELECT row_key, score, observed FROM finding")
    assert (result.status, result.findings) == ("ran", 1)
    assert found == [{"row_key": "b", "score": 20, "observed": "900"}]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"needs": ("vendor_name",)}, "no values in vendor_name"),
        ({"kinds": ("payment",)}, "no source of kind payment"),
        ({"needs": ("vendor.bank_account",)}, "no values in vendor.bank_account"),
    ],
)
def test_missing_columns_make_a_test_not_applicable(
    tmp_path: Path, header: dict[str, object], reason: str
) -> None:
    """A test whose needs are not met says so instead of running."""
    with make_books(tmp_path, txn=ROWS) as books:
        (result,) = run_tests(books, [_test(LARGE, **header)], Rules())
    assert (result.status, result.reason) == ("not_applicable", reason)


def test_an_error_is_a_result(tmp_path: Path) -> None:
    """A query that fails reports itself and leaves the other tests alone."""
    broken = _test("SELECT nonsense FROM txn")
    with make_books(tmp_path, txn=ROWS) as books:
        results = run_tests(books, [broken, _test(LARGE)], Rules())
    assert [result.status for result in results] == ["failed", "ran"]
    assert "nonsense" in results[0].reason
