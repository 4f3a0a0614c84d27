"""Audit a folder's books without the graph: read them, run the three checks, open what they found."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self, cast

import duckdb

from tools import ledger, tables
from tools.anomaly import TESTS as ANOMALY
from tools.booktest import CheckName, load
from tools.clock import clock
from tools.engine import Books
from tools.ledger.sources import Sources
from tools.ledger.sources import of as sources_of
from tools.quality import TESTS as QUALITY
from tools.reconciliation import reconcile
from tools.reconciliation.declared import Sources as PairedSources
from tools.rules import Rules
from tools.runner import TestResult, run_tests
from tools.settings import Settings

HISTORY_DAYS: Final = 400
_RESULTS: Final = {"finding": tables.FINDING, "match": tables.MATCH, "break": tables.BREAK}


@dataclass
class Audited:
    """The snapshot's tables and the checks' results, open in one DuckDB connection.

    Views: the canonical tables, and finding, match, "break" of all checks together.
    """

    connection: duckdb.DuckDBPyConnection
    folder: Path
    tests: list[TestResult]
    seconds: dict[str, float] = field(default_factory=dict)

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Run one statement and give its rows."""
        found: list[tuple[Any, ...]] = self.connection.execute(sql, dict(parameters or {})).fetchall()
        return found

    def one(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - what SQL gives
        """Run one statement and give its only value."""
        return self.rows(sql, parameters)[0][0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()


def audit(sources: Sources, work: Path, rules: Rules | None = None) -> Audited:
    """Read the sources into `work`/snapshot and run every check on it."""
    started = time.perf_counter()
    to_day = getattr(sources.entity, "as_of", None) or clock().now().date()
    ledger.read(sources, ledger.Window({}, to_day, HISTORY_DAYS), Settings(), work / "snapshot")
    reading = time.perf_counter() - started
    return checked(work / "snapshot", rules or Rules(), reading=reading)


def checked(snapshot: Path, rules: Rules, *, reading: float = 0.0) -> Audited:
    """Run the three checks on a snapshot, one after another, and open their results."""
    tests: list[TestResult] = []
    seconds = {"reading": round(reading, 3)}
    for name, run in CHECKS.items():
        started = time.perf_counter()
        with Books.open(snapshot, Settings()) as books:
            tests += run(books, rules)
            for table in _RESULTS:
                if (table,) in books.connection.execute("SHOW TABLES").fetchall():
                    books.export(f'SELECT * FROM "{table}"', snapshot.parent / f"{name}-{table}.parquet")  # noqa: S608 - our own tables
        seconds[name] = round(time.perf_counter() - started, 3)
    return Audited(_opened(snapshot), snapshot, tests, seconds)


def quality(books: Books, rules: Rules) -> list[TestResult]:
    """Run the data-quality tests."""
    return _in_order(books, rules, "quality", QUALITY)


def reconciliation(books: Books, rules: Rules) -> list[TestResult]:
    """Match the declared pairs and test what broke."""
    declared = sources_of(books)
    signed = [pair.model_copy(update={"sign": declared.sign(pair)}) for pair in declared.pairs]
    given = cast("PairedSources", declared.model_copy(update={"pairs": signed}))
    return reconcile(books, given, rules).tests


def anomaly(books: Books, rules: Rules) -> list[TestResult]:
    """Run the anomaly tests."""
    return _in_order(books, rules, "anomaly", ANOMALY)


CHECKS: Final[dict[str, Callable[[Books, Rules], list[TestResult]]]] = {
    "quality": quality,
    "reconciliation": reconciliation,
    "anomaly": anomaly,
}


def _in_order(books: Books, rules: Rules, check: CheckName, names: tuple[str, ...]) -> list[TestResult]:
    return run_tests(books, [load(check, name) for name in names], rules)


def _opened(snapshot: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    for path in sorted(snapshot.glob("*.parquet")):
        connection.read_parquet(str(path)).create_view(path.stem)
    for table, columns in _RESULTS.items():
        paths = sorted(snapshot.parent.glob(f"*-{table}.parquet"))
        if paths:
            connection.read_parquet([str(path) for path in paths]).create_view(table)
        else:
            declared = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            connection.execute(f'CREATE TABLE "{table}" ({declared})')
    return connection
