"""The tests of the books that engines are held to, and what they found."""

from __future__ import annotations

from tools.books import check_tables
from tools.books.engine import Books
from tools.checks.catalogue import NAMES, loaded
from tools.rules.test_header import BookTest

TESTS: dict[str, list[BookTest]] = {check: loaded(check) for check in NAMES}
_COLUMNS = [name for name in check_tables.FINDING if name != "check"]


def findings_of(books: Books) -> list[tuple[str, ...]]:
    """Give the findings of these books, sorted, each column as text."""
    rows = books.rows("SELECT * FROM finding")
    return sorted(tuple(str(row[name]) for name in _COLUMNS) for row in rows)
