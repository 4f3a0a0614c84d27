"""Make small books for a test: rows as dicts, everything else filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tools import cells, manifest, tables
from tools.engine import Books
from tools.manifest import Manifest, TableEntry
from tools.settings import Settings

Rows = Sequence[Mapping[str, Any]]
EPOCH = date(1970, 1, 1)
RESULTS = {
    "match": tables.MATCH,
    "break": tables.BREAK,
    "compared": tables.COMPARED,
}  # for tests that read what a check found
TXN_DEFAULTS = {"source": "books", "entity": "Test Ltd", "scope": "window", "kind": "card", "currency": "USD"}


def make_books(
    folder: Path, *, currency: str = "USD", as_of: str | date = "2025-12-31", **given: Rows
) -> Books:
    """Write the given tables as a snapshot and open it; the calendar is filled in (Mon-Fri, no holidays)."""
    given = {**given, "txn": [_filled(row, i) for i, row in enumerate(given.get("txn", []))]}
    given |= {name: _lines(rows) for name, rows in given.items() if name.startswith(cells.PREFIX)}
    given.setdefault("calendar", _calendar(given["txn"]))
    connection = duckdb.connect()
    entries, present = {}, {"pair": ["rows", "entries", "documents", "statement"]}
    results = {name: given.pop(name, []) for name in RESULTS}
    for name, rows in given.items():
        columns = tables.CANONICAL.get(name) or _text_columns(rows)
        _write(connection, folder / f"{name}.parquet", columns, rows)
        entries[name] = TableEntry(rows=len(rows), sha256="0" * 64)
        if name == "txn":
            for kind in {row["kind"] for row in rows}:
                present[f"txn:{kind}"] = _filled_columns([r for r in rows if r["kind"] == kind])
        else:
            present[name] = _filled_columns(rows)
    manifest.write(
        folder,
        Manifest(
            entity="Test Ltd",
            currency=currency,
            as_of=str(as_of),
            window_from=None,
            window_to=str(as_of),
            tables=entries,
            present=present,
            sources={row["source"]: row["kind"] for row in given["txn"]}
            | {name.removeprefix(cells.PREFIX): "table" for name in given if name.startswith(cells.PREFIX)},
        ),
    )
    books = Books.open(folder, Settings(engine_threads=1))
    for name, rows in results.items():
        _write(connection, folder / f"{name}.parquet", RESULTS[name], rows)
        books.connection.read_parquet(str(folder / f"{name}.parquet")).to_table(name)
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


def _calendar(rows: Rows) -> list[dict[str, Any]]:
    days = [row["posted_on"] for row in rows if row.get("posted_on")]
    if not days:
        return []
    start, end = min(days) - timedelta(days=40), max(days) + timedelta(days=40)
    filled, business = [], 0
    for offset in range((end - start).days + 1):
        at = start + timedelta(days=offset)
        works = at.weekday() < 5
        business += works
        filled.append(
            {
                "day": at,
                "day_number": (at - EPOCH).days,
                "day_name": at.strftime("%A"),
                "is_business_day": works,
                "is_holiday": False,
                "holiday_name": None,
                "business_day_number": business,
                "period": at.strftime("%Y-%m"),
                "is_period_end": (at + timedelta(days=1)).day == 1,
                "fiscal_year": at.year,
            }
        )
    return filled


def _write(connection: duckdb.DuckDBPyConnection, path: Path, columns: Mapping[str, str], rows: Rows) -> None:
    casts = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in columns.items())
    table = pa.Table.from_pylist(
        [{name: row.get(name) for name in columns} for row in rows] or [dict.fromkeys(columns)]
    )
    connection.register("given", table)
    empty = "" if rows else " LIMIT 0"
    connection.sql(f"SELECT {casts} FROM given{empty}").write_parquet(str(path))  # noqa: S608 - fixed names
