"""Read the rows of a number: of a run's books, or of a file of a house's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
from duckdb import ColumnExpression, StarExpression

from tools.books import engine, engine_pool
from tools.books.engine import Books
from tools.core import money
from tools.core.errors import UsageError
from tools.core.settings import Settings
from tools.core.sql_files import sql
from tools.incidents.numbers import metrics, parsed, windows
from tools.incidents.numbers.measure import MeasuredNumber, check_dimensions, measured
from tools.incidents.numbers.windows import Windows
from tools.runs import run_files
from tools.runs.workspace import SNAPSHOT

_HERE = "tools.incidents.numbers"


@dataclass(frozen=True)
class NumberReading:
    """A number's rows, its windows, and how it is worded. unit: a currency, "rows", or "" for a rate."""

    by: tuple[str, ...]
    is_rate: bool
    windows: Windows
    name: str
    title: str
    unit: str
    connection: duckdb.DuckDBPyConnection
    rows: duckdb.DuckDBPyRelation

    @cached_property
    def measure(self) -> MeasuredNumber:
        """All rows in memory, read when somebody takes the number apart."""
        return measured(self.rows, self.by, self.windows, is_rate=self.is_rate)

    def worded(self, value: float) -> str:
        """Word a value: money in its currency."""
        if self.unit in ("", "rows") or len(self.unit) != 3:  # noqa: PLR2004 - a currency's code
            return f"{value:,.4g}" if abs(value) < 1 else f"{value:,.2f}".removesuffix(".00")
        return money.to_display(round(value), self.unit)


@contextmanager
def read(question: Mapping[str, Any], settings: Settings) -> Iterator[NumberReading]:
    """Open what a number is asked of and read its rows. Raises UsageError or RunError naming the place."""
    if question.get("file"):
        with _of_file(question, settings) as reading:
            yield reading
        return
    folder = run_files.intact_folder(settings, str(question["run_id"])) / SNAPSHOT
    with Books.open(folder, settings) as books:
        yield _of_books(question, books)


def _of_books(question: Mapping[str, Any], books: Books) -> NumberReading:
    metric, by = metrics.by_name(question["metric"]), metrics.dimensions_of(question["by"])
    currency = books.manifest.currency
    parameters = {"kinds": list(metric.kinds), "currency": currency, "sign": metric.sign}
    text = sql(_HERE, "postings")
    rows = books.connection.sql(text, params=engine.bound(text, parameters))
    unit = "rows" if metric.value == "one" else currency
    value = ColumnExpression(metric.value).alias("value")
    weight = ColumnExpression(metric.per or "one").alias("weight")
    at = windows.of(question["window"], question["against"])
    chosen = [ColumnExpression(name) for name in (*metrics.DIMENSIONS, "row_key", "at", "content")]
    chosen.append(ColumnExpression("source").alias("feed"))
    words = _Words(metric.name, metric.title, unit, is_rate=bool(metric.per))
    return _read(rows.select(*chosen, value, weight), by, at, words, books.connection)


@contextmanager
def _of_file(question: Mapping[str, Any], settings: Settings) -> Iterator[NumberReading]:
    path = Path(question["file"])
    if not path.is_file():
        raise UsageError("there is no such file.", place=str(path))
    with engine_pool.connection(settings) as connection:
        try:
            parquet = path.suffix == ".parquet"
            rows = connection.read_parquet(str(path)) if parquet else connection.read_csv(str(path))
            yield _of_rows(rows, question, connection, path)
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise UsageError(f"cannot be read: {str(error).splitlines()[0]}", place=str(path)) from None


def _of_rows(
    rows: duckdb.DuckDBPyRelation,
    question: Mapping[str, Any],
    connection: duckdb.DuckDBPyConnection,
    path: Path,
) -> NumberReading:
    value, _, per = str(question["metric"]).partition("/")
    time = str(question.get("time") or "")
    for name in (value, *([per] if per else []), time, *question["by"]):
        if name not in rows.columns:
            shown = ", ".join(rows.columns)
            raise UsageError(f"has no column '{name}'.", place=str(path), remedy=f"It has: {shown}.")
    if path.suffix != ".parquet":
        needed = list(dict.fromkeys([*question["by"], time, value, *([per] if per else [])]))
        rows = connection.from_arrow(parsed.table(rows, path, needed))
    at = windows.of(question["window"], question["against"])
    kind = "DOUBLE" if not at.are_days else "TIMESTAMP"
    moment = ColumnExpression(time).cast(kind)
    moment = duckdb.FunctionExpression("epoch", moment) if at.are_days else moment
    chosen = [ColumnExpression(name) for name in dict.fromkeys(question["by"])]
    weight = ColumnExpression(per) if per else duckdb.ConstantExpression(1.0)
    alike = [ColumnExpression(name) for name in dict.fromkeys([*question["by"], time, value])]
    figures = [
        ColumnExpression(value).alias("value"), weight.alias("weight"), moment.alias("at"),
        duckdb.ConstantExpression(path.name).alias("feed"),
        duckdb.FunctionExpression("hash", *alike).alias("content"),
    ]  # fmt: skip
    words = _Words(question["metric"], question["metric"], "", is_rate=bool(per))
    by = list(dict.fromkeys(question["by"]))
    return _read(rows.select(*chosen, *figures), by, at, words, connection)


@dataclass(frozen=True)
class _Words:
    name: str
    title: str
    unit: str
    is_rate: bool


def _read(
    rows: duckdb.DuckDBPyRelation,
    by: list[str],
    at: Windows,
    words: _Words,
    connection: duckdb.DuckDBPyConnection,
) -> NumberReading:
    at = at.since(_first(rows))
    period = ColumnExpression("period")
    within = rows.select(StarExpression(), at.period_of(ColumnExpression("at")).alias("period"))
    within = within.filter(period.isnotnull())
    windowed = within.select(StarExpression(), at.role_of(period).alias("role"))
    check_dimensions(windowed.columns, by)
    named = words.name, words.title, words.unit
    return NumberReading(tuple(by), words.is_rate, at, *named, connection, windowed)


def _first(rows: duckdb.DuckDBPyRelation) -> float:
    """Give when the rows begin: windows before that say nothing of what is usual."""
    (first,) = queried(rows, sql(_HERE, "begin")).fetchall()[0]
    return float("-inf") if first is None else float(first)


def queried(rows: duckdb.DuckDBPyRelation, text: str) -> duckdb.DuckDBPyRelation:
    """Run a query of ours over rows, which it names `measured`."""
    result = rows.query("measured", text)
    if result is None:  # DuckDB gives nothing for a statement that is no query
        raise TypeError("a query of ours is no SELECT")
    return result
