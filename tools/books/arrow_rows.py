"""Rows made in Python become tables with declared columns: nothing is guessed from the first row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

_TYPES: Final[dict[str, pa.DataType]] = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
}


def as_table(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> pa.Table:
    """Give rows as Arrow with these columns (name -> SQL type); what a row lacks is null."""
    schema = pa.schema([(name, _TYPES[kind]) for name, kind in columns.items()])
    return pa.Table.from_pylist([{name: row.get(name) for name in columns} for row in rows], schema=schema)


def write(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str], path: Path) -> None:
    """Write rows to Parquet in their order."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(as_table(rows, columns), path, compression="zstd")


def read(path: Path) -> list[dict[str, Any]]:
    """Read the rows of one of our own results, in their order."""
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows
