"""A table of Apache Iceberg, by its metadata file or by a catalogue, read at its current snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from pathlib import Path

import duckdb
import pyarrow as pa
from pyiceberg.catalog import load_catalog
from pyiceberg.exceptions import NoSuchNamespaceError, NoSuchTableError
from pyiceberg.expressions import AlwaysTrue, BooleanExpression, GreaterThanOrEqual, IsNull, Or
from pyiceberg.table import StaticTable, Table

from tools.ledger.source import Source
from tools.ledger.warehouse import text_columns
from tools.ledger.warehouse.lake_table import LakeTable
from tools.ledger.warehouse.location import Location
from tools.ledger.warehouse.statement import EarliestDay
from tools.ledger.warehouse.table_reader import day_columns


class Iceberg(LakeTable):
    """One Iceberg table; its URL names it.

    iceberg+file:///warehouse/payments or iceberg+s3://bucket/payments/metadata/3.metadata.json; or
    iceberg+catalog://NAME/namespace.table, whose catalogue PYICEBERG_CATALOG__NAME__* describes.
    """

    format_name = "Iceberg"
    missing = (NoSuchTableError, NoSuchNamespaceError, FileNotFoundError)
    refused = (ValueError,)

    def __init__(self, place: Location, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
        """Open its current snapshot. Raises SourcesError where there is none, UnreachableError when away."""
        super().__init__(place)
        self.engine = connection
        with self.errors():
            self.table = self._load(path)
            self.snapshot = self.table.current_snapshot()
        self.version = f"snapshot {self.snapshot.snapshot_id}" if self.snapshot else "no snapshot"

    def _load(self, path: Path) -> Table:
        kind, _, rest = self._place.address.partition("://")
        if kind == "catalog":
            name, _, table = rest.partition("/")
            return load_catalog(name).load_table(table)
        return StaticTable.from_metadata(str(_metadata(path)) if kind == "file" else self._place.address)

    def open(self, source: Source) -> IcebergRows:
        """Look at its columns."""
        return IcebergRows(self, source)


class IcebergRows:
    """The rows of an Iceberg table at one snapshot."""

    def __init__(self, table: Iceberg, source: Source) -> None:
        self._table, self._source, self.version = table, source, table.version
        schema: pa.Schema = table.table.schema().as_arrow()
        self._schema = schema
        self.names: Sequence[str] = schema.names
        self.dated = day_columns(schema)

    def batches(self, floor: EarliestDay | None) -> Iterator[pa.RecordBatch]:
        """Read them; files whose statistics lie before the first day are not opened."""
        snapshot = self._table.snapshot
        with self._table.errors():
            scan = self._table.table.scan(
                row_filter=_since(self._schema, floor), snapshot_id=snapshot and snapshot.snapshot_id
            )
            reader = scan.to_arrow_batch_reader()
        mark = self._source.decimal_mark
        yield from text_columns.from_arrow(self._table.engine, reader, mark, self._table.errors)


def _since(schema: pa.Schema, floor: EarliestDay | None) -> BooleanExpression:
    if floor is None:
        return AlwaysTrue()
    kind = schema.field(floor.column).type
    first = floor.day.isoformat()
    if pa.types.is_timestamp(kind):
        first = datetime.combine(floor.day, time(), UTC if kind.tz else None).isoformat()
    return Or(IsNull(floor.column), GreaterThanOrEqual(floor.column, first))


def _metadata(path: Path) -> Path:
    """Give a table's newest metadata file, where its folder is named."""
    if path.is_file():
        return path
    files = sorted(path.glob("metadata/*.metadata.json"), key=lambda file: (len(file.name), file.name))
    if not files:
        raise FileNotFoundError(path)
    return max(files, key=lambda file: file.stat().st_mtime)
