"""A large file cut into parts that can be read apart, with the line numbers and the digest of the whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from tools.ledger.readers import csv_records, text_blocks
from tools.ledger.readers.file_format import format_of
from tools.ledger.readers.text_blocks import BLOCK, TextFile

_NEWLINE, _QUOTE = 10, 34


@dataclass(frozen=True)
class FilePart:
    """A part of a file: bytes of a CSV file, or rows of a Parquet file, from `start` to before `end`.

    first_line: the number of its first line, from 1. sha256: of the whole file.
    """

    sha256: str
    start: int
    end: int
    first_line: int = 1


def cut(path: Path, *, behind: int, size: int) -> list[FilePart]:
    """Cut a CSV or Parquet file into parts of at least `size` bytes; no part where it is read as a whole.

    behind: lines at the beginning that may be no rows. A CSV file is cut where no record can go on: behind as
    many lines as a record may have, none of them with a quote that stays open. Raises OSError when away.
    """
    form = format_of(path)
    if form == "parquet":
        return _several([replace(part, sha256=digest(path)) for part in _row_groups(path, size)])
    if form != "text":
        return []
    if TextFile(path).is_recoded():
        return []
    return _several(_text_parts(path, behind + csv_records.MAX_LINES, size))


def _several(parts: list[FilePart]) -> list[FilePart]:
    return parts if len(parts) > 1 else []


def digest(path: Path) -> str:
    """Give a file's SHA-256. Raises OSError when it is away."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _row_groups(path: Path, size: int) -> Iterator[FilePart]:
    about = pq.read_metadata(path)
    start = end = octets = 0
    for at in range(about.num_row_groups):
        group = about.row_group(at)
        end, octets = end + group.num_rows, octets + group.total_byte_size
        if octets >= size or at == about.num_row_groups - 1:
            yield FilePart("", start, end)
            start, octets = end, 0


def _text_parts(path: Path, behind: int, size: int) -> list[FilePart]:
    """Cut a text file at the ends of lines, reading it once."""
    parts, sha256, start, line, at = list[FilePart](), hashlib.sha256(), 0, 1, 0
    lines, since_open = 0, csv_records.MAX_LINES
    with path.open("rb") as file:
        while data := file.read(BLOCK):
            sha256.update(data)
            more = b"" if data.endswith(b"\n") else file.readline(text_blocks.MAX_LINE)
            sha256.update(more)
            data += more
            at += len(data)
            count, last_open = _lines(data)
            since_open = since_open + count if last_open is None else count - last_open - 1
            lines += count
            whole = data.endswith(b"\n") and since_open >= csv_records.MAX_LINES and lines > behind
            if whole and at - start >= size:
                parts.append(FilePart("", start, at, line))
                start, line = at, lines + 1
    if at > start:
        parts.append(FilePart("", start, at, line))
    return [replace(part, sha256=sha256.hexdigest()) for part in parts]


def _lines(data: bytes) -> tuple[int, int | None]:
    """Count lines, and give the last of them that has an odd number of quotes."""
    count = data.count(b"\n")
    if b'"' not in data:
        return count, None
    octets = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(octets == _NEWLINE)
    quotes = np.searchsorted(ends, np.flatnonzero(octets == _QUOTE))
    odd = np.flatnonzero(np.bincount(quotes) % 2)
    return count, int(odd[-1]) if len(odd) else None
