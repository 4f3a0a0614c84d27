"""The sources that are tables of databases, staged like files: one snapshot for each database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from tools.core import stopping
from tools.ledger.sources import Sources
from tools.ledger.staged import StagedFile
from tools.ledger.staging import save_rows
from tools.ledger.validate import check_mapping
from tools.ledger.warehouse.databases import Databases
from tools.ledger.warehouse.source_rows import SourceRows
from tools.ledger.window import Window

Days = Mapping[str, date | None]  # of sources: the first day that is needed, None for all


def stage(
    connection: duckdb.DuckDBPyConnection, sources: Sources, days: Days, names: Sequence[str], scratch: Path
) -> Iterator[StagedFile]:
    """Read these sources, which have urls; what one database holds, inside one snapshot of it.

    Raises SourcesError for a table or column that there is not, UnreachableError when a database is away or
    goes away, StoppedError when asked to stop.
    """
    with Databases(sources, connection) as databases:
        for name in names:
            stopping.check()
            rows = SourceRows(sources.sources[name], databases.table(name), days[name])
            yield _staged(connection, sources, name, rows, scratch / f"{name}.database")


def _staged(
    connection: duckdb.DuckDBPyConnection, sources: Sources, name: str, rows: SourceRows, to: Path
) -> StagedFile:
    source = sources.sources[name]
    check_mapping(sources, name, rows.label)
    try:
        save_rows(connection, sources, name, rows.label, rows, to=to)
    except duckdb.Error:
        if rows.failure is None:
            raise
        raise rows.failure from None
    many = pq.read_metadata(to).num_rows
    return StagedFile(name, source.kind, rows.label, rows.sha256, rows.notes, many, to, version=rows.version)


def first_days(connection: duckdb.DuckDBPyConnection, sources: Sources, window: Window) -> Days:
    """Give the first day from which each source is needed: its history's, or an open item's before that."""
    days = {name: window.history_starts(name) for name in sources.sources}
    tables = [str(path) for folder in window.audited if (path := folder / "txn.parquet").is_file()]
    if window.open_items and tables:
        query = """
            SELECT source, min(posted_on) FROM read_parquet($tables, union_by_name = true)
            WHERE list_contains($items, row_key) AND posted_on IS NOT NULL GROUP BY source
        """
        values = {"tables": tables, "items": sorted(window.open_items)}
        for name, day in connection.execute(query, values).fetchall():
            first = days.get(name)
            days |= {name: min(first, day)} if first else {}
    return days
