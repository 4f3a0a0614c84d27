"""Many small CSV files of one form, read as one: opening a query for each would take hours of a day of files.

Files are joined where nothing is in doubt: the same header to the byte, whole lines of UTF-8, no quotes. Any
other is read by itself. Every row keeps its own file and line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa

from tools.ledger.readers.cell_batches import schema, trimmed
from tools.ledger.readers.csv_blocks import Header
from tools.ledger.readers.csv_file import batches
from tools.ledger.readers.text_blocks import TextFile

SMALL: Final = 100_000  # bytes of a file that is joined
TOGETHER: Final = 4_000  # files at a time


@dataclass(frozen=True)
class Small:
    """A small file: its name in lineage, the digest of its bytes, its lines below the header."""

    label: str
    sha256: str
    body: bytes


def small(path: Path, label: str, head: bytes) -> Small | None:
    """Give a file that begins with `head` and is in no doubt, None for any other. Raises OSError."""
    with path.open("rb") as file:
        data = file.read(SMALL + 1)
    body = data[len(head) :]
    if len(data) > SMALL or not data.startswith(head) or not _is_plain(body):
        return None
    whole = body if body.endswith(b"\n") or not body else body + b"\n"
    return Small(label, hashlib.sha256(data).hexdigest(), whole)


def head_of(path: Path, header: Header | None) -> bytes:
    """Give the bytes of a file up to its first row; empty where they are in doubt. Raises OSError."""
    if header is None:
        return b""
    with path.open("rb") as file:
        lines = [file.readline(SMALL) for _ in range(header.rows_from - 1)]
    head = b"".join(lines)
    return head if head.endswith(b"\n") and _is_plain(head) and not head.startswith(b"\xef\xbb\xbf") else b""


def _is_plain(data: bytes) -> bool:
    if b'"' in data or b"\0" in data or data.count(b"\r") != data.count(b"\r\n"):
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


class _Joined(TextFile):
    """The text of several files, as a text file gives it."""

    def __init__(self, data: bytes) -> None:
        super().__init__(Path())
        self._data = data

    def blocks(self) -> Iterator[tuple[bytes, bool]]:
        """Give all of it as one block."""
        yield self._data, True


class JoinedCsv:
    """Small files of one header, as one table whose rows name their files."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, files: Sequence[Small], head: bytes, header: Header
    ) -> None:
        self._connection, self.files, self._header = connection, files, header
        self._text = _Joined(head + b"".join(file.body for file in files))
        lines = [file.body.count(b"\n") for file in files]
        self.names = header.names
        self._starts = np.cumsum([header.rows_from, *lines[:-1]])

    def attach(self, width: int) -> None:
        """Make `batch` of the rows, to be read once: c0 .. cN, line, problem, raw, file_name."""
        fields = schema(width).append(pa.field("file_name", pa.string()))
        rows = (
            self._with_places(batch, fields) for batch in trimmed(batches(self._text, self._header), width)
        )
        self._connection.register("batch", pa.RecordBatchReader.from_batches(fields, rows))

    def _with_places(self, batch: pa.RecordBatch, fields: pa.Schema) -> pa.RecordBatch:
        """Give each row its file, and the line that it has there."""
        lines = batch.column("line").to_numpy()
        at = np.searchsorted(self._starts, lines, side="right") - 1
        names = pa.array([file.label for file in self.files], pa.string()).take(pa.array(at))
        own = pa.array(lines - self._starts[at] + self._header.rows_from, pa.int64())
        columns = [own if name == "line" else batch.column(name) for name in batch.schema.names]
        return pa.RecordBatch.from_arrays([*columns, names], schema=fields)
