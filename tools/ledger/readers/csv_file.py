"""CSV read totally: every line of a file becomes cells or a problem, with the line it stands on.

Blocks of whole lines go through Arrow's parser when nothing in them is doubtful, and through
`tools.ledger.records` when something is. `line` is the physical line on which a record starts, from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow import compute

from tools.ledger.readers import csv_records
from tools.ledger.readers.cell_batches import distinct
from tools.ledger.readers.csv_blocks import Header, fast, lines_of, slow
from tools.ledger.readers.file_parts import FilePart
from tools.ledger.readers.text_blocks import TextFile

DELIMITERS: Final = (",", ";", "\t", "|")
_IN_APOSTROPHES: Final = r"^\s*'(.*)'\s*$"


class CsvFile:
    """A CSV file, open for reading; `sha256` and `notes` are whole when its rows have been read."""

    typed = False

    def __init__(
        self,
        path: Path,
        delimiter: str | None,
        skip: int = 0,
        names: Sequence[str] = (),
        *,
        part: FilePart | None = None,
    ) -> None:
        """Read its header behind `skip` lines: `names` is empty where there is none. Raises OSError.

        names: of a file without a header, whose rows begin there. part: what of its rows is read.
        """
        self._part = part
        self._file = TextFile(path, span=(part.start, part.end) if part else None)
        self._head = header(TextFile(path), delimiter, skip, names)
        self.names = self._head.names if self._head else ()

    @property
    def head(self) -> Header | None:
        """Its header; None where there is none."""
        return self._head

    @property
    def sha256(self) -> str:
        """Digest of the bytes read so far; of all bytes where a part is read."""
        return self._part.sha256 if self._part else self._file.sha256

    @property
    def notes(self) -> tuple[str, ...]:
        """What was odd about its encoding."""
        return tuple(sorted(self._file.notes))

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Read its rows."""
        if self._head is None:
            return iter(())
        return batches(self._file, self._head, self._part.first_line if self._part else 1)


def header(file: TextFile, delimiter: str | None, skip: int = 0, names: Sequence[str] = ()) -> Header | None:
    """Read the header: the first line with anything on it behind `skip` lines. None without one.

    Where the columns' `names` are given, that line is the first row.
    """
    for data, _last in file.blocks():
        lines = lines_of(data)
        for at, line in enumerate(lines):
            if at >= skip and line.strip() and names:
                return Header(distinct(names), delimiter or _mark(line), at + 1)
            if at >= skip and line.strip():
                return _header(lines[at : at + csv_records.MAX_LINES], at, delimiter)
    return None


def batches(file: TextFile, head: Header, first_line: int = 1) -> Iterator[pa.RecordBatch]:
    """Read the rows: columns c0 .. cN as texts, line, problem, raw, aside. Raises OSError.

    first_line: the number of the first line that `file` gives.
    """
    rest, line = b"", max(head.rows_from, first_line)
    skip = line - first_line
    for block, last in file.blocks():
        data = rest + block
        if skip:
            data, skip = _without_lines(data, skip)
        parsed = fast(data, head)
        used = len(data)
        if parsed is None:
            parsed, used = slow(data, head, last=last)
        if parsed.num_rows:
            yield _numbered(_bare(parsed) if head.apostrophes else parsed, line)
        line += data.count(b"\n", 0, used)
        rest = data[used:]


def _header(lines: list[str], at: int, delimiter: str | None) -> Header:
    for end in range(1, len(lines) + 1):
        text = "\n".join(lines[:end])
        mark = delimiter or _mark(text)
        cells = csv_records.split(text, mark)
        if cells is not None:
            unnamed = len(cells) - max((i for i, cell in enumerate(cells, 1) if cell.strip()), default=0)
            texts = [cell for cell in cells if cell[:1].isalpha() or cell[:1] == "'"]
            quoted = len(texts) > 1 and all(re.fullmatch(_IN_APOSTROPHES, text) for text in texts)
            names = [re.sub(_IN_APOSTROPHES, r"\1", cell) for cell in cells] if quoted else cells
            return Header(distinct(names), mark, at + end + 1, unnamed, quoted)
    mark = delimiter or max(DELIMITERS, key=lines[0].count)
    return Header(distinct(lines[0].split(mark)), mark, at + 2)


def _bare(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Take the apostrophes off that texts stand between."""
    cells = [name for name in batch.schema.names if re.fullmatch(r"c\d+", name)]
    for name in cells:
        bare = compute.replace_substring_regex(batch.column(name), pattern=_IN_APOSTROPHES, replacement=r"\1")
        batch = batch.set_column(batch.schema.get_field_index(name), name, bare)
    return batch


def _mark(text: str) -> str:
    return max(DELIMITERS, key=re.sub(r'"[^"]*"', "", text).count)


def first_lines(file: TextFile, count: int) -> list[str]:
    """Give the first lines of a file. Raises OSError."""
    data, _last = next(file.blocks())
    return lines_of(data)[:count]


def _without_lines(data: bytes, count: int) -> tuple[bytes, int]:
    while count and data:
        cut = data.find(b"\n") + 1
        data = data[cut:] if cut else b""
        count -= 1
    return data, count


def _numbered(batch: pa.RecordBatch, first: int) -> pa.RecordBatch:
    at = batch.schema.get_field_index("line")
    return batch.set_column(at, "line", compute.add(batch.column(at), first))
