"""What tables of lakes have in common: Arrow batches, with errors that are worded while they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import duckdb
import pyarrow as pa

from tools.ledger.warehouse import text_columns


def dated(schema: pa.Schema) -> frozenset[str]:
    """Name the columns that hold days or times."""
    return frozenset(f.name for f in schema if pa.types.is_date(f.type) or pa.types.is_timestamp(f.type))


def texts(
    reader: pa.RecordBatchReader,
    engine: duckdb.DuckDBPyConnection,
    mark: str,
    errors: Callable[[], AbstractContextManager[None]],
) -> Iterator[pa.RecordBatch]:
    """Give the batches as texts; `errors` words what goes wrong while they are read."""

    def worded() -> Iterator[pa.RecordBatch]:
        with errors():
            yield from reader

    rows = pa.RecordBatchReader.from_batches(reader.schema, worded())
    yield from text_columns.from_arrow(engine, rows, mark)
