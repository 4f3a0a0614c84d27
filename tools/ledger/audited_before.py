"""What earlier runs have audited: their windows' rows, since when, and the lines that they rejected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from tools.books import manifest
from tools.ledger.days import EPOCH
from tools.ledger.declaration import Sources
from tools.ledger.source import names_rows

_TEXT: Final = pa.string()
_DAYS: Final = pa.schema([("source", _TEXT), ("first_day", pa.int64())])


def register(connection: duckdb.DuckDBPyConnection, snapshots: Sequence[Path], sources: Sources) -> None:
    """Make the views `seen`, `seen_rejected` (source, reason, raw) and `seen_since`.

    seen (row_key, audited): rows that earlier runs knew, and whether one had it in its window.
    seen_since (source, first_day): the first day of the windows that were audited under today's
    declaration of a source. A row of that day or later that nobody knew has arrived late.
    """
    txn = _tables_of(connection, snapshots, "txn", ("row_key", "scope"))
    audited = txn.aggregate("row_key, coalesce(bool_or(scope = 'window'), FALSE) AS audited", "row_key")
    audited.create_view("seen", replace=True)
    rejected = _tables_of(connection, snapshots, "rejected", ("source", "reason", "raw"))
    rejected.distinct().create_view("seen_rejected", replace=True)
    since = [day for folder in snapshots for day in _first_days(connection, folder, sources)]
    connection.register("seen_days", pa.Table.from_pylist(since, schema=_DAYS))
    connection.execute(
        "CREATE OR REPLACE TEMP VIEW seen_since AS"
        " SELECT source, min(first_day) AS first_day FROM seen_days GROUP BY source"
    )


def _first_days(
    connection: duckdb.DuckDBPyConnection, folder: Path, sources: Sources
) -> Iterator[dict[str, str | int]]:
    declared, txn = folder / "sources.json", folder / "txn.parquet"
    if not declared.is_file() or not txn.is_file():
        return
    earlier = Sources.model_validate_json(declared.read_bytes()).sources
    start = manifest.read(folder).window_from
    rows = connection.read_parquet(str(txn)).filter("scope = 'window' AND posted_day IS NOT NULL")
    for source, day in rows.aggregate("source, min(posted_day)", "source").fetchall():
        if source in sources.sources and source in earlier:
            now, then = (
                declaration[source].model_dump(include=names_rows())
                for declaration in (sources.sources, earlier)
            )
            if now == then:
                since = (date.fromisoformat(start) - EPOCH).days if start else day
                yield {"source": source, "first_day": since}


def _tables_of(
    connection: duckdb.DuckDBPyConnection, snapshots: Sequence[Path], table: str, columns: Sequence[str]
) -> duckdb.DuckDBPyRelation:
    files = [path for folder in snapshots if (path := folder / f"{table}.parquet").is_file()]
    if not files:
        return connection.from_arrow(pa.table({name: pa.array([], _TEXT) for name in columns}))
    return connection.read_parquet([str(path) for path in files]).project(", ".join(columns))
