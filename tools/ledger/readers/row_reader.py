"""Files that are no text tables (workbooks, bank statements) as rows of texts, as a CSV of them would be.

A reader gives a file's rows one by one; `line` is where a row stands: a workbook's row, a text file's line,
the number of an XML entry. A row that cannot be read has its problem instead of cells, and reading goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol

import duckdb
import pyarrow as pa

from tools.ledger.readers.csv_file import distinct, schema, trimmed
from tools.ledger.readers.csv_records import RAW

_BATCH = 10_000
# What every bank statement is read into; account servicers' own references before the payer's.
STATEMENT: Sequence[str] = (
    "txn_id", "posted_on", "value_on", "amount", "currency", "vendor_name", "reference", "description",
    "account", "type", "status",
)  # fmt: skip


class Row(NamedTuple):
    """One row: its line, and its cells or the problem with it and what it looks like."""

    line: int
    cells: Sequence[str]
    problem: str | None = None
    raw: str | None = None


class Reader(Protocol):
    """Reads one file."""

    names: Sequence[str]
    notes: list[str]

    def rows(self) -> Iterator[Row]:
        """Give its rows; `notes` are whole when all were given."""


class RowFile:
    """A file that a reader reads, open for reading."""

    typed = True

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, reader: Reader) -> None:
        """Take its digest. Raises OSError when it is away."""
        self._connection, self._reader = connection, reader
        with path.open("rb") as file:
            self.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        self.names = distinct(reader.names)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was odd about it."""
        return tuple(sorted(self._reader.notes))

    def attach(self, width: int, *, trim: bool = True) -> None:
        """Make `batch` of its rows, to be read once: c0 .. cN as texts, line, problem, raw."""
        rows = trimmed(self.batches(), width) if trim else self.batches()
        self._connection.register("batch", pa.RecordBatchReader.from_batches(schema(width), rows))

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Read its rows."""
        rows = self._reader.rows()
        while some := list(islice(rows, _BATCH)):
            yield _batch(some, len(self.names))


def _batch(rows: Iterable[Row], width: int) -> pa.RecordBatch:
    held = [row if row.problem or len(row.cells) == width else _ragged(row, width) for row in rows]
    empty = [None] * width
    cells = list(zip(*(row.cells if row.problem is None else empty for row in held), strict=True))
    return pa.RecordBatch.from_arrays(
        [
            *(pa.array(column, pa.string()) for column in cells),
            pa.array([row.line for row in held], pa.int64()),
            pa.array([row.problem for row in held], pa.string()),
            pa.array([row.raw and row.raw[:RAW] for row in held], pa.string()),
        ],
        schema=schema(width),
    )


def _ragged(row: Row, width: int) -> Row:
    count = "1 cell" if len(row.cells) == 1 else f"{len(row.cells)} cells"
    return Row(row.line, (), f"{count} where the header has {width}", "|".join(row.cells))
