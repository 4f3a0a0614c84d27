"""A test of the books runs, is not applicable, or fails; only rows of the window are flagged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.books import make_books
from tools.books.engine import Books
from tools.checks import runner
from tools.checks.catalogue import loaded
from tools.checks.runner import common, run_tests
from tools.checks.window_clause import gives_scope
from tools.rules.model import Rules
from tools.rules.test_header import BookTest, CheckName

ROWS = [
    {"row_key": "a", "kind": "card", "posted_on": "2025-03-01", "amount_minor": 100, "scope": "window"},
    {"row_key": "b", "kind": "card", "posted_on": "2025-03-03", "amount_minor": 900, "scope": "window"},
    {"row_key": "c", "kind": "card", "posted_on": "2025-03-04", "amount_minor": 990, "scope": "history"},
]


def _test(sql: str, **header: object) -> BookTest:
    fields: dict[str, object] = {"params": {"over": 500, "score": 20}, **header}
    return BookTest("anomaly", "large", "large", "p", "s", sql, **fields)  # type: ignore[arg-type]  # of several types


LARGE = """
SELECT row_key, $score AS score, amount_minor AS observed, $over AS threshold, 'all' AS population
FROM txn WHERE amount_minor > $over
"""


def test_only_window_rows_are_flagged(tmp_path: Path) -> None:
    """A row of history informs a test but never becomes a finding."""
    with make_books(tmp_path, txn=ROWS) as books:
        (result,) = run_tests(books, [_test(LARGE)], Rules())
        findings = books.rows("SELECT row_key, score, observed FROM finding")
    assert (result.status, result.findings) == ("ran", 1)
    assert findings == [{"row_key": "b", "score": 20, "observed": "900"}]


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


def test_what_is_too_large_for_all_threads_runs_on_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A query that memory does not suffice for is tried again on one thread; later ones have all."""
    insert, threads = runner._insert, []  # noqa: SLF001 - fails here as the engine does on books of millions

    def insert_or_fail(desk: Any, test: BookTest) -> int:  # noqa: ANN401 - the runner's own
        threads.append(_threads(desk.books))
        if len(threads) == 1:
            insert(desk, test)
            raise duckdb.OutOfMemoryException("failed to allocate data")
        return insert(desk, test)

    monkeypatch.setattr(runner, "_insert", insert_or_fail)
    with make_books(tmp_path, txn=ROWS) as books:
        before = _threads(books)
        (result,) = run_tests(books, [_test(LARGE)], Rules())
        assert (result.status, result.findings, books.count("finding")) == ("ran", 1, 1)
        assert (threads, _threads(books)) == ([before, 1], before)


def _threads(books: Books) -> int:
    return int(books.rows("SELECT current_setting('threads') AS n")[0]["n"])


DEARER = BookTest(
    "anomaly", "dearer", "t", "p", "s", "SELECT * FROM txn WHERE amount_minor > $floor", params={"floor": 500}
)
OF_DEARER = (
    "SELECT row_key, $score AS score, amount_minor AS observed, '' AS threshold, '' AS population FROM dearer"
)


def test_tests_share_a_part(tmp_path: Path) -> None:
    """A part is a table to the tests that name it, with its own parameters out of the rules file."""
    with make_books(tmp_path, txn=ROWS) as books:
        tests = [_test(OF_DEARER, parts=(DEARER,))] * 2
        counts = [result.findings for result in run_tests(books, tests, Rules())]
        counts += [
            result.findings for result in run_tests(books, tests, Rules(tests={"dearer": {"floor": 99}}))
        ]
    assert counts == [1, 1, 2, 2]


@pytest.mark.parametrize("sql", [OF_DEARER, f"WITH own AS (SELECT 1 AS one) {OF_DEARER}"])
def test_the_text_of_a_test_stands_alone(tmp_path: Path, sql: str) -> None:
    """Its parts written before it, the query runs without a runner."""
    test = _test(sql, parts=(DEARER,), params={"score": 20})
    with make_books(tmp_path, txn=ROWS) as books:
        rules = Rules()
        rows = books.rows(test.text, {**rules.params(DEARER), **rules.params(test)})
    assert sorted(row["row_key"] for row in rows) == ["b", "c"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (["txn_id", "due_on"], [("a", "due_on"), ("b", "due_on"), ("b", "txn_id")]),
        (["due_on", "a cell of a table; --"], [("a", "due_on"), ("b", "due_on")]),
        (["a cell of a table; --"], []),
    ],
)
def test_a_query_for_each_column(tmp_path: Path, fields: list[str], expected: list[tuple[str, str]]) -> None:
    """It is written once for each column of txn that its header points to, and for nothing else."""
    sql = (
        "SELECT row_key, $score AS score, 'none' AS observed, '' AS threshold, '' AS population, "
        "'each_column' AS field FROM txn WHERE each_column IS NULL AND amount_minor < $over"
    )
    test = _test(sql, each="required_field.field", params={"score": 20, "over": 2_000})
    rows = [{**ROWS[0], "txn_id": "1"}, ROWS[1], ROWS[2]]
    required = [{"source": "books", "field": field} for field in fields]
    with make_books(tmp_path, txn=rows, required_field=required) as books:
        (result,) = run_tests(books, [test], Rules())
        findings = books.rows("SELECT row_key, field FROM finding ORDER BY row_key, field")
    assert ("ran", len(expected)) == (result.status, result.findings)
    assert expected == [(row["row_key"], row["field"]) for row in findings]


@pytest.mark.parametrize(
    ("applies", "outcome"), [(True, ("ran", "", "3 rows")), (False, ("not_applicable", "3 rows", ""))]
)
def test_a_verdict_speaks_of_the_books_as_a_whole(
    tmp_path: Path, applies: bool, outcome: tuple[str, str, str]
) -> None:
    """It says whether the test applies, and what was seen either way."""
    sql = "SELECT CAST($applies AS BOOLEAN) AS applies, count(*) || ' rows' AS says FROM txn"
    verdict = BookTest("anomaly", "whole", "t", "p", "s", sql, params={"applies": applies})
    with make_books(tmp_path, txn=ROWS) as books:
        (result,) = run_tests(books, [_test(LARGE, verdict=verdict)], Rules())
    assert (result.status, result.reason, result.note) == outcome


def test_a_header_can_switch_a_test_off(tmp_path: Path) -> None:
    """A test that is off by its header runs when the rules file switches it on."""
    off = _test(LARGE, params={"over": 500, "score": 20, "enabled": False})
    with make_books(tmp_path, txn=ROWS) as books:
        statuses = [
            run_tests(books, [off], rules)[0].status
            for rules in (Rules(), Rules(tests={"large": {"enabled": True}}))
        ]
    assert statuses == ["not_applicable", "ran"]


@pytest.mark.parametrize("check", ["quality", "anomaly"])
def test_scope_is_read_off_the_text(tmp_path: Path, check: CheckName) -> None:
    """What a query's text says of its scope is what the engine says of its columns."""
    with make_books(tmp_path, txn=ROWS) as books:
        for test in loaded(check):
            parameters = {**common(books), **test.params}
            for part in test.parts:
                books.execute(
                    f'CREATE OR REPLACE TEMP TABLE "{part.name}" AS {part.sql}', {**parameters, **part.params}
                )
            sql = test.of_columns(["txn_id"]) if test.each else test.sql
            columns = books.query(f"SELECT * FROM ({sql}) LIMIT 0", parameters).column_names  # noqa: S608 - our own file
            assert gives_scope(test.sql) == ("scope" in columns), test.name
