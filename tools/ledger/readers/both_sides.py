"""Lines that book a debit and a credit at once, each brought apart into its two postings.

What either side has becomes columns of their own, beside `side`, which says debit or credit. A side without
an account is none: entries of several lines leave the other one blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import pyarrow as pa

SIDE: Final = "side"
SIDES: Final = ("debit", "credit")


def added_columns(both_sides: Mapping[str, Sequence[str]]) -> list[str]:
    """Name the columns that are made, in order; none where lines book one side."""
    return [*both_sides, SIDE] if both_sides else []


class BothSides:
    """Brings the lines of batches apart: `both_sides` says of each new column where either side has it.

    The first new column holds the account.
    """

    def __init__(self, names: Sequence[str], both_sides: Mapping[str, Sequence[str]]) -> None:
        """`names`: the columns of the batches, in order."""
        self._width = len(names)
        self._of_side = [[names.index(parts[at]) for parts in both_sides.values()] for at in (0, 1)]

    def batches(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Give the batches with a row for each side of a line, and what it has behind the other columns."""
        for batch in batches:
            yield self._apart(batch)

    def _apart(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        parts = [self._side(batch, at) for at in range(len(SIDES))]
        table = pa.Table.from_batches(parts).sort_by([("line", "ascending")])
        whole = table.combine_chunks().to_batches()
        return whole[0] if whole else parts[0]

    def _side(self, batch: pa.RecordBatch, at: int) -> pa.RecordBatch:
        """Give one side of the lines that have it; lines that are none of a table are of the first side."""
        account = batch.column(self._of_side[at][0]).to_pylist()
        others = batch.column(self._of_side[1 - at][0]).to_pylist()
        rows = [
            row
            for row, (own, other) in enumerate(zip(account, others, strict=True))
            if (own or "").strip() or (at == 0 and not (other or "").strip())
        ]
        part = batch.take(pa.array(rows, pa.int64()))
        side = pa.array([SIDES[at]] * len(rows), pa.string())
        own = [*(part.column(place) for place in self._of_side[at]), side]
        names = [*part.schema.names[: self._width], *(f"c{self._width + i}" for i in range(len(own)))]
        columns = [*part.columns[: self._width], *own, *part.columns[self._width :]]
        return pa.RecordBatch.from_arrays(columns, [*names, *part.schema.names[self._width :]])
