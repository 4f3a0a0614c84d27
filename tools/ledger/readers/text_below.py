"""Text that goes on below: lines with nothing but more of what the posting above is for, brought up to it.

A bank writes the kind of transfer on the posting's line and the party on the next one, where all other cells
are blank. Such a line is no posting: its text is added to the line above, and it is counted as `text`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import pyarrow as pa

TEXT: Final = "text"


class TextBelow:
    """Brings text up through the batches of a file, in order."""

    def __init__(self, names: Sequence[str], columns: Sequence[str]) -> None:
        """`names`: the columns of the batches, in order; `columns`: those whose text goes on below."""
        self._width = len(names)
        self._at = {names.index(name) for name in columns}

    def batches(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Give the batches with the text brought up; a posting waits for the lines below it."""
        rest: pa.RecordBatch | None = None
        for batch in batches:
            whole = batch if rest is None else pa.concat_batches([rest, batch])
            cut = self._last_posting(whole)
            if cut:
                yield self._joined(whole.slice(0, cut))
            rest = whole.slice(cut)
        if rest is not None and rest.num_rows:
            yield self._joined(rest)

    def _last_posting(self, batch: pa.RecordBatch) -> int:
        cells = self._cells(batch)
        return next((row for row in reversed(range(batch.num_rows)) if not self._is_more(cells, row)), 0)

    def _joined(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        cells, asides = self._cells(batch), batch.column("aside").to_pylist()
        above: int | None = None
        for row in range(batch.num_rows):
            if not self._is_more(cells, row):
                above = row if any(column[row] for column in cells) and not asides[row] else above
            elif above is not None and not asides[row]:
                asides[row] = TEXT
                for at in self._at:
                    cells[at][above] = " ".join(filter(None, (cells[at][above], cells[at][row])))
        columns = {f"c{at}": pa.array(cells[at], pa.string()) for at in self._at}
        columns["aside"] = pa.array(asides, pa.string())
        for name, column in columns.items():
            batch = batch.set_column(batch.schema.get_field_index(name), name, column)
        return batch

    def _cells(self, batch: pa.RecordBatch) -> list[list[str | None]]:
        return [batch.column(at).to_pylist() for at in range(self._width)]

    def _is_more(self, cells: Sequence[Sequence[str | None]], row: int) -> bool:
        """Whether a line has text in these columns and nothing in any other."""
        filled = {at for at, column in enumerate(cells) if column[row]}
        return bool(filled) and filled <= self._at
