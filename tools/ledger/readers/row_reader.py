"""Files that are no text tables (workbooks, bank statements) as rows of texts, as a CSV of them would be.

A reader gives a file's rows one by one; `line` is where a row stands: a workbook's row, a text file's line,
the number of an XML entry. A row that cannot be read has its problem instead of cells, and reading goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol

import pyarrow as pa

from tools.ledger.readers.cell_batches import distinct, schema
from tools.ledger.readers.csv_records import RAW

_BATCH = 10_000
# What every bank statement is read into; account servicers' own references before the payer's.
STATEMENT: Sequence[str] = (
    "txn_id", "posted_on", "value_on", "amount", "currency", "vendor_name", "reference", "description",
    "account", "type", "status", "account_kind",
)  # fmt: skip
CARD, BANK, INVESTMENT = "card", "bank", "investment"  # what account_kind says


class Row(NamedTuple):
    """One row: its line, and its cells or the problem with it and what it looks like.

    aside: what it is instead of a posting (pending, an investment trade): left out, and counted.
    """

    line: int
    cells: Sequence[str]
    problem: str | None = None
    raw: str | None = None
    aside: str | None = None


@dataclass(frozen=True)
class Proof:
    """What a statement says of itself, held against its lines: a balance, a control total, a count.

    actual: None where nothing can be held against it. opening: the balance that it begins with, where it is
    one that is proven. Money as decimals.
    """

    line: int
    account: str
    currency: str
    subject: str
    expected: Decimal
    actual: Decimal | None
    opening: Decimal | None = None

    @property
    def ties(self) -> bool:
        """Whether the lines give what the statement says."""
        return self.actual in (None, self.expected)


class Reader(Protocol):
    """Reads one file."""

    names: Sequence[str]
    notes: list[str]
    proofs: list[Proof]

    def rows(self) -> Iterator[Row]:
        """Give its rows; `notes` and `proofs` are whole when all were given."""


class RowFile:
    """A file that a reader reads, open for reading."""

    typed = True

    def __init__(self, path: Path, reader: Reader) -> None:
        """Take its digest. Raises OSError when it is away."""
        self._reader = reader
        with path.open("rb") as file:
            self.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        self.names = distinct(reader.names)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was odd about it."""
        return tuple(sorted(self._reader.notes))

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """What it says of itself."""
        return tuple(self._reader.proofs)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Read its rows."""
        rows = self._reader.rows()
        while chunk := list(islice(rows, _BATCH)):
            yield _batch(chunk, len(self.names))


def _batch(rows: Iterable[Row], width: int) -> pa.RecordBatch:
    whole = [
        row if row.problem or row.aside or len(row.cells) == width else _ragged(row, width) for row in rows
    ]
    empty = [None] * width
    cells = list(zip(*(row.cells or empty for row in whole), strict=True))
    return pa.RecordBatch.from_arrays(
        [
            *(pa.array(column, pa.string()) for column in cells),
            pa.array([row.line for row in whole], pa.int64()),
            pa.array([row.problem for row in whole], pa.string()),
            pa.array([row.raw and row.raw[:RAW] for row in whole], pa.string()),
            pa.array([row.aside for row in whole], pa.string()),
        ],
        schema=schema(width),
    )


def _ragged(row: Row, width: int) -> Row:
    count = "1 cell" if len(row.cells) == 1 else f"{len(row.cells)} cells"
    return Row(row.line, (), f"{count} where the header has {width}", "|".join(row.cells))
