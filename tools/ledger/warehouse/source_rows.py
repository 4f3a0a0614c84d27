"""A source's table of a database as an opened file: named, pinned, and read in batches of rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import pyarrow as pa

from tools.core import stopping
from tools.core.digest import digest
from tools.ledger.readers.cell_batches import distinct, schema
from tools.ledger.source import Source
from tools.ledger.warehouse.statement import EarliestDay
from tools.ledger.warehouse.table_reader import TableReader

_DATES: Final = ("posted_on", "posted_at")
_ZONES: Final = timedelta(days=1)  # a moment may be another day elsewhere


class SourceRows:
    """A table or query of a database, open for reading.

    failure: what went wrong while its rows were read; the engine that reads them words errors its own way.
    """

    typed = True

    def __init__(self, source: Source, table: TableReader, day: date | None) -> None:
        """`day`: rows before it are not needed; None for all."""
        self._table = table
        self.names = distinct(table.names)
        self.label = source.place  # without credentials: postgresql://db/books#payments
        self.floor = _floor(source, table, day)
        self.version = table.version
        since = f"rows since {self.floor.day}" if self.floor else "every row"
        self.notes = (f"{since}; {table.version}",)
        self.sha256 = digest([self.label, source.query, table.version, since])
        self.failure: Exception | None = None

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Read its rows, numbered from 1 as they come."""
        width, line = len(self.names), 0
        try:
            for batch in self._table.batches(self.floor):
                stopping.check()
                nothing = pa.nulls(batch.num_rows, pa.string())
                lines = pa.array(range(line + 1, line + batch.num_rows + 1), pa.int64())
                line += batch.num_rows
                cells = batch.columns[:width]
                yield pa.RecordBatch.from_arrays(
                    [*cells, lines, nothing, nothing, nothing], schema=schema(width)
                )
        except Exception as error:
            self.failure = error
            raise


def _floor(source: Source, table: TableReader, day: date | None) -> EarliestDay | None:
    """Give the first day that is needed, where the day is a column of one that the database can compare."""
    columns = [source.columns[name] for name in _DATES if name in source.columns]
    if day is None or len(columns) != 1 or columns[0] not in table.dated:
        return None
    return EarliestDay(columns[0], day - _ZONES)
