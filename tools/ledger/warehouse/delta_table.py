"""A table of Delta Lake: a folder or a bucket, read at the version that it has when it is opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError

from tools.ledger.source import Source
from tools.ledger.warehouse import text_columns
from tools.ledger.warehouse.lake_table import LakeTable
from tools.ledger.warehouse.location import Location
from tools.ledger.warehouse.statement import EarliestDay
from tools.ledger.warehouse.table_reader import day_columns


class DeltaLake(LakeTable):
    """One Delta table; its URL names it, so that it is all of its database."""

    format_name = "Delta Lake"
    missing = (TableNotFoundError,)
    refused = (DeltaError, ValueError)

    def __init__(self, place: Location, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
        """Open it at its newest version. Raises SourcesError, or UnreachableError when away."""
        super().__init__(place)
        self.engine = connection
        with self.errors():
            self._table = DeltaTable(str(path) if place.scheme.endswith("+file") else place.address)
            self.version = f"version {self._table.version()}"
            self.rows = self._table.to_pyarrow_dataset()

    def open(self, source: Source) -> DeltaRows:
        """Look at its columns."""
        return DeltaRows(self, source)


class DeltaRows:
    """The rows of a Delta table at one version."""

    def __init__(self, table: DeltaLake, source: Source) -> None:
        self._table, self._source, self.version = table, source, table.version
        schema: pa.Schema = table.rows.schema
        self.names: Sequence[str] = schema.names
        self.dated = day_columns(schema)

    def batches(self, floor: EarliestDay | None) -> Iterator[pa.RecordBatch]:
        """Read them; files whose statistics lie before the first day are not opened."""
        with self._table.errors():
            since = None if floor is None else _since(self._table.rows.schema, floor)
            reader = self._table.rows.scanner(filter=since).to_reader()
        mark = self._source.decimal_mark
        yield from text_columns.from_arrow(self._table.engine, reader, mark, self._table.errors)


def _since(schema: pa.Schema, floor: EarliestDay) -> ds.Expression:
    column, kind = ds.field(floor.column), schema.field(floor.column).type
    return column.is_null() | (column >= pa.scalar(floor.day).cast(kind))
