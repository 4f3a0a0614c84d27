"""What a snapshot's tables hold: rows, a digest of the rows, and which columns are filled."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq

from tools.books import manifest
from tools.books.engine import quoted
from tools.books.manifest import TableEntry


def tables(folder: Path) -> list[Path]:
    """Give the files of a snapshot's tables, in order."""
    return sorted(folder.glob("*.parquet"))


def entry(connection: duckdb.DuckDBPyConnection, path: Path) -> TableEntry:
    """Count a table's rows and digest them: SHA-256 over the sorted SHA-256 (first half) of each row.

    A row's text is its cells by column, those of columns without any value left out, so the digest does
    not depend on the order of rows, on how they are stored, or on columns that come to be later.
    """
    rows = connection.read_parquet(str(path))
    columns = sorted(_filled(rows, "")[0][1])
    digest = hashlib.sha256("\x1f".join(columns).encode())
    cells = ", ".join(f"coalesce(CAST({quoted(name)} AS VARCHAR), chr(30))" for name in columns)
    if columns:
        hashed = rows.project(f"left(sha256(concat_ws(chr(31), {cells})), 32) AS row_hash").order("row_hash")
        for batch in hashed.to_arrow_reader(100_000):
            offsets, texts = batch.column(0).buffers()[1:]
            ends = np.frombuffer(offsets, np.int32)[batch.column(0).offset :]
            digest.update(memoryview(texts)[ends[0] : ends[batch.num_rows]])
    return TableEntry(rows=pq.read_metadata(path).num_rows, sha256=digest.hexdigest())


def present(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, list[str]]:
    """Name the columns of each table that hold any value; of txn by kind, as "txn:card"."""
    columns_by_table = {}
    for path in tables(folder):
        by_kind = path.stem == "txn"
        for kind, columns in _filled(connection.read_parquet(str(path)), "kind" if by_kind else ""):
            columns_by_table[f"txn:{kind}" if by_kind else path.stem] = columns
    return columns_by_table


def changed(folder: Path) -> list[str]:
    """Name the tables of a snapshot that are not what its manifest says. Raises RunError without one."""
    recorded = manifest.read(folder)
    with duckdb.connect() as connection:
        now = {path.stem: entry(connection, path) for path in tables(folder)}
    return sorted(
        name for name in recorded.tables.keys() | now.keys() if recorded.tables.get(name) != now.get(name)
    )


def _filled(rows: duckdb.DuckDBPyRelation, group: str) -> list[tuple[str, list[str]]]:
    counts = ", ".join(f"count({quoted(name)}) > 0" for name in rows.columns)
    lines = rows.aggregate(f"{group or 'NULL'}, {counts}", group).fetchall()
    return [(key, [c for c, any_ in zip(rows.columns, flags, strict=True) if any_]) for key, *flags in lines]
