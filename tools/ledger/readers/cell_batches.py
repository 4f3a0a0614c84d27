"""Batches of cells as every reader gives them: their columns, and cells without the white space around."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import pyarrow as pa
from pyarrow import compute

BLANK: Final = " \t\r\n\N{NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"
# How a cell begins that a spreadsheet is to take as text, and what it is then.
_AS_TEXT: Final = (("'", r"^'([+-]?\d[^']*)$"), ('="', r'^="([^"]*)"$'))


def schema(width: int) -> pa.Schema:
    """Give the columns of a batch."""
    cells = [(f"c{i}", pa.string()) for i in range(width)]
    texts = [(name, pa.string()) for name in ("problem", "raw", "aside")]
    return pa.schema([*cells, ("line", pa.int64()), *texts])


def trimmed(batches: Iterable[pa.RecordBatch], width: int) -> Iterator[pa.RecordBatch]:
    """Take the white space off both ends of cells: blanks, line ends, no-break spaces, a byte order mark.

    And the apostrophe or the formula by which a spreadsheet is told that digits are text: '0012, ="0012".
    """
    for batch in batches:
        cells = [_as_written(compute.utf8_trim(batch.column(i), BLANK)) for i in range(width)]
        yield pa.RecordBatch.from_arrays([*cells, *batch.columns[width:]], schema=batch.schema)


def _as_written(cells: pa.Array) -> pa.Array:
    for begin, pattern in _AS_TEXT:
        if compute.any(compute.starts_with(cells, begin)).as_py():
            cells = compute.replace_substring_regex(cells, pattern, r"\1")
    return cells


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Name columns apart: a repeated "amount" becomes "amount (1)" and "amount (2)", a blank "column 3"."""
    filled = [name.strip() or f"column {i}" for i, name in enumerate(names, 1)]
    folded = [name.casefold() for name in filled]
    return tuple(
        f"{name} ({folded[: i + 1].count(folded[i])})" if folded.count(folded[i]) > 1 else name
        for i, name in enumerate(filled)
    )
