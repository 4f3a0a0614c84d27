"""How many lines stand before a table's header: a bank's own heading, a report's title, blank lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tools.ledger.readers import workbook
from tools.ledger.readers.csv_file import DELIMITERS, first_lines
from tools.ledger.readers.csv_records import split
from tools.ledger.readers.text_blocks import TextFile

_LINES: Final = 60  # looked at
_AFTER: Final = 20  # lines that have to be like the header
_ALIKE: Final = 0.8


def preamble(path: Path, sheet: str | None = None) -> int:
    """Give the lines of a CSV file, or rows of a workbook's sheet, before its header.

    0 for an ordinary file, and where nothing is clear. Raises OSError, and SourcesError for no workbook.
    """
    return _of_sheet(path, sheet) if path.suffix.lower() in workbook.SUFFIXES else _of_text(path)


def _of_text(path: Path) -> int:
    """Give the lines before the first one that nearly all that follow have as many cells as."""
    lines = first_lines(TextFile(path), _LINES)
    mark = max(DELIMITERS, key=lambda one: sum(line.count(one) for line in lines))
    cells = [split(line, mark) or [] if line.strip() else [] for line in lines]
    widths = [len(row) for row in cells]
    for at, width in enumerate(widths):
        after = [row for row in cells[at + 1 :] if row][:_AFTER]
        alike = sum(len(row) >= width and not any(row[width:]) for row in after)
        if width > 1 and alike >= max(1, _ALIKE * len(after)):
            return at if any(widths[:at]) else 0
    return 0


def _of_sheet(path: Path, sheet: str | None) -> int:
    """Give the rows before the first one without a gap that nearly all that follow are as wide as.

    Cells of a sheet may be empty: a row is as wide as its last value, and a header names every column.
    """
    rows = workbook.first_rows(path, sheet, _LINES)
    for at, names in enumerate(rows):
        after = [row for row in rows[at + 1 :] if any(row)][:_AFTER]
        begun = next((i for i, name in enumerate(names) if name), 0)
        whole = len(names) - begun > 1 and all(names[begun:])
        if whole and sum(_under(row, begun, len(names)) for row in after) >= max(1, _ALIKE * len(after)):
            return at if any(any(row) for row in rows[:at]) else 0
    return 0


def _under(row: Sequence[str], begun: int, width: int) -> bool:
    """Whether a row can stand under a header: no wider, and at least half full."""
    return len(row) <= width and 2 * sum(map(bool, row)) >= width - begun
