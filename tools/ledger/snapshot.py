"""From the rows of all files to a snapshot: its tables, and the manifest that says what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from tools.books import manifest, tables
from tools.books.engine import quoted
from tools.books.manifest import Manifest
from tools.core.clock import clock
from tools.ledger import (
    contents,
    days,
    declarations,
    postings,
    remote_files,
    statement_proofs,
    totals,
    vendor,
)
from tools.ledger import sources as declared
from tools.ledger.readers import table_rows
from tools.ledger.sources import Sources, table_of
from tools.ledger.staged import StagedFile, rows_at, save
from tools.ledger.window import Window

_CALENDAR_YEARS: Final = (-60, 10)  # around today: a day that lies further away is a typing error
# Names of parties that are normalised: canonical table -> (name, key).
_KEYED: Final = {
    "txn": ("vendor_name", "vendor_key"),
    "vendor": ("vendor_name", "vendor_key"),
    "client": ("client_name", "client_key"),
    "contact": ("party_name", "party_key"),
    "receivable": ("party_name", "party_key"),
    "statement": ("party_name", "party_key"),
    "utility_bill": ("party_name", "party_key"),
}

# Where a row stands, of tables whose rows are no postings and yet are pointed at.
_PLACES: Final = {
    (table, name): f"s.at_{name}"
    for table in ("receivable", "statement", "utility_bill")
    for name in ("file", "line")
}


def write(
    connection: duckdb.DuckDBPyConnection,
    sources: Sources,
    window: Window,
    staged: Sequence[StagedFile],
    folder: Path,
) -> Manifest:
    """Write every table that was read, the calendar, the manifest and the sources into `folder`."""
    postings.register_window(connection, window, sources)
    for table, of_table in by_table(staged).items():
        write_table(connection, sources, of_table, folder / f"{table}.parquet")
    return finish(connection, sources, window, staged, folder)


def by_table(staged: Sequence[StagedFile]) -> dict[str, list[StagedFile]]:
    """Give the files by the table of the snapshot that their rows go to."""
    tables_read: dict[str, list[StagedFile]] = {}
    for file in staged:
        table = f"table_{file.source}" if file.kind == "table" else table_of(file.kind)
        tables_read.setdefault(table, []).append(file)
    return tables_read


def write_table(
    connection: duckdb.DuckDBPyConnection, sources: Sources, staged: Sequence[StagedFile], path: Path
) -> None:
    """Write the rows of one table's files, or of all files of one of its sources, as Parquet.

    The window is registered, as `finish` wants it, too.
    """
    if staged[0].kind == "table":
        table_rows.write(connection, staged, path)
        return
    _write_canonical(connection, table_of(staged[0].kind), staged, sources.entity.name, path)


def finish(
    connection: duckdb.DuckDBPyConnection,
    sources: Sources,
    window: Window,
    staged: Sequence[StagedFile],
    folder: Path,
) -> Manifest:
    """Write what stands beside the tables of the files: totals, calendar, manifest and sources."""
    totals.write(connection, staged, folder)
    declarations.write(sources, folder)
    statement_proofs.write(staged, folder)
    _write_calendar(connection, sources, window, folder)
    _write_aliases(connection, window, folder)
    written = Manifest(
        entity=sources.entity.name,
        currency=sources.entity.currency,
        as_of=window.to_day.isoformat(),
        window_from=min((d.isoformat() for d in window.from_day.values() if d), default=None),
        window_to=window.to_day.isoformat(),
        tables={path.stem: contents.entry(connection, path) for path in contents.tables(folder)},
        present=contents.present(connection, folder),
        sources={name: source.kind for name, source in sources.sources.items()},
        notes={file.file: list(file.notes) for file in staged if file.notes},
        versions={
            file.file: version
            for file in staged
            if (version := file.version or remote_files.version(file.file))
        },
    )
    manifest.write(folder, written)
    declared.write(folder, sources)
    return written


def _write_canonical(
    connection: duckdb.DuckDBPyConnection, table: str, staged: Sequence[StagedFile], entity: str, path: Path
) -> None:
    rows = connection.read_parquet(rows_at(staged), union_by_name=True)
    absent = [
        f"CAST(NULL AS {k}) AS {n}" for n, k in tables.CANONICAL[table].items() if n not in rows.columns
    ]
    rows.project(", ".join(["*", *absent])).create_view("staged", replace=True)
    if table in _KEYED:
        _register_name_keys(connection, _KEYED[table][0])
    if table == "txn":
        postings.write(connection, entity, path)
        return
    columns = ", ".join(f"{_column(table, name)} AS {quoted(name)}" for name in tables.CANONICAL[table])
    join = f"LEFT JOIN name_keys n ON n.name = s.{_KEYED[table][0]}" if table in _KEYED else ""
    save(connection, f"SELECT {columns} FROM staged s {join} WHERE s.outcome = 'row'", path)  # noqa: S608 - fixed names


def _column(table: str, name: str) -> str:
    if table in _KEYED and name == _KEYED[table][1]:
        return "n.key"
    return _PLACES.get((table, name)) or f"s.{quoted(name)}"


def _register_name_keys(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    names = connection.sql(
        f"SELECT DISTINCT {name} FROM staged WHERE outcome = 'row' AND {name} IS NOT NULL"  # noqa: S608 - fixed names
    ).fetchall()
    keys = vendor.keys(row[0] for row in names)
    columns = {"name": pa.array(list(keys), pa.string()), "key": pa.array(list(keys.values()), pa.string())}
    connection.register("name_keys", pa.table(columns))


def _write_aliases(connection: duckdb.DuckDBPyConnection, window: Window, folder: Path) -> None:
    if not window.aliases:
        return
    aliases = {"alias_key": list(window.aliases), "vendor_key": list(window.aliases.values())}
    connection.register("known_alias", pa.table(aliases))
    save(connection, "SELECT * FROM known_alias ORDER BY alias_key", folder / "alias.parquet")


def _write_calendar(
    connection: duckdb.DuckDBPyConnection, sources: Sources, window: Window, folder: Path
) -> None:
    years = (clock().now().year + around for around in _CALENDAR_YEARS)
    start, end = (date(year, 1, 1) for year in years)
    first = last = min(max(window.to_day, start), end)
    if (folder / "txn.parquet").is_file():
        rows = connection.read_parquet(str(folder / "txn.parquet"))
        ends = rows.aggregate("min(posted_on), max(posted_on)").fetchall()[0]
        first, last = min(first, ends[0] or first), max(last, ends[1] or last)
    first, last = max(first, start), min(last, end)
    connection.register("days", days.calendar_of(sources.entity, first, last))
    save(connection, "SELECT * FROM days ORDER BY day", folder / "calendar.parquet")
