"""A query cut into its common parts and the rest gives the rows that it gives whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.engines.findings import TESTS, findings_of
from tools.books.engine import Books, bound
from tools.checks import runner
from tools.checks.engines.common_parts import cut
from tools.rules.model import Rules

TWICE_NAMED = """
WITH large AS (SELECT k, n FROM t WHERE n > $least),
     summed AS (SELECT k, sum(n) AS n FROM large GROUP BY k),
     shared AS (SELECT s.k, s.n, a.n AS whole FROM summed s CROSS JOIN (SELECT sum(n) AS n FROM summed) a)
SELECT shared.k, shared.n, whole FROM shared JOIN summed ON summed.k = shared.k ORDER BY 1
"""
INNER_NAME = """
WITH summed AS (SELECT k, sum(n) AS n FROM t GROUP BY k)
SELECT a.k, b.n FROM summed a JOIN summed b USING (k)
WHERE a.k IN (WITH summed AS (SELECT 2 AS k) SELECT k FROM summed UNION SELECT k FROM summed)
"""
LOOPED = """
WITH RECURSIVE step AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM step WHERE n < 4)
SELECT a.n FROM step a JOIN step b ON a.n = b.n
"""


class CuttingEngine:
    """DuckDB as an engine that is given each query in parts."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def keep(self, table: str, sql: str, parameters: Mapping[str, Any]) -> None:
        """Compute a query, after its parts, into a table."""
        self._books.keep(table, self._rest(sql, parameters), parameters)

    def query(self, sql: str, parameters: Mapping[str, Any]) -> pa.Table:
        """Run a query after its parts."""
        return self._books.query(self._rest(sql, parameters), parameters)

    def cancel(self) -> None:
        """Stop what runs now."""
        self._books.connection.interrupt()

    def _rest(self, sql: str, parameters: Mapping[str, Any]) -> str:
        query = cut(sql)
        for name, part in query.parts:
            self._books.keep(name, part, parameters)
        return query.rest


@pytest.mark.parametrize("check", TESTS)
def test_every_test_of_the_books_finds_the_same_in_parts(books: Books, check: str) -> None:
    """Each test of the books, its parts computed first as tables, finds the rows that it finds whole."""
    whole = runner.run_tests(books, TESTS[check], Rules())
    expected = findings_of(books)
    books.elsewhere = CuttingEngine(books)
    in_parts = runner.run_tests(books, TESTS[check], Rules())
    books.elsewhere = None
    assert [(result.test, result.status) for result in in_parts] == [(r.test, r.status) for r in whole]
    assert findings_of(books) == expected
    assert sum(len(cut(test.sql).parts) for test in TESTS[check]) > 0


def test_what_is_named_twice_is_a_part_and_what_is_named_once_is_not() -> None:
    """A sum named three times is laid out, with the filter under it; what is named once stays where it is."""
    query = cut(TWICE_NAMED)
    assert [name.rpartition("_")[0] for name, _ in query.parts] == ["summed"]
    assert _rows(TWICE_NAMED) == _rows_in_parts(TWICE_NAMED) == [(1, 9, 16), (2, 7, 16)]
    assert "GROUP BY" not in query.rest


@pytest.mark.parametrize("sql", [INNER_NAME, LOOPED])
def test_names_of_another_scope_and_recursion_stay_whole(sql: str) -> None:
    """A name that an inner query gives anew is the inner one's; a query that reads itself is not cut."""
    assert sorted(_rows_in_parts(sql)) == sorted(_rows(sql))


def test_two_queries_with_a_part_of_one_name_do_not_meet() -> None:
    """A part's table carries its query's own mark: another query's part of that name is another table."""
    other = TWICE_NAMED.replace("sum(n)", "max(n)")
    assert {name for name, _ in cut(TWICE_NAMED).parts}.isdisjoint(name for name, _ in cut(other).parts)


def _rows(sql: str) -> list[tuple[Any, ...]]:
    return _table().execute(sql, bound(sql, {"least": 1})).fetchall()


def _rows_in_parts(sql: str) -> list[tuple[Any, ...]]:
    connection, query = _table(), cut(sql)
    for name, part in query.parts:
        connection.execute(f"CREATE TEMP TABLE {name} AS {part}", bound(part, {"least": 1}))
    return connection.execute(query.rest, bound(query.rest, {"least": 1})).fetchall()


def _table() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t AS SELECT * FROM (VALUES (1, 4), (1, 5), (2, 7), (2, 1)) AS v (k, n)")
    return connection
