"""The open rows of both sides as arrays, in an order that the rows themselves decide."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tools.engine import Books
from tools.reconciliation import items

Index = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """One side's open rows, sorted by day, then by what the source calls them, then by key.

    id: rowid in the side's item table. amount: minor units with the pair's common sign. day: calendar days.
    work: business days. currency: a code that both sides share. text, reference: as written.
    """

    id: Index
    amount: Index
    day: Index
    work: Index
    currency: Index
    text: list[str]
    reference: list[str]

    def __len__(self) -> int:
        return len(self.id)

    def at(self, at: Index) -> Rows:
        """Give the rows at these positions."""
        return Rows(
            self.id[at],
            self.amount[at],
            self.day[at],
            self.work[at],
            self.currency[at],
            [self.text[n] for n in at],
            [self.reference[n] for n in at],
        )

    def negated(self) -> Rows:
        """Give the same rows with opposite amounts."""
        return replace(self, amount=-self.amount)


def fetch(books: Books) -> tuple[Rows, Rows]:
    """Read what is open on both sides."""
    left, right = (books.query(items.text("open").format(side=side)) for side in items.SIDES)
    codes = {name: at for at, name in enumerate(sorted(_names(left) | _names(right)))}
    return _rows(left, codes), _rows(right, codes)


def _names(table: pa.Table) -> set[str]:
    return {name or "" for name in table["currency"].unique().to_pylist()}


def _rows(table: pa.Table, codes: dict[str, int]) -> Rows:
    id_, amount, day, work = (_integers(table[name]) for name in ("id", "amount", "day", "work"))
    currency = np.array([codes[name or ""] for name in table["currency"].to_pylist()], dtype=np.int64)
    return Rows(id_, amount, day, work, currency, table["text"].to_pylist(), table["reference"].to_pylist())


def _integers(column: pa.ChunkedArray) -> Index:
    return np.asarray(column.to_numpy(), dtype=np.int64)
