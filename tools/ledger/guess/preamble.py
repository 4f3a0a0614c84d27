"""How many lines stand before a table's header: a bank's own heading, a report's title, blank lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tools.ledger.guess.dates import DAYISH
from tools.ledger.guess.vocabulary import words
from tools.ledger.readers import workbook
from tools.ledger.readers.csv_file import DELIMITERS, first_lines
from tools.ledger.readers.csv_records import split
from tools.ledger.readers.file_format import WORKBOOKS, format_of
from tools.ledger.readers.text_blocks import TextFile
from tools.ledger.readers.two_line_header import two_lines

_LINES: Final = 60  # looked at
_AFTER: Final = 20  # lines that have to be like the header
_ALIKE: Final = 0.8
_SHORT: Final = 3  # cells that a row may be short of its header: those behind are empty
_NAMED: Final = 3  # words of a header that make a line one
_NAME: Final = 40  # characters of a column's name
_COLUMN_WORDS: Final = frozenset(
    "date amount balance description debit credit currency reference payee payer party account category"
    " type state invoice vendor name value fee withdrawal deposit transaction posted".split()
)


def titles(path: Path, count: int) -> tuple[str, ...]:
    """Give the first lines of a text file. Raises OSError."""
    return tuple(first_lines(TextFile(path), count)) if count else ()


def preamble(path: Path, sheet: str | None = None) -> int:
    """Give the lines of a CSV file, or rows of a workbook's sheet, before its header.

    0 for an ordinary file, and where nothing is clear. Raises OSError, and SourcesError for no workbook.
    """
    return _of_sheet(path, sheet) if format_of(path) in WORKBOOKS else _of_text(path)


def _of_text(path: Path) -> int:
    """Give the lines before the first one that nearly all that follow have as many cells as.

    Where page ends and totals hide that one: before the line that is most of a header by its words.
    """
    lines = first_lines(TextFile(path), _LINES)
    mark = max(DELIMITERS, key=lambda delimiter: sum(line.count(delimiter) for line in lines))
    whole = [split(line, mark) or [] if line.strip() else [] for line in lines]
    cells = [_bare(row) for row in whole]
    widths = [len(row) for row in cells]
    shaped = next((at for at, width in enumerate(widths) if _over(whole, cells, at, width)), None)
    best = max(range(len(cells)), key=lambda i: (header_words(cells[i]), -i), default=0)
    words_ = header_words(cells[best]) if cells else 0
    if words_ >= _NAMED and (shaped is None or words_ > header_words(cells[shaped]) + 1):
        shaped = best
    elif shaped is not None and shaped < best and words_ >= _NAMED and _dates_below(cells, shaped, best):
        shaped = best  # the one above heads a summary
    shaped = _first_row(whole, shaped) if shaped else None
    return shaped if shaped and any(widths[:shaped]) else 0


def _first_row(whole: Sequence[Sequence[str]], at: int) -> int:
    """Go up to the first of the rows, where a line is one: those above may be short of its last cells."""
    days = _days(whole[at])
    while days and at and _days(whole[at - 1]) == days:
        at -= 1
    return at


def _days(row: Sequence[str]) -> list[int]:
    return [at for at, cell in enumerate(row) if DAYISH.fullmatch(cell.strip())]


def _dates_below(cells: Sequence[Sequence[str]], shaped: int, best: int) -> bool:
    """Whether a day stands on the first line under one header, and none on that under the other."""
    first = [next((row for row in cells[at + 1 :] if row), []) for at in (shaped, best)]
    has_day = [any(DAYISH.fullmatch(cell.strip()) for cell in row) for row in first]
    return has_day == [False, True]


def _over(whole: Sequence[Sequence[str]], cells: Sequence[Sequence[str]], at: int, width: int) -> bool:
    """Whether nearly all lines under one are as wide as it; cells without a name behind it count.

    Under a line that fills each of its cells, one with as many cells is as wide, however few it fills.
    """
    after = [below for below in range(at + 1, len(cells)) if cells[below]][:_AFTER]
    is_full = all(cell.strip() for cell in whole[at])
    alike = sum(
        width - _SHORT <= len(cells[below]) <= len(whole[at]) or (is_full and len(whole[below]) == width)
        for below in after
    )
    return width > 1 and alike >= max(1, _ALIKE * len(after))


def _bare(row: Sequence[str]) -> list[str]:
    """Give a row without the empty cells behind its last filled one."""
    return list(row[: max((i + 1 for i, cell in enumerate(row) if cell.strip()), default=0)])


def header_words(row: Sequence[str]) -> int:
    """Count the cells of a line that are called like a column of the books."""
    return sum(bool(_COLUMN_WORDS & set(words(cell))) for cell in row if len(cell) <= _NAME)


def _of_sheet(path: Path, sheet: str | None) -> int:
    """Give the rows before the first one without a gap that nearly all that follow are as wide as.

    Cells of a sheet may be empty: a row is as wide as its last value, and a header names every column.
    """
    rows = workbook.first_rows(path, sheet, _LINES)
    for at, upper in enumerate(rows):
        names = two_lines(upper, next(iter(rows[at + 1 :]), [])) or upper
        after = [row for row in rows[at + 1 :] if any(row)][:_AFTER]
        begun = next((i for i, name in enumerate(names) if name), 0)
        whole = len(names) - begun > 1 and all(names[begun:])
        if (whole or _has_gaps(names[begun:])) and header_words(names) >= _NAMED:
            return at if any(any(row) for row in rows[:at]) else 0
        if whole and sum(_under(row, begun, len(names)) for row in after) >= max(1, _ALIKE * len(after)):
            return at if any(any(row) for row in rows[:at]) else 0
    return 0


def _has_gaps(names: Sequence[str]) -> bool:
    """Whether a row may be a header with a few nameless columns: of words, without labels and numbers."""
    named = [name for name in names if name]
    is_words = not any(c.isdigit() or c == ":" for name in named for c in name)
    return is_words and 3 * len(named) >= 2 * len(names)


def _under(row: Sequence[str], begun: int, width: int) -> bool:
    """Whether a row can stand under a header: no wider, and at least half full."""
    return len(row) <= width and 2 * sum(map(bool, row)) >= width - begun
