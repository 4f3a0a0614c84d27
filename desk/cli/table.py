"""A compact table that fits: figures keep their width, words share what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from textwrap import wrap
from typing import Any, Literal

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from desk.cli.screen import style_of
from desk.views.safe_text import one_line, visible

Kind = Literal["text", "money", "number", "share", "word", "time", "id", "digest", "code"]
Row = Mapping[str, Any]
_GAP = 2
_INDENT = 4
_NARROWEST = 8
_TO_THE_MINUTE = len("2026-01-31T12:00")
_FIGURES = frozenset({"money", "number", "share"})
_WHOLE = _FIGURES | {"id", "digest"}
_DIGEST = 8  # characters


@dataclass(frozen=True)
class TableColumn:
    """One column of a listing; `name` is stable in JSON and CSV.

    kind: money is decimal text in the row's `currency`; a word is coloured by what it says; a time, ISO 8601
    in UTC, is written to the minute; an id is never cut, because commands take it; a digest is shown by its
    first characters, which commands take, too; a code is written with spaces ("opt out").
    heading: of the column in the table; a column without one is left to JSON and CSV.
    flex: how large a part of the spare width it takes in the table; 0 keeps its own width.
    below: shown whole, on lines of its own under the row.
    """

    name: str
    about: str
    kind: Kind = "text"
    heading: str = ""
    flex: int = 0
    below: bool = False


def laid_out(columns: Sequence[TableColumn], rows: Sequence[Row], width: int) -> Text:
    """Lay rows out in at most `width` cells, one line each; too long text ends in an ellipsis."""
    below = [column for column in columns if column.below]
    columns = [column for column in columns if column.heading]
    currencies = {str(row["currency"]) for row in rows if row.get("currency")}
    several = len(currencies) > 1
    headings = [_heading(column, currencies) for column in columns]
    cells = [[_words(column, row, several=several) for column in columns] for row in rows]
    widths = _widths(columns, [headings, *cells], width)
    lines = [_line(columns, headings, widths, style="head"), _rule(widths)]
    for row, line in zip(rows, cells, strict=True):
        lines += [_line(columns, line, widths), *_under(below, row, width)]
    return Text("\n").join(lines)


def _line(
    columns: Sequence[TableColumn], words: Sequence[str], widths: Sequence[int], style: str = ""
) -> Text:
    parts = []
    for column, word, wide in zip(columns, words, widths, strict=True):
        cut = shortened(word, wide)
        blank = " " * (wide - cell_len(cut))
        colour = style or (style_of(word) if column.kind == "word" else "")
        text = Text(cut, style=colour)
        parts.append(Text(blank) + text if column.kind in _FIGURES else text + Text(blank))
    return _joined(parts)


def _under(columns: Sequence[TableColumn], row: Row, width: int) -> list[Text]:
    words = [one_line(row.get(column.name) or "") for column in columns]
    wrapped = [line for word in words for line in wrap(word, max(width - _INDENT, _NARROWEST))]
    return [Text(" " * _INDENT + line, style="quiet") for line in wrapped]


def _rule(widths: Sequence[int]) -> Text:
    return _joined([Text("─" * wide, style="quiet") for wide in widths])


def _joined(parts: Sequence[Text]) -> Text:
    line = Text(" " * _GAP).join(parts)
    line.rstrip()
    return line


def money(value: object) -> str:
    """Write decimal text for a reader: thousands grouped. Amounts of several currencies are words already."""
    try:
        return f"{Decimal(str(value)):,}"
    except InvalidOperation:
        return visible(str(value))


def quantity(many: int, noun: str) -> str:
    """Write a number of things: "1 case", "1,200 cases"."""
    return f"{many:,} {noun}" if many == 1 else f"{many:,} {noun}s"


def shortened(words: str, width: int) -> str:
    """Cut text to `width` cells, ending in an ellipsis where something is missing."""
    return words if cell_len(words) <= width else set_cell_size(words, width - 1) + "…"


def _words(column: TableColumn, row: Row, *, several: bool) -> str:
    value = row.get(column.name)
    if value is None or value == "":
        return ""
    if column.kind == "money":
        return f"{money(value)} {row.get('currency') or ''}".rstrip() if several else money(value)
    if column.kind == "share":
        return f"{float(value):.2f}"
    if column.kind == "number" and isinstance(value, int):
        return f"{value:,}"
    return _plain(value, column.kind)


def _plain(value: Any, kind: Kind) -> str:  # noqa: ANN401 - whatever a row has
    if kind == "time":
        return str(value)[:_TO_THE_MINUTE].replace("T", " ")
    if kind == "code":
        return visible(str(value).replace("_", " "))
    if kind == "digest":
        return visible(str(value)[:_DIGEST])
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return visible(", ".join(map(str, value)) if isinstance(value, list) else value)


def _heading(column: TableColumn, currencies: set[str]) -> str:
    if column.kind == "money" and len(currencies) == 1:
        return f"{column.heading} {visible(*currencies)}"
    return column.heading


def _widths(columns: Sequence[TableColumn], lines: Sequence[Sequence[str]], width: int) -> list[int]:
    """Give each column its widest cell; those that flex share what the others leave."""
    natural = [max(cell_len(line[i]) for line in lines) for i in range(len(columns))]
    flexes = sum(column.flex for column in columns)
    spare = width - _GAP * (len(columns) - 1)
    natural = _fitting(columns, natural, spare)
    spare -= sum(wide for wide, column in zip(natural, columns, strict=True) if not column.flex)
    flex_total, widths = flexes, []
    for wide, column in zip(natural, columns, strict=True):
        part = wide if not column.flex else min(wide, max(_NARROWEST, spare * column.flex // flex_total))
        if column.flex:
            spare, flex_total = spare - part, flex_total - column.flex
        widths.append(part)
    return widths


def _fitting(columns: Sequence[TableColumn], natural: Sequence[int], spare: int) -> list[int]:
    """Narrow the words that do not flex, the widest first, until a line fits; no figure and no id is cut."""
    fitting = list(natural)
    words = [i for i, column in enumerate(columns) if not column.flex and column.kind not in _WHOLE]
    pairs = zip(natural, columns, strict=True)
    least = sum(min(wide, _NARROWEST) if column.flex else wide for wide, column in pairs)
    for _ in range(least - spare):
        widest = max(words, key=lambda i: fitting[i], default=None)
        if widest is None or fitting[widest] <= _NARROWEST:
            break
        fitting[widest] -= 1
    return fitting
