"""Make small books for a test: rows as dicts, everything else filled in."""

from __future__ import annotations

import atexit
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tools.books import cell_view, check_tables, manifest, tables
from tools.books.engine import Books
from tools.books.manifest import Manifest, TableEntry
from tools.core.settings import Settings

Rows = Sequence[Mapping[str, Any]]
EPOCH = date(1970, 1, 1)
AROUND = timedelta(days=40)  # what a calendar holds beside the days of the rows
CALENDAR = """
SELECT day, day - DATE '1970-01-01' AS day_number, strftime(day, '%A') AS day_name,
       works AS is_business_day, false AS is_holiday, NULL AS holiday_name,
       CAST(sum(CAST(works AS INTEGER)) OVER (ORDER BY day) AS BIGINT) AS business_day_number,
       strftime(day, '%Y-%m') AS period, day = last_day(day) AS is_period_end, year(day) AS fiscal_year
FROM (SELECT CAST(each AS DATE) AS day, isodow(CAST(each AS DATE)) < 6 AS works
      FROM generate_series(CAST($first AS TIMESTAMP), CAST($last AS TIMESTAMP), INTERVAL 1 DAY) days(each))
ORDER BY day
"""
TXN_DEFAULTS = {"source": "books", "entity": "Test Ltd", "scope": "window", "kind": "card", "currency": "USD"}


def make_books(
    folder: Path, *, currency: str = "USD", as_of: str | date = "2025-12-31", **table_rows: Rows
) -> Books:
    """Write the given tables as a snapshot and open it; the calendar is filled in (Mon-Fri, no holidays)."""
    txns = [_filled(row, i) for i, row in enumerate(table_rows.get("txn", []))]
    results = {name: table_rows.get(name, []) for name in check_tables.RECONCILED}
    rows_of: dict[str, Rows] = {
        name: _lines(rows) if name.startswith(cell_view.PREFIX) else rows
        for name, rows in {**table_rows, "txn": txns}.items()
        if name not in results
    }
    entries = {name: _write_table(folder, name, rows) for name, rows in rows_of.items()}
    present = {"pair": ["rows", "entries", "documents", "statement"], **_present(rows_of)}
    if "calendar" not in rows_of:
        calendar = _calendar(txns)
        pq.write_table(calendar, folder / "calendar.parquet")
        entries["calendar"] = TableEntry(rows=calendar.num_rows, sha256="0" * 64)
        present["calendar"] = sorted({*tables.CALENDAR} - {"holiday_name"}) if calendar.num_rows else []
    contents = Manifest(
        entity="Test Ltd",
        currency=currency,
        as_of=str(as_of),
        window_from=None,
        window_to=str(as_of),
        tables=entries,
        present=present,
        sources=_sources(rows_of),
    )
    manifest.write(folder, contents)
    return _with_results(Books.open(folder, _settings()), results)


def _write_table(folder: Path, name: str, rows: Rows) -> TableEntry:
    _write(folder / f"{name}.parquet", tables.CANONICAL.get(name) or _text_columns(rows), rows)
    return TableEntry(rows=len(rows), sha256="0" * 64)


def _present(rows_of: Mapping[str, Rows]) -> dict[str, list[str]]:
    """Give the columns of each table that hold a value; of txn for each kind."""
    by_kind: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows_of["txn"]:
        by_kind[f"txn:{row['kind']}"].append(row)
    others = {name: rows for name, rows in rows_of.items() if name != "txn"}
    return {name: _filled_columns(rows) for name, rows in (*others.items(), *by_kind.items())}


def _sources(rows_of: Mapping[str, Rows]) -> dict[str, str]:
    cells = [name for name in rows_of if name.startswith(cell_view.PREFIX)]
    return {row["source"]: row["kind"] for row in rows_of["txn"]} | {
        name.removeprefix(cell_view.PREFIX): "table" for name in cells
    }


def _with_results(books: Books, results: Mapping[str, Rows]) -> Books:
    """Lay what the reconciliation would have written beside the books."""
    for name, rows in results.items():
        path = books.folder / f"{name}.parquet"
        _write(path, check_tables.RECONCILED[name], rows)
        books.connection.read_parquet(str(path)).to_table(name)
    return books


def day(value: str | date | None) -> date | None:
    """Read an ISO date."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _filled(row: Mapping[str, Any], index: int) -> dict[str, Any]:
    full = {**TXN_DEFAULTS, "row_key": f"r{index}", "line": index + 1, **row}
    for name, number in (("posted_on", "posted_day"), ("due_on", "due_day"), ("entered_on", "entered_day")):
        full[name] = day(full.get(name))
        full[number] = (full[name] - EPOCH).days if full[name] else None
    if "vendor_key" not in full and full.get("vendor_name"):
        full["vendor_key"] = str(full["vendor_name"]).upper()
    return full


def _lines(rows: Rows) -> Rows:
    return [{"row_key": f"t{i}", "file": "table.csv", "line": i + 2, **row} for i, row in enumerate(rows)]


def _text_columns(rows: Rows) -> dict[str, str]:
    named = dict.fromkeys(name for row in rows for name in row)
    return {name: "BIGINT" if name == "line" else "VARCHAR" for name in named}


def _filled_columns(rows: Rows) -> list[str]:
    return sorted({name for row in rows for name, value in row.items() if value is not None})


@cache
def _settings() -> Settings:
    return Settings(engine_threads=1)


@cache
def _scratch(thread: int) -> duckdb.DuckDBPyConnection:
    del thread  # a connection is not for several of them
    return duckdb.connect(config={"threads": 1})


atexit.register(_scratch.cache_clear)  # DuckDB complains of connections that outlive the interpreter


def _calendar(rows: Rows) -> pa.Table:
    days = [row[name] for row in rows for name in ("posted_on", "entered_on") if row.get(name)]
    first, last = (min(days) - AROUND, max(days) + AROUND) if days else (EPOCH, EPOCH - timedelta(days=1))
    return _days(first, last)


@lru_cache(maxsize=64)
def _days(first: date, last: date) -> pa.Table:
    connection = _scratch(threading.get_ident())
    days = connection.sql(CALENDAR, params={"first": first, "last": last}).to_arrow_table()
    return days.cast(_schema(tuple(tables.CALENDAR.items())))


@cache
def _schema(columns: tuple[tuple[str, str], ...]) -> pa.Schema:
    """Give the Arrow types that DuckDB has for declared columns."""
    nulls = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in columns)
    return _scratch(threading.get_ident()).sql(f"SELECT {nulls}").to_arrow_table().schema


def _write(path: Path, columns: Mapping[str, str], rows: Rows) -> None:
    schema = _schema(tuple(columns.items()))
    try:
        table = pa.Table.from_pylist([{name: row.get(name) for name in columns} for row in rows], schema)
    except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError):  # text that stands for a day or a figure
        table = _cast(columns, rows)
    pq.write_table(table, path)


def _cast(columns: Mapping[str, str], rows: Rows) -> pa.Table:
    casts = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in columns.items())
    connection = _scratch(threading.get_ident())
    connection.register(
        "given", pa.Table.from_pylist([{name: row.get(name) for name in columns} for row in rows])
    )
    return connection.sql(f"SELECT {casts} FROM given").to_arrow_table()  # noqa: S608 - fixed names
