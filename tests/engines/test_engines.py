"""The same tests give the same findings, row for row, on DuckDB, PostgreSQL and Spark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from tests.engines.findings import TESTS, findings_of
from tools.books.elsewhere import Elsewhere
from tools.books.engine import Books, bound
from tools.checks import runner
from tools.checks.engines.carried import Dialect, carried
from tools.checks.engines.on_demand import OnDemand
from tools.checks.engines.spark import Spark
from tools.checks.runner import TestResult
from tools.rules.model import Rules
from tools.rules.test_header import BookTest

# Shares of 8,000 as a test words them: those of whole amounts lie half way between two figures often.
SHARES = """
SELECT i, CAST(CAST(100.0 * (CAST(i AS DOUBLE) / 8000) + 0.000001 AS DECIMAL(18, 2)) AS VARCHAR) AS share
FROM (SELECT DISTINCT abs(amount_minor) % 8000 AS i FROM txn) t
"""


@pytest.fixture(scope="session")
def carried_books(engine: Elsewhere, books: Books) -> OnDemand:
    """Give the books on an engine."""
    return OnDemand(engine, books)


class SparkAnalyser(Spark):
    """A session that reads queries, names, types and functions, and runs none."""

    def keep(self, table: str, sql: str, parameters: Mapping[str, Any]) -> None:
        """Read a query; later ones name a table of its columns."""
        with self._explained():
            frame = self._session.sql(carried(sql, self._dialect), args=bound(sql, parameters))
            self._session.createDataFrame([], frame.schema).createOrReplaceTempView(table)

    def query(self, sql: str, parameters: Mapping[str, Any]) -> pa.Table:
        """Read a query; raise what Spark cannot read."""
        with self._explained():
            self._session.sql(carried(sql, self._dialect), args=bound(sql, parameters))
        return pa.table({})


@pytest.mark.timeout(900)
@pytest.mark.parametrize("check", TESTS)
def test_every_engine_finds_the_same(
    carried_books: OnDemand, books: Books, check: str, request: pytest.FixtureRequest
) -> None:
    """Each test that runs here runs there, and finds the same rows for the same reasons.

    On Spark, which plans each query for seconds, every twelfth does, unless all are wanted.
    """
    few = carried_books.name == "spark" and not request.config.getoption("--exhaustive")
    tests = TESTS[check][:: 12 if few else 1]
    local = runner.run_tests(books, tests, Rules())
    expected = findings_of(books)
    books.elsewhere = carried_books
    results = runner.run_tests(books, tests, Rules())
    books.elsewhere = None
    assert [_outcome(result) for result in results] == [_outcome(result) for result in local]
    assert findings_of(books) == expected
    assert expected


def test_shares_round_alike(carried_books: OnDemand, books: Books) -> None:
    """A share that lies between two figures becomes the same one on every engine."""
    theirs, ours = carried_books.query(SHARES, {}), books.query(SHARES, {})
    assert theirs.sort_by("i").to_pylist() == ours.sort_by("i").to_pylist()
    assert len(ours) > 1000


@pytest.mark.timeout(900)
@pytest.mark.parametrize("check", TESTS)
def test_spark_reads_every_query(
    spark: SparkSession, books: Books, check: str, request: pytest.FixtureRequest
) -> None:
    """What a test and its parts name, compare and compute is known on Spark, to the types.

    Of every third test, unless all are wanted.
    """
    tests = TESTS[check][:: 1 if request.config.getoption("--exhaustive") else 3]
    engine, laid_out = OnDemand(SparkAnalyser(spark.newSession()), books), set[str]()
    for test in tests:
        verdict = [test.verdict] if test.verdict else []
        for part in (part for query in (*verdict, test) for part in query.parts):
            if part.name not in laid_out:
                engine.keep(part.name, part.sql, {**runner.common(books), **Rules().params(part)})
                laid_out.add(part.name)
        parameters = {**runner.common(books), **Rules().params(test)}
        for query in verdict:
            engine.query(query.sql, {**parameters, **Rules().params(query)})
        if text := runner.query_text(books, test):
            engine.query(text, parameters)


@pytest.mark.parametrize("dialect", ["postgres", "spark", "databricks"])
def test_every_query_can_be_said_in_every_dialect(dialect: Dialect) -> None:
    """The text is carried whole, and keeps its parameters as bound values."""
    for test in (test for tests in TESTS.values() for test in tests):
        for query in _queries(test):
            translation = carried(query, dialect)
            mark = "%({})s" if dialect == "postgres" else ":{}"
            named = bound(query, dict.fromkeys((*test.params, "as_of_day"), 1))
            assert [name for name in named if mark.format(name) not in translation] == []
            assert "tieout_bound" not in translation


def _queries(test: BookTest) -> list[str]:
    verdicts = [test.verdict.sql] if test.verdict else []
    return [test.sql, *verdicts, *(part.sql for part in test.parts)]


def _outcome(result: TestResult) -> TestResult:
    return replace(result, seconds=0.0)
