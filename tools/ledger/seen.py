"""What earlier runs have audited: their windows' rows, and the lines that they rejected."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

_TEXT: Final = pa.string()


def register(connection: duckdb.DuckDBPyConnection, snapshots: Sequence[Path]) -> None:
    """Make the views `seen` (row_key) and `seen_rejected` (source, reason, raw) of earlier snapshots."""
    txn = _held(connection, snapshots, "txn", ("row_key", "scope"))
    txn.filter("scope = 'window'").project("row_key").distinct().create_view("seen", replace=True)
    rejected = _held(connection, snapshots, "rejected", ("source", "reason", "raw"))
    rejected.distinct().create_view("seen_rejected", replace=True)


def _held(
    connection: duckdb.DuckDBPyConnection, snapshots: Sequence[Path], table: str, columns: Sequence[str]
) -> duckdb.DuckDBPyRelation:
    files = [path for folder in snapshots if (path := folder / f"{table}.parquet").is_file()]
    if not files:
        return connection.from_arrow(pa.table({name: pa.array([], _TEXT) for name in columns}))
    return connection.read_parquet([str(path) for path in files]).project(", ".join(columns))
