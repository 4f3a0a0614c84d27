"""What a table says once for several rows, brought to each of them: headings, and cells left blank below.

A day that stands on the first posting of each day alone goes down (`fill_down`). A heading's line, such as
an account's name over its postings, is left out, and what it says becomes the column `heading`; a total that
names a heading ends it, so that the heading around it holds again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import pyarrow as pa

from tools.ledger.asides import plain
from tools.ledger.readers.headings import ended_by, heading_of

HEADING: Final = "heading"


class Carrier:
    """Carries cells down through the batches of a file, in order."""

    def __init__(self, names: Sequence[str], fill_down: Sequence[str], headings: str | None) -> None:
        """`names`: the columns of the batches, in order."""
        self._fill = [names.index(name) for name in fill_down]
        self._last = dict.fromkeys(self._fill, "")
        self._at = None if headings is None else names.index(headings)
        self._width = len(names)
        self._open: list[str] = []

    def batches(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Give the batches with what is carried; one column more, where there are headings."""
        for batch in batches:
            yield self._carried(batch)

    def _carried(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        cells = [batch.column(i).to_pylist() for i in range(self._width)]
        asides = batch.column("aside").to_pylist()
        headings: list[str | None] = []
        for row in range(batch.num_rows):
            line = [column[row] or "" for column in cells]
            if self._at is not None and any(line):
                asides[row] = asides[row] or self._take_heading(line)
                headings.append(self._open[-1] if self._open and not asides[row] else None)
            elif self._at is not None:
                headings.append(None)
            for at in self._fill:
                self._last[at] = line[at] or self._last[at]
                if any(line) and self._last[at]:
                    cells[at][row] = self._last[at]
        names = [f"c{i}" for i in range(self._width)]
        columns = [pa.array(column, pa.string()) for column in cells]
        if self._at is not None:
            columns.append(pa.array(headings, pa.string()))
            names.append(f"c{self._width}")
        for name in ("line", "problem", "raw"):
            columns.append(batch.column(name))
            names.append(name)
        return pa.RecordBatch.from_arrays([*columns, pa.array(asides, pa.string())], [*names, "aside"])

    def _take_heading(self, line: Sequence[str]) -> str | None:
        """Open or end a heading; give what the line is, if it is no posting."""
        at = self._at or 0
        text = line[at].strip()
        if not text:
            return None
        ended = ended_by(text)
        if ended is not None:
            names = [plain(name) for name in self._open]
            if ended in names:
                del self._open[names.index(ended) :]
            elif not ended:
                del self._open[-1:]
            return "total"
        heading = heading_of(line, at)
        if not heading:
            return None
        self._open.append(heading)
        return "heading"
