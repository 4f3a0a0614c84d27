"""Run the tests of the books on another engine: the same text, the same findings, row for row.

What a test needs of Python (a `judge` beside its query) is done here over the query's few rows. The
matching itself stays embedded: reconciliation tests read its `match` and `break` tables, put there.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from tools.books import tables
from tools.books.engine import Books
from tools.checks import runner
from tools.checks.engines.elsewhere import Elsewhere
from tools.checks.runner import TestResult
from tools.core.errors import EngineError
from tools.rules.model import Rules
from tools.rules.test_header import BookTest, Parameter

COLUMNS = (
    "row_key",
    "score",
    "observed",
    "threshold",
    "population",
    "partner_key",
    "field",
    "event",
    "off_minor",
)
Finding = tuple[str, ...]


def put_books(engine: Elsewhere, books: Books, extra: Mapping[str, Mapping[str, str]] | None = None) -> None:
    """Give an engine the snapshot's tables, and `extra` ones of the books' connection (as match, break)."""
    for name, columns in {**tables.CANONICAL, "cell": tables.CELL, **(extra or {})}.items():
        listed = ", ".join(f'CAST("{column}" AS {kind}) AS "{column}"' for column, kind in columns.items())
        engine.put(name, columns, books.query(f'SELECT {listed} FROM "{name}"'))  # noqa: S608 - our own table names


def run_tests(
    engine: Elsewhere, books: Books, tests: Sequence[BookTest], rules: Rules
) -> tuple[list[Finding], list[TestResult]]:
    """Run tests over the books that `put_books` gave the engine; give sorted findings, and each result.

    What the engine cannot run is not_applicable, with its own words as the reason.
    """
    common, parts = runner.common(books), set[str]()
    scope = {row["row_key"]: row["scope"] for row in books.rows("SELECT row_key, scope FROM txn")}
    findings: list[Finding] = []
    results = []
    for test in tests:
        started = time.perf_counter()
        reason = runner.not_applicable(books, test, rules)
        rows: list[Finding] = []
        if not reason:
            try:
                written = replace(test, sql=runner.written(books, test))
                rows, reason = _run(engine, written, _params(test, rules, common), parts, rules)
            except EngineError as error:
                reason = f"{engine.name} cannot run it: {error}"
        rows = [
            row
            for row in rows
            if test.about != "row" or row[1].startswith("source:") or scope.get(row[1]) in runner.scopes(test)
        ]
        findings += rows
        status: runner.Status = "not_applicable" if reason else "ran"
        seconds = round(time.perf_counter() - started, 4)
        results.append(TestResult(test.check, test.name, status, reason, 0, len(rows), seconds))
    return sorted(findings), results


def _run(
    engine: Elsewhere, test: BookTest, params: dict[str, Parameter], computed: set[str], rules: Rules
) -> tuple[list[Finding], str]:
    if test.verdict is not None:
        _keep(engine, test.verdict.parts, params, computed, rules)
        verdicts = engine.query(test.verdict.sql, {**params, **rules.params(test.verdict)}).to_pylist()
        if not any(row["applies"] for row in verdicts):
            return [], "; ".join(str(row["says"]) for row in verdicts)
    _keep(engine, test.parts, params, computed, rules)
    if not test.sql:
        return [], ""
    rows = engine.query(test.sql, params)
    judge = runner.judge_of(test)
    return _findings(test, judge(rows, params) if judge else rows), ""


def _keep(
    engine: Elsewhere,
    parts: Sequence[BookTest],
    params: dict[str, Parameter],
    computed: set[str],
    rules: Rules,
) -> None:
    for part in parts:
        if part.name not in computed:
            engine.keep(part.name, part.sql, {**params, **rules.params(part)})
            computed.add(part.name)


def _params(test: BookTest, rules: Rules, common: Mapping[str, Any]) -> dict[str, Parameter]:
    return {**common, **rules.params(test)}


def _findings(test: BookTest, rows: pa.Table) -> list[Finding]:
    return [
        (test.name, *("" if row.get(name) is None else str(row[name]) for name in COLUMNS))
        for row in rows.to_pylist()
    ]
