"""Printed lists, whose columns stand by position, as rows: without page heads, long texts whole.

`line` is that of the file. Source: lists of SAP, AS/400 and banks as they are saved for printing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.core.errors import SourcesError
from tools.ledger.readers import positions
from tools.ledger.readers.positions import RULER, is_posting, placed
from tools.ledger.readers.row_reader import Proof, Row
from tools.ledger.readers.text_blocks import TextFile


def titles(path: Path) -> tuple[str, ...]:
    """Give the lines over the header. Raises OSError, and SourcesError for a text of another form."""
    reader = PositionalText(path)
    return tuple(reader.titles)


class PositionalText:
    """A text whose columns stand by position."""

    def __init__(self, path: Path) -> None:
        """Tell its columns. Raises OSError, and SourcesError for a text of another form."""
        file = TextFile(path)
        self._lines = file.text().splitlines()
        layout = positions.layout(self._lines)
        if layout is None:
            raise SourcesError("is no list with columns by position.", place=str(path), remedy="Export CSV.")
        self._layout = layout
        self.notes: list[str] = sorted(file.notes)
        self.proofs: list[Proof] = []
        self.names: Sequence[str] = layout.names
        self.titles = [line for line in self._lines[: layout.header] if line.strip()]

    def rows(self) -> Iterator[Row]:
        """Give a row for each line below the header that is not blank, and no more of its text."""
        heads = {_shape(line) for line in self.titles}
        last: tuple[int, list[str]] | None = None
        for at, line in enumerate(self._lines[self._layout.header + 1 :], self._layout.header + 2):
            if not line.strip():
                continue
            cells = placed(line, self._layout.spans)
            if last and self._goes_on(line, cells, last[1]):
                last[1][:] = [f"{text} {more}".strip() for text, more in zip(last[1], cells, strict=True)]
                continue
            if last:
                yield Row(*last)
            last = (at, cells) if is_posting(line) else None
            if last is None:
                yield Row(at, cells, aside=self._aside(line, cells, heads))
        if last:
            yield Row(*last)

    def _goes_on(self, line: str, cells: Sequence[str], posting: Sequence[str]) -> bool:
        """Whether a line holds nothing but more of one text of the posting above it."""
        filled = [at for at, cell in enumerate(cells) if cell]
        if len(filled) != 1 or filled[0] == 0 or RULER.fullmatch(line):
            return False
        words = re.search(r"[^\W\d_]{2}", posting[filled[0]])
        return bool(words) and not positions.DAY.fullmatch(posting[filled[0]])

    def _aside(self, line: str, cells: Sequence[str], heads: set[str]) -> str | None:
        """Say what a line is that is printed anew on each page."""
        if RULER.fullmatch(line) or _shape(line) in heads:
            return "page"
        return "header" if tuple(cells) == self._layout.names else None


def _shape(line: str) -> str:
    """Write a line without what changes from page to page."""
    return " ".join(re.sub(r"\d+", "#", line).split())
