"""HTML tables as the sheets of a workbook: what many banks and ERP systems call .xls.

The table with the most rows comes first. A table that others are laid out in gives only its own cells. Read
with Python's own parser, which follows no link and runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

from tools.ledger.readers.text_blocks import TextFile

_CELLS: Final = ("td", "th")
_LEAST: Final = 2  # rows and columns of a table
_WIDEST: Final = 200  # columns that a cell may span
_UNSEEN: Final = ("script", "style", "template")


class HtmlBook:
    """The tables of an HTML file."""

    def __init__(self, path: Path) -> None:
        """Read all of them. Raises OSError."""
        parser = _Tables()
        parser.feed(TextFile(path).text())
        parser.close()
        tables = [table for table in parser.tables if len(table) >= _LEAST and _width(table) >= _LEAST]
        tables.sort(key=len, reverse=True)
        self._tables = {f"table {at}": table for at, table in enumerate(tables, 1)}

    def sizes(self) -> dict[str, int]:
        """Give the rows of each table."""
        return {name: len(table) for name, table in self._tables.items()}

    def values(self, sheet: str) -> Iterator[Sequence[Any]]:
        """Give a table's rows."""
        for row in self._tables[sheet]:
            yield [cell or None for cell in row]


def _width(table: Sequence[Sequence[str]]) -> int:
    return max(map(len, table), default=0)


class _Tables(HTMLParser):
    """Collects the cells of each table; tags that nobody closed end where the next one begins."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._text: list[str] | None = None
        self._span = 1
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row or a cell."""
        self._unseen += tag in _UNSEEN
        if tag == "table":
            self._end_cell()
            self._open.append([])
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].append([])
        elif tag in _CELLS and self._open:
            self._end_cell()
            if not self._open[-1]:
                self._open[-1].append([])
            span = dict(attrs).get("colspan") or "1"
            self._text, self._span = [], min(int(span), _WIDEST) if span.isdecimal() else 1
        elif tag == "br" and self._text is not None:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """Close a cell or a table."""
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        if tag in (*_CELLS, "tr"):
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            self.tables.append([row for row in self._open.pop() if any(row)])

    def handle_data(self, data: str) -> None:
        """Take the text of a cell."""
        if self._text is not None and not self._unseen:
            self._text.append(data)

    def close(self) -> None:
        """Take what the file leaves open."""
        super().close()
        while self._open:
            self.handle_endtag("table")

    def _end_cell(self) -> None:
        if self._text is not None and self._open:
            self._open[-1][-1] += [" ".join("".join(self._text).split()), *[""] * (self._span - 1)]
        self._text = None
