"""CSV read totally: every line of a file becomes cells or a problem, with the line it stands on.

Blocks of whole lines go through Arrow's parser when nothing in them is doubtful, and through
`tools.ledger.records` when something is. `line` is the physical line on which a record starts, from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
from pyarrow import compute

from tools.ledger.readers import csv_records
from tools.ledger.readers.csv_records import Record
from tools.ledger.readers.file_parts import FilePart
from tools.ledger.readers.text_blocks import TextFile

DELIMITERS: Final = (",", ";", "\t", "|")
BLANK: Final = " \t\r\n\N{NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"
# How a cell begins that a spreadsheet is to take as text, and what it is then.
_AS_TEXT: Final = (("'", r"^'([+-]?\d[^']*)$"), ('="', r'^="([^"]*)"$'))
_NEWLINE, _RETURN, _QUOTE = 10, 13, 34


@dataclass(frozen=True)
class Header:
    """The first record of a file: names of its columns, and the line that the rows start on."""

    names: tuple[str, ...]
    delimiter: str
    rows_from: int
    unnamed: int = 0  # of the last columns: a header may end with a delimiter where rows do not

    @property
    def needed(self) -> int:
        """Cells that a row has at least."""
        return len(self.names) - self.unnamed


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
        lines = _lines(data)
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
        parsed = _fast(data, head)
        used = len(data)
        if parsed is None:
            parsed, used = _slow(data, head, last=last)
        if parsed.num_rows:
            yield _numbered(parsed, line)
        line += data.count(b"\n", 0, used)
        rest = data[used:]


def schema(width: int) -> pa.Schema:
    """Give the columns of a batch."""
    cells = [(f"c{i}", pa.string()) for i in range(width)]
    texts = [(name, pa.string()) for name in ("problem", "raw", "aside")]
    return pa.schema([*cells, ("line", pa.int64()), *texts])


def trimmed(batches: Iterable[pa.RecordBatch], width: int) -> Iterator[pa.RecordBatch]:
    """Take the white space off both ends of cells: blanks, line ends, no-break spaces, a byte order mark.

    And the apostrophe or the formula by which a spreadsheet is told that digits are text: '0012, ="0012".
    """
    for batch in batches:
        cells = [_untold(compute.utf8_trim(batch.column(i), BLANK)) for i in range(width)]
        yield pa.RecordBatch.from_arrays([*cells, *batch.columns[width:]], schema=batch.schema)


def _untold(cells: pa.Array) -> pa.Array:
    for begin, pattern in _AS_TEXT:
        if compute.any(compute.starts_with(cells, begin)).as_py():
            cells = compute.replace_substring_regex(cells, pattern, r"\1")
    return cells


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Name columns apart: a repeated "amount" becomes "amount (1)" and "amount (2)", a blank "column 3"."""
    filled = [name.strip() or f"column {i}" for i, name in enumerate(names, 1)]
    folded = [name.casefold() for name in filled]
    return tuple(
        f"{name} ({folded[: i + 1].count(folded[i])})" if folded.count(folded[i]) > 1 else name
        for i, name in enumerate(filled)
    )


def _header(lines: list[str], at: int, delimiter: str | None) -> Header:
    for end in range(1, len(lines) + 1):
        text = "\n".join(lines[:end])
        mark = delimiter or _mark(text)
        cells = csv_records.split(text, mark)
        if cells is not None:
            unnamed = len(cells) - max((i for i, cell in enumerate(cells, 1) if cell.strip()), default=0)
            return Header(distinct(cells), mark, at + end + 1, unnamed)
    mark = delimiter or max(DELIMITERS, key=lines[0].count)
    return Header(distinct(lines[0].split(mark)), mark, at + 2)


def _mark(text: str) -> str:
    return max(DELIMITERS, key=re.sub(r'"[^"]*"', "", text).count)


def first_lines(file: TextFile, count: int) -> list[str]:
    """Give the first lines of a file. Raises OSError."""
    data, _last = next(file.blocks())
    return _lines(data)[:count]


def _lines(data: bytes) -> list[str]:
    lines = data.decode().split("\n")
    if not lines[-1]:
        lines.pop()
    return [line.rstrip("\r") for line in lines]


def _without_lines(data: bytes, count: int) -> tuple[bytes, int]:
    while count and data:
        cut = data.find(b"\n") + 1
        data = data[cut:] if cut else b""
        count -= 1
    return data, count


def _fast(data: bytes, head: Header) -> pa.RecordBatch | None:
    """Parse a block with Arrow, or give None when anything in it is doubtful."""
    whole = data if data.endswith(b"\n") or not data else data + b"\n"
    octets = np.frombuffer(whole, np.uint8)
    ends = np.flatnonzero(octets == _NEWLINE)
    # In a file of one column, a line of blanks looks like a cell.
    if not len(ends) or len(head.names) == 1 or _is_doubtful(whole, octets, ends, head.delimiter):
        return None
    odd: list[Record] = []
    parsed = _arrow(whole, head, odd)
    if parsed is None or parsed.num_rows + len(odd) != len(ends):
        return None
    lengths = np.diff(ends, prepend=-1) - 1
    blank = (lengths == 0) | ((lengths == 1) & (octets[ends - 1] == _RETURN))
    lines = np.delete(np.arange(len(ends)), [record.line for record in odd])
    nonblank = ~blank[lines]
    table = parsed.filter(pa.array(nonblank)) if not nonblank.all() else parsed
    good = _batch([table.column(i) for i in range(len(head.names))], pa.array(lines[nonblank]))
    return _together(good, _of_records([r for r in odd if r.cells or r.problem], len(head.names)))


def _is_doubtful(data: bytes, octets: np.ndarray, ends: np.ndarray, delimiter: str) -> bool:
    if b"\0" in data or np.diff(ends, prepend=-1).max() > csv_records.MAX_LENGTH:
        return True
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return True
    if b'"' not in data:
        return False
    quotes = np.flatnonzero(octets == _QUOTE)
    per_line = np.bincount(np.searchsorted(ends, quotes), minlength=len(ends))
    return bool((per_line % 2).any()) or _is_stray(octets, quotes, delimiter)


def _is_stray(octets: np.ndarray, quotes: np.ndarray, delimiter: str) -> bool:
    """Whether quotes in a row stand where they neither open nor close a cell nor are doubled inside one."""
    starts, ends = np.diff(quotes, prepend=-2) > 1, np.diff(quotes, append=len(octets) + 1) > 1
    first, last = quotes[starts], quotes[ends]
    edge = np.zeros(256, bool)
    edge[[ord(delimiter), _RETURN, _NEWLINE]] = True
    opens, closes = edge[octets[first - 1]] | (first == 0), edge[octets[last + 1]]
    odd = (last - first) % 2 == 0
    outside = np.flatnonzero(starts) % 2 == 0  # every line has an even number of quotes
    stray = (~opens & ~closes & odd) | (opens & ~closes & ~odd) | (~opens & closes & odd & outside)
    return bool(stray.any())


def _arrow(data: bytes, head: Header, odd: list[Record]) -> pa.Table | None:
    width = len(head.names)

    def keep(row: pc.InvalidRow) -> str:
        at = row.number - 1
        line = row.text.rstrip("\r")
        record = (
            csv_records.one_line(line, head.delimiter, width, at, head.needed)
            if line.strip()
            else Record(at, 1, [])
        )
        odd.append(record or Record(at, 1, [], "cannot be read", line[: csv_records.RAW]))
        return "skip"

    names = [f"c{i}" for i in range(width)]
    try:
        return pc.read_csv(
            pa.py_buffer(data),
            pc.ReadOptions(column_names=names, use_threads=False, block_size=len(data) + 1),
            pc.ParseOptions(delimiter=head.delimiter, ignore_empty_lines=False, invalid_row_handler=keep),
            pc.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        return None


def _slow(data: bytes, head: Header, *, last: bool) -> tuple[pa.RecordBatch, int]:
    lines = _lines(data)
    records = list(csv_records.records(lines, head.delimiter, len(head.names), last=last, needed=head.needed))
    batch = _of_records(records, len(head.names))
    done = len(lines)
    if not last and records:
        done = records[-1].line + records[-1].lines
        while done < len(lines) and not lines[done].strip():
            done += 1
    elif not last:
        done = next((i for i, line in enumerate(lines) if line.strip()), len(lines))
    return batch, len(data) if done == len(lines) else _offset(data, done)


def _offset(data: bytes, lines: int) -> int:
    at = 0
    for _ in range(lines):
        at = data.find(b"\n", at) + 1
    return at


def _of_records(records: Sequence[Record], width: int) -> pa.RecordBatch:
    empty: list[str | None] = [None] * width
    rows = [record.cells or empty for record in records]
    cells = [pa.array([row[i] for row in rows], pa.string()) for i in range(width)]
    return _batch(
        cells,
        pa.array([record.line for record in records], pa.int64()),
        pa.array([record.problem for record in records], pa.string()),
        pa.array([record.raw for record in records], pa.string()),
    )


def _batch(
    cells: Sequence[pa.Array | pa.ChunkedArray],
    lines: pa.Array,
    problems: pa.Array | None = None,
    raws: pa.Array | None = None,
) -> pa.RecordBatch:
    nothing = pa.nulls(len(lines), pa.string())
    whole = [c.combine_chunks() if isinstance(c, pa.ChunkedArray) else c for c in cells]
    odd = [nothing if texts is None else texts for texts in (problems, raws)]
    columns = [*whole, lines, *odd, nothing]
    return pa.RecordBatch.from_arrays(columns, schema=schema(len(cells)))


def _together(good: pa.RecordBatch, odd: pa.RecordBatch) -> pa.RecordBatch:
    if not odd.num_rows:
        return good
    return pa.Table.from_batches([good, odd]).combine_chunks().to_batches()[0]


def _numbered(batch: pa.RecordBatch, first: int) -> pa.RecordBatch:
    at = batch.schema.get_field_index("line")
    return batch.set_column(at, "line", compute.add(batch.column(at), first))
