"""Every test gives its result; the check gives the shares of sound and of complete rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.books import make_books
from tools.checks.quality import TESTS
from tools.checks.quality.check import check
from tools.rules.model import Rules

CARD: dict[str, Any] = {"source": "card", "posted_on": "2025-03-03", "vendor_name": "Acme"}
ROWS = [
    {**CARD, "row_key": f"r{i}", "txn_id": f"T{i}", "amount_minor": 1000 + i, "content_hash": f"c{i}"}
    for i in range(8)
]
REQUIRED = [{"source": "card", "field": "vendor_name"}, {"source": "card", "field": "amount_minor"}]


def test_every_test_gives_its_result(tmp_path: Path) -> None:
    """Each test ran, or says why it does not apply; the progress hears of each in turn."""
    progress: list[str] = []
    with make_books(tmp_path, txn=ROWS, required_field=REQUIRED) as books:
        result = check(books, Rules(), lambda outcome: progress.append(outcome.test))
    assert progress == list(TESTS) == [outcome.test for outcome in result.tests]
    assert {outcome.status for outcome in result.tests} == {"ran", "not_applicable"}
    assert all(outcome.reason for outcome in result.tests if outcome.status == "not_applicable")


def test_sound_books(tmp_path: Path) -> None:
    """Nothing wrong: all of it is sound and complete."""
    with make_books(tmp_path, txn=ROWS, required_field=REQUIRED) as books:
        result = check(books, Rules())
    assert (result.score, result.completeness, result.rows, result.rejected) == (1.0, 1.0, 8, 0)


def test_shares(tmp_path: Path) -> None:
    """A row counts once however much is wrong with it; a hint leaves it sound; history is not counted."""
    bad = [
        {**ROWS[0], "vendor_name": None, "vendor_key": None, "currency": "USX"},
        {**ROWS[1], "rounded": True},
        {**ROWS[2], "txn_id": "T3"},
        *ROWS[3:],
        {
            **ROWS[4],
            "row_key": "old",
            "txn_id": "T99",
            "content_hash": "old",
            "currency": "USX",
            "scope": "history",
        },
    ]
    with make_books(tmp_path, txn=bad, required_field=REQUIRED) as books:
        result = check(books, Rules())
    assert result.rows == 8
    assert result.completeness == 0.875
    assert result.score == 0.75


def test_rejected_lines_lower_both_shares(tmp_path: Path) -> None:
    """Of ten lines that were read two were rejected; the window's rows cannot make up for them."""
    rejected = [{"source": "card", "file": "card.csv", "line": i, "reason": "no date"} for i in (3, 9)]
    total = [
        {"source": "card", "file": "card.csv", "currency": "USD", "rows": 10, "rejected": 2, "filtered": 0}
    ]
    with make_books(
        tmp_path, txn=ROWS, required_field=REQUIRED, rejected=rejected, control_total=total
    ) as books:
        result = check(books, Rules())
        findings = books.rows("SELECT row_key FROM finding WHERE test = 'rejected_line' ORDER BY row_key")
    assert (result.score, result.completeness, result.rejected) == (0.8, 0.8, 2)
    assert [row["row_key"] for row in findings] == ["line:card:card.csv:3", "line:card:card.csv:9"]


def test_rows_of_tables_count(tmp_path: Path) -> None:
    """A table's rows are rows: one with a bad cell is not sound. Completeness is about postings."""
    cells = [{"row_key": f"t{i}", "price": "12.50"} for i in range(9)] + [{"row_key": "t9", "price": "N/A"}]
    with make_books(tmp_path, table_prices=cells) as books:
        result = check(books, Rules())
    assert (result.rows, result.score, result.completeness) == (10, 0.9, 1.0)
