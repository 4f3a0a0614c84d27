"""Audit a folder's books without the graph: read, check, merge, search, judge; and open what was found."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import duckdb

from tools import ledger
from tools.books.engine import Books
from tools.checks import catalogue
from tools.checks.anomaly.check import check as detect_anomalies
from tools.checks.quality.check import check as check_quality
from tools.checks.reconciliation.reconcile import reconcile
from tools.checks.runner import TestResult
from tools.core.clock import clock
from tools.core.settings import Settings
from tools.evidence.search import search
from tools.judgement.judge import judge
from tools.judgement.suspects import gather
from tools.ledger.sources import Sources
from tools.ledger.sources import of as sources_of
from tools.rules.model import Rules

_MADE: Final = {
    "quality": ("finding",),
    "reconciliation": ("finding", "match", "break"),
    "anomaly": ("finding",),
}


@dataclass
class Audited:
    """The snapshot's tables and what was found in them, open in one DuckDB connection.

    Views: the canonical tables; finding, match and "break" of all checks together; flag.
    """

    connection: duckdb.DuckDBPyConnection
    snapshot: Path
    tests: list[TestResult]
    seconds: dict[str, float] = field(default_factory=dict)

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Run one statement and give its rows."""
        rows: list[tuple[Any, ...]] = self.connection.execute(sql, dict(parameters or {})).fetchall()
        return rows

    def scalar(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - what SQL gives
        """Run one statement and give its only value."""
        return self.rows(sql, parameters)[0][0]

    @property
    def total(self) -> float:
        """Seconds from the first file to the last flag."""
        return round(sum(self.seconds.values()), 2)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()


def audit(sources: Sources, work: Path, rules: Rules | None = None) -> Audited:
    """Read the sources into `work`/snapshot, run every check on it, judge what they found."""
    started = time.perf_counter()
    to_day = sources.entity.as_of or clock().now().date()
    ledger.read(sources, ledger.Window({}, to_day, catalogue.history_days()), Settings(), work / "snapshot")
    seconds = {"reading": round(time.perf_counter() - started, 3)}
    return judged(work / "snapshot", rules or Rules(), seconds)


def judged(snapshot: Path, rules: Rules, seconds: dict[str, float] | None = None) -> Audited:
    """Run the checks on a snapshot one by one, then merge, search and judge; results lie beside it."""
    work, spent, tests = snapshot.parent, dict(seconds or {}), list[TestResult]()
    for name, run in CHECKS.items():
        started = time.perf_counter()
        with Books.open(snapshot, Settings()) as books:
            tests += run(books, rules)
            _keep(books, name, work / name)
        spent[name] = round(time.perf_counter() - started, 3)
    started = time.perf_counter()
    with Books.open(snapshot, Settings()) as books:
        gather(books, {name: work / name for name in CHECKS}, rules, out=work / "suspects")
        search(books, work / "suspects" / "suspect.parquet", rules, out=work / "evidence")
        results = [test.as_dict() for test in tests]
        judge(books, work / "suspects", work / "evidence", rules, out=work / "judged", results=results)
    spent["judging"] = round(time.perf_counter() - started, 3)
    return Audited(_connection_of(snapshot), snapshot, tests, spent)


def reconciled(books: Books, rules: Rules) -> list[TestResult]:
    """Match the declared pairs and test what broke."""
    return reconcile(books, sources_of(books), rules).tests


CHECKS: Final[Mapping[str, Callable[[Books, Rules], list[TestResult]]]] = {
    "quality": lambda books, rules: check_quality(books, rules).tests,
    "reconciliation": reconciled,
    "anomaly": detect_anomalies,
}


def _keep(books: Books, name: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for table in _MADE[name]:
        books.export(f'SELECT * FROM "{table}" ORDER BY ALL', folder / f"{table}.parquet")  # noqa: S608 - our own tables


def _connection_of(snapshot: Path) -> duckdb.DuckDBPyConnection:
    connection, work = duckdb.connect(), snapshot.parent
    connection.execute("SET enable_progress_bar = false")
    for path in sorted(snapshot.glob("*.parquet")):
        connection.read_parquet(str(path)).create_view(path.stem)
    for table in ("finding", "match", "break"):
        paths = [str(work / name / f"{table}.parquet") for name, tables_ in _MADE.items() if table in tables_]
        connection.read_parquet(paths).create_view(table)
    connection.read_parquet(str(work / "judged" / "flag.parquet")).create_view("flag")
    return connection
