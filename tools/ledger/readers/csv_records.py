"""Records out of lines that the fast parser would not be trusted with: stray quotes, NUL, long cells.

A record is one line, or several where a quoted cell goes on over line ends. Nothing is guessed: a line
that cannot be read by itself or with those that follow is a rejected record, and reading goes on with
the next line.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

MAX_LENGTH: Final = 1_000_000  # characters of one record
MAX_LINES: Final = 1_000  # of one record
RAW: Final = 1_000  # characters of a rejected record that are kept

csv.field_size_limit(MAX_LENGTH)


@dataclass(frozen=True)
class Record:
    """One record: the offset of its first line, how many lines, its cells or the problem with it."""

    line: int
    lines: int
    cells: list[str]
    problem: str | None = None
    raw: str | None = None


def split(line: str, delimiter: str) -> list[str] | None:
    """Split one record into cells (RFC 4180); None when its quotes do not pair."""
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def records(
    lines: Sequence[str], delimiter: str, width: int, *, last: bool, needed: int | None = None
) -> Iterator[Record]:
    """Read lines (without their ends) as records of `width` cells.

    Blank lines are no records. Unless these lines are the file's `last`, reading stops before a record
    that may go on after them.
    """
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        record = one_line(lines[at], delimiter, width, at, needed)
        if record is None:
            record = _joined(lines, at, delimiter, width)
            if record is None and not last and _may_go_on(lines, at):
                return
            record = record or _rejected(lines[at], at, "a quote opens and does not close")
        yield record
        at += record.lines


def one_line(line: str, delimiter: str, width: int, at: int, needed: int | None = None) -> Record | None:
    """Read one line; None when a quote stays open at its end.

    needed: cells that it has at least, where the last of `width` columns have no name.
    """
    if len(line) > MAX_LENGTH:
        return _rejected(line, at, f"longer than {MAX_LENGTH:,} characters")
    if "\0" in line:
        return _rejected(line, at, "holds a NUL byte")
    cells = split(line, delimiter)
    if cells is not None:
        return _measured(cells, line, at, width, needed or width)
    if "\r" in line:
        return _rejected(line, at, "holds a bare carriage return beside quotes")
    return None if line.count('"') % 2 else _rejected(line, at, "text stands after a closing quote")


def _measured(cells: list[str], line: str, at: int, width: int, needed: int) -> Record:
    if needed <= len(cells) < width:
        cells += [""] * (width - len(cells))
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    if len(cells) == width:
        return Record(at, 1, cells)
    count = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
    return _rejected(line, at, f"{count} where the header has {width}")


def _rejected(line: str, at: int, problem: str) -> Record:
    return Record(at, 1, [], problem, line[:RAW])


def _joined(lines: Sequence[str], at: int, delimiter: str, width: int) -> Record | None:
    """Join a line whose quote stays open with those that follow, as far as they make one whole record."""
    length = len(lines[at])
    for end in range(at + 1, min(at + MAX_LINES, len(lines))):
        length += len(lines[end]) + 1
        if length > MAX_LENGTH:
            return None
        if lines[end].count('"') % 2 == 0:
            continue
        part = lines[at : end + 1]
        cells = split("\n".join(part), delimiter)
        if cells is None or len(cells) != width or any("\0" in line for line in part):
            continue
        # Each line whole by itself: two stray quotes, not one cell over several lines.
        stray = width > 1 and all(line.count(delimiter) == width - 1 for line in part)
        return None if stray else Record(at, len(part), cells)
    return None


def _may_go_on(lines: Sequence[str], at: int) -> bool:
    return len(lines) - at < MAX_LINES and sum(len(line) + 1 for line in lines[at:]) <= MAX_LENGTH
