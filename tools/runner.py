"""Run a check's ordered tests over the books, and gather what they find in one table."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module, resources
from typing import Any, Literal, cast

import duckdb
import pyarrow as pa

from tools import tables
from tools.booktest import BookTest, Parameter
from tools.engine import Books, bound
from tools.rules import Rules

Status = Literal["ran", "not_applicable", "failed"]
Judge = Callable[[pa.Table, dict[str, Parameter]], pa.Table]


@dataclass(frozen=True)
class TestResult:
    """What became of one test: "not tested" is a result too."""

    __test__ = False

    check: str
    test: str
    status: Status
    reason: str = ""
    rows: int = 0
    findings: int = 0
    seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return asdict(self)


def run_tests(
    books: Books,
    tests: Sequence[BookTest],
    rules: Rules,
    *,
    progress: Callable[[TestResult], None] | None = None,
) -> list[TestResult]:
    """Run each test and append its findings to the connection's `finding` table.

    A test never stops the others: an error is its result. Only rows of the window are flagged.
    """
    books.create("finding", tables.FINDING)
    results = []
    for test in tests:
        result = run_test(books, test, rules)
        results.append(result)
        if progress:
            progress(result)
    return results


def run_test(books: Books, test: BookTest, rules: Rules) -> TestResult:
    """Run one test into `finding`; give its result."""
    started = time.perf_counter()
    reason = not_applicable(books, test, rules)
    if reason:
        return TestResult(test.check, test.name, "not_applicable", reason)
    try:
        found = _insert(books, test, rules.params(test))
    except (duckdb.Error, pa.ArrowException) as error:
        return TestResult(test.check, test.name, "failed", f"{type(error).__name__}: {error}")
    seconds = round(time.perf_counter() - started, 4)
    return TestResult(test.check, test.name, "ran", "", _population(books, test), found, seconds)


def not_applicable(books: Books, test: BookTest, rules: Rules) -> str:
    """Say why a test cannot run on these books, or "" when it can."""
    if not rules.enabled(test):
        return "switched off in the rules file"
    kinds = [kind for kind in test.kinds if kind in books.manifest.kinds()]
    if test.kinds and not kinds:
        return f"no source of kind {' or '.join(test.kinds)}"
    missing = [need for need in test.needs if not books.has(need, kinds)]
    return f"no values in {', '.join(missing)}" if missing else ""


def _insert(books: Books, test: BookTest, params: dict[str, Parameter]) -> int:
    judge = _judge(test)
    if judge is None:
        source, values = f"({test.sql})", bound(test.sql, params)
    else:
        books.connection.register("judged", judge(books.query(test.sql, params), params))
        source, values = "judged", {}
    before = books.count("finding")
    found = books.connection.sql(f"SELECT * FROM {source} LIMIT 0", params=values).columns  # noqa: S608 - our own file's text
    books.execute(_insertion(source, found), {**values, "check": test.check, "test": test.name})
    return books.count("finding") - before


def _insertion(source: str, found: list[str]) -> str:
    optional = ", ".join(
        f"f.{name}" if name in found else f"NULL AS {name}" for name in ("partner_key", "field")
    )
    return f"""
        INSERT INTO finding
        SELECT $check, $test, f.row_key, CAST(f.score AS INTEGER), CAST(f.observed AS VARCHAR),
               CAST(f.threshold AS VARCHAR), CAST(f.population AS VARCHAR), {optional}
        FROM {source} f
        SEMI JOIN (SELECT row_key FROM txn WHERE scope = 'window') w ON w.row_key = f.row_key
    """  # noqa: S608 - our own files' text, values are bound


def _judge(test: BookTest) -> Judge | None:
    package = f"tools.{test.check}"
    if not (resources.files(package) / f"{test.name}.py").is_file():
        return None
    return cast("Judge", import_module(f"{package}.{test.name}").judge)


def _population(books: Books, test: BookTest) -> int:
    found = books.rows(
        "SELECT count(*) AS n FROM txn "
        "WHERE scope = 'window' AND (len($kinds) = 0 OR list_contains($kinds, kind))",
        {"kinds": list(test.kinds)},
    )
    return int(found[0]["n"])
