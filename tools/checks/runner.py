"""Run a check's ordered tests over the books, and gather what they find in one table."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib import import_module, resources
from types import MappingProxyType
from typing import Any, Literal, cast

import duckdb
import pyarrow as pa

from tools.books import check_tables, tables
from tools.books.elsewhere import BookEngine
from tools.books.engine import Books, bound, quoted
from tools.checks.applicability import not_applicable
from tools.checks.window_clause import window_clause
from tools.core import missing, money
from tools.core.errors import EngineError, UnsupportedError
from tools.rules.learned import Threshold
from tools.rules.model import Rules
from tools.rules.test_header import BookTest, Parameter

# What the test's own parameters found among small amounts goes: there the learned ones decide.
_SMALL = """
DELETE FROM finding WHERE test = $test AND row_key IN (
    SELECT row_key FROM txn WHERE currency = $currency AND abs(amount_minor) <= $most
)
"""
_ONCE = """
DELETE FROM finding WHERE test = $test AND rowid NOT IN (
    SELECT min(rowid) FROM finding WHERE test = $test GROUP BY row_key, partner_key, field
)
"""

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
    note: str = ""  # what the test says of the books as a whole

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return asdict(self)


@dataclass
class _Desk:
    """What the tests of one run share: rows of the window by kind, and which parts are laid out.

    common: what every query may name beside its own parameters.
    read: what a query without parameters gave, for the tests that judge its rows in Python.
    """

    books: Books
    rules: Rules
    common: dict[str, Parameter]
    rows_in_window: dict[str, int]
    has_history: bool
    laid_out: set[str]
    read: dict[str, pa.Table] = field(default_factory=dict)

    @property
    def engine(self) -> BookEngine:
        """Give what runs the queries: DuckDB, unless another engine was chosen."""
        return self.books.elsewhere or self.books

    def rows(self, test: BookTest, params: dict[str, Parameter]) -> pa.Table:
        """Give the rows that a test judges in Python."""
        if bound(test.sql, params):
            return self.engine.query(test.sql, params)
        if test.sql not in self.read:
            self.read = {test.sql: self.engine.query(test.sql, {})}  # one at a time: they may be large
        return self.read[test.sql]

    def params(self, test: BookTest) -> dict[str, Parameter]:
        """Give what a query may name, with the parameters in force."""
        return {**self.common, **self.rules.params(test)}

    def learned(self, test: BookTest) -> Threshold | None:
        """Give what feedback learned for a test and still holds on the day of the audit."""
        threshold = self.rules.learned.threshold(test.name)
        return threshold if threshold and threshold.holds(_as_of(self.books)) else None


def run_tests(
    books: Books,
    tests: Sequence[BookTest],
    rules: Rules,
    *,
    progress: Callable[[TestResult], None] | None = None,
) -> list[TestResult]:
    """Run each test and append its findings to the connection's `finding` table.

    A test never stops the others: an error is its result. Only rows of the window are flagged, and by
    reconciliation those that are open since an earlier one (see `scopes`): by the scope that a query
    gives, where it gives one, else by looking its keys up.
    Parts that tests share are computed once, as temporary tables.
    """
    books.create("finding", check_tables.FINDING)
    desk = _open_desk(books, rules)
    results = []
    for test in tests:
        result = _run_test(desk, test)
        results.append(result)
        if progress:
            progress(result)
    return results


def _open_desk(books: Books, rules: Rules) -> _Desk:
    counted = books.rows(
        "SELECT kind, coalesce(scope, '') = 'window' AS inside, count(*) AS n FROM txn GROUP BY ALL"
    )
    rows_in_window = {row["kind"]: row["n"] for row in counted if row["inside"]}
    return _Desk(
        books, rules, common(books), rows_in_window, not all(row["inside"] for row in counted), set()
    )


def _run_test(desk: _Desk, test: BookTest) -> TestResult:
    started = time.perf_counter()
    reason = not_applicable(desk.books, test, desk.rules)
    if reason:
        return TestResult(test.check, test.name, "not_applicable", reason)
    try:
        applies, remark = _verdict(desk, test)
        if not applies:
            return TestResult(test.check, test.name, "not_applicable", remark)
        count = _findings(desk, test)
        remark = "; ".join(filter(None, (remark, _learned_remark(desk, test))))
    except UnsupportedError as error:
        return TestResult(test.check, test.name, "not_applicable", f"the engine cannot run it: {error}")
    except EngineError as error:
        return TestResult(test.check, test.name, "failed", str(error))
    except (duckdb.Error, pa.ArrowException) as error:
        return TestResult(test.check, test.name, "failed", f"{type(error).__name__}: {error}")
    seconds = round(time.perf_counter() - started, 4)
    return TestResult(test.check, test.name, "ran", "", _population(desk, test), count, seconds, remark)


def _findings(desk: _Desk, test: BookTest) -> int:
    """Append what a test finds; where memory does not suffice for all threads, on one of them."""
    try:
        return _append_findings(desk, test)
    except duckdb.OutOfMemoryException:
        desk.books.execute("DELETE FROM finding WHERE test = $test", {"test": test.name})
        with desk.books.one_thread():
            return _append_findings(desk, test)


def _append_findings(desk: _Desk, test: BookTest) -> int:
    _lay_out(desk, test.parts)
    return _insert(desk, test) if desk.learned(test) is None else _insert_learned(desk, test)


def common(books: Books) -> dict[str, Parameter]:
    """Give what every query may name.

    $as_of_day: the day of the audit as days since 1970-01-01. $missing, $marker: the words that stand for
    nothing in a book, and in any table, each between bars.
    """
    return {
        "as_of_day": books.manifest.as_of_day,
        "missing": missing.BARRED,
        "marker": missing.MARKERS_BARRED,
    }


def _as_of(books: Books) -> date:
    return date.fromisoformat(books.manifest.as_of[:10])


def _population(desk: _Desk, test: BookTest) -> int:
    if test.about == "row":
        return sum(n for kind, n in desk.rows_in_window.items() if kind in test.kinds or not test.kinds)
    if test.about == "source":
        return len(desk.books.manifest.sources)
    return desk.books.count({"line": "rejected", "cell": "cell"}[test.about])


def _lay_out(desk: _Desk, parts: Sequence[BookTest]) -> None:
    """Compute the parts that no earlier test of this run needed."""
    for part in parts:
        if part.name not in desk.laid_out:
            desk.engine.keep(part.name, part.sql, desk.params(part))
            desk.laid_out.add(part.name)


def _verdict(desk: _Desk, test: BookTest) -> tuple[bool, str]:
    """Ask whether the test applies to these books as a whole, and what it says of them."""
    if test.verdict is None:
        return True, ""
    _lay_out(desk, test.verdict.parts)
    params = {**desk.params(test), **desk.params(test.verdict)}
    rows = desk.engine.query(test.verdict.sql, params).to_pylist()
    return any(row["applies"] for row in rows), "; ".join(row["says"] for row in rows)


def _insert_learned(desk: _Desk, test: BookTest) -> int:
    """Find with the parameters that were learned, and above their amount with the test's own."""
    learned, before = desk.learned(test), desk.books.count("finding")
    if learned is None:
        return _insert(desk, test)
    _insert(desk, test)
    desk.books.execute(
        _SMALL,
        {
            "test": test.name,
            "most": money.to_minor(learned.most, desk.books.manifest.currency),
            "currency": desk.books.manifest.currency,
        },
    )
    _insert(desk, test, learned.parameters)
    desk.books.execute(_ONCE, {"test": test.name})
    return desk.books.count("finding") - before


def _learned_remark(desk: _Desk, test: BookTest) -> str:
    """Say which parameters were learned, or that what was learned has run out."""
    threshold = desk.rules.learned.threshold(test.name)
    if threshold is None:
        return ""
    settings = ", ".join(f"{name} = {value}" for name, value in threshold.parameters.items())
    if desk.learned(test) is None:
        return f"{settings}: learned, expired on {threshold.expires}"
    return f"{settings} up to {threshold.most:,.2f}, until {threshold.expires}: learned from reviews"


def _insert(desk: _Desk, test: BookTest, overrides: Mapping[str, Parameter] = MappingProxyType({})) -> int:
    books, params = desk.books, {**desk.params(test), **overrides}
    judge = judge_of(test)
    if judge is not None:
        return _append(desk, test, judge(desk.rows(test, params), params))
    sql = query_text(books, test)
    if not sql:
        return 0
    window = window_clause(test, None) if desk.has_history else ""
    if books.elsewhere is not None:
        flagged = f"SELECT f.* FROM ({sql}) f {window}"  # noqa: S608 - our own files' text, values are bound
        return _append(desk, test, books.elsewhere.query(flagged, params), window=False)
    return books.execute(_insertion(f"({sql})", window), {**bound(sql, params), **_test_name(test)})


def _append(desk: _Desk, test: BookTest, judged: pa.Table, *, window: bool = True) -> int:
    """Append findings that are in this process; window: leave only rows that the test may flag."""
    desk.books.connection.register("judged", judged)
    clause = window_clause(test, judged) if window and desk.has_history else ""
    return desk.books.execute(_insertion("judged", clause), _test_name(test))


def _test_name(test: BookTest) -> dict[str, str]:
    return {"check": test.check, "test": test.name}


def query_text(books: Books, test: BookTest) -> str:
    """Give a test's query: for each column that its header points to, where it does; "" for none."""
    if not test.each:
        return test.sql
    table, _, column = test.each.rpartition(".")
    columns = books.rows(f"SELECT DISTINCT {quoted(column)} AS name FROM {quoted(table)} ORDER BY name")  # noqa: S608 - quoted
    return test.of_columns([row["name"] for row in columns if row["name"] in tables.TXN])


def _insertion(source: str, window: str) -> str:
    return f"""
        INSERT INTO finding BY NAME
        SELECT $check AS "check", $test AS test, COLUMNS(lambda c: c <> 'scope') FROM {source} f {window}
    """  # noqa: S608 - our own files' text, values are bound


def judge_of(test: BookTest) -> Judge | None:
    """Give what turns a test's rows into findings in Python, where it has a file of its own."""
    package = f"tools.checks.{test.check}"
    if not (resources.files(package) / f"{test.name}.py").is_file():
        return None
    return cast("Judge", import_module(f"{package}.{test.name}").judge)
