"""Blocks of CSV lines as cells: by Arrow where nothing is doubtful, record by record elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc

from tools.ledger.readers import csv_records
from tools.ledger.readers.cell_batches import schema
from tools.ledger.readers.csv_records import Record

_NEWLINE, _RETURN, _QUOTE = 10, 13, 34


@dataclass(frozen=True)
class Header:
    """The first record of a file: names of its columns, and the line that the rows start on."""

    names: tuple[str, ...]
    delimiter: str
    rows_from: int
    unnamed: int = 0  # of the last columns: a header may end with a delimiter where rows do not
    apostrophes: bool = False  # texts stand between them: 'Date'

    @property
    def needed(self) -> int:
        """Cells that a row has at least."""
        return len(self.names) - self.unnamed


def fast(data: bytes, head: Header) -> pa.RecordBatch | None:
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


def slow(data: bytes, head: Header, *, last: bool) -> tuple[pa.RecordBatch, int]:
    """Parse a block record by record; say how many of its bytes that took."""
    lines = lines_of(data)
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


def lines_of(data: bytes) -> list[str]:
    """Give the lines of a block without their ends."""
    lines = data.decode().split("\n")
    if not lines[-1]:
        lines.pop()
    return [line.rstrip("\r") for line in lines]
