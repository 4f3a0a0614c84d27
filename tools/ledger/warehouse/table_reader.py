"""What every kind of database offers: a connection in one snapshot, and tables in it as batches of texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import pyarrow as pa

from tools.ledger.source import Source
from tools.ledger.warehouse.statement import EarliestDay


class TableReader(Protocol):
    """One table or query of a database, looked at and not read yet. version: what was pinned.

    names: its columns. dated: those that hold days or times by their type.
    """

    names: Sequence[str]
    dated: frozenset[str]
    version: str

    def batches(self, floor: EarliestDay | None) -> Iterator[pa.RecordBatch]:
        """Give its rows as columns of texts. Raises UnreachableError when the database goes away."""
        ...


def day_columns(schema: pa.Schema) -> frozenset[str]:
    """Name the columns that hold days or times."""
    return frozenset(f.name for f in schema if pa.types.is_date(f.type) or pa.types.is_timestamp(f.type))


class ListedTable(NamedTuple):
    """A table of a database's catalogue."""

    name: str
    rows: int | None  # None where only counting would tell


class Database(Protocol):
    """A connection to a database; all that is read through it is of one moment."""

    def open(self, source: Source) -> TableReader:
        """Look at a source's table or query. Raises SourcesError when there is none such."""
        ...

    def tables(self) -> list[ListedTable]:
        """List the tables and views of its catalogue that may hold books."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...
