"""The open rows of both sides as arrays, in an order that the rows themselves decide."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse

from tools.engine import Books
from tools.reconciliation import items, rates
from tools.reconciliation.rates import Rates
from tools.reconciliation.texts import Names
from tools.reconciliation.vocabulary import REPLACING, UNDOING

Index = NDArray[np.int64]

_RARE_NUMBER: Final = 4  # rows that a number may stand on and still identify them
_SHARED_NUMBER: Final = 60  # rows of the other side that it may gather: the lines of one deposit


@dataclass(frozen=True)
class Rows:
    """Some of one side's open rows, sorted by day, then by what the source calls them, then by key.

    place: position among all open rows of the side. id: the posting. amount: minor units with the pair's
    common sign. day: calendar days; work: business days. text: position among the book's distinct texts.
    """

    place: Index
    id: Index
    amount: Index
    day: Index
    work: Index
    currency: Index
    text: Index

    def __len__(self) -> int:
        return len(self.id)

    def at(self, at: Index) -> Rows:
        """Give the rows at these positions."""
        return Rows(*(getattr(self, field.name)[at] for field in fields(self)))

    def negated(self) -> Rows:
        """Give the same rows with opposite amounts."""
        return replace(self, amount=-self.amount)


@dataclass(frozen=True)
class Marks:
    """The identifying numbers (check, invoice, deposit) on all open rows: rows x numbers, by side."""

    left: sparse.csr_matrix
    right: sparse.csr_matrix

    def known(self) -> Marks:
        """Keep the numbers that stand on both sides, and on few rows of one of them."""
        a, b = _rows_with(self.left), _rows_with(self.right)
        few, many = np.minimum(a, b), np.maximum(a, b)
        at = np.flatnonzero((few > 0) & (few <= _RARE_NUMBER) & (many <= _SHARED_NUMBER))
        return Marks(self.left[:, at], self.right[:, at])

    def within(self, *, left: bool) -> Marks:
        """Set one side beside itself, and keep the numbers that stand on two to a few of its rows."""
        own = self.left if left else self.right
        times = _rows_with(own)
        at = np.flatnonzero((times > 1) & (times <= _RARE_NUMBER))
        return Marks(own[:, at], own[:, at])


@dataclass(frozen=True)
class Fetched:
    """What is open on both sides, with its texts and numbers. undoes: texts that say that they take back.

    replaces: texts that say that they stand in for what was taken back. rates: what currencies are worth.
    """

    left: Rows
    right: Rows
    names: Names
    marks: Marks
    undoes: NDArray[np.bool_]
    replaces: NDArray[np.bool_]
    rates: Rates


def fetch(books: Books) -> Fetched:
    """Read what is open."""
    tables = [books.query(items.text("rows").format(side=side)) for side in items.SIDES]
    texts, codes = coded([table["words"] for table in tables])
    rows = [_rows(table, code) for table, code in zip(tables, codes, strict=True)]
    used = [np.bincount(code, minlength=len(texts)) for code in codes]
    names = Names.of(texts, used[0] > 0, used[1] > 0, used[0] + used[1])
    replaces = _saying(texts, REPLACING)
    undoes = _saying(texts, UNDOING) & ~replaces
    return Fetched(rows[0], rows[1], names, _marks(books, rows), undoes, replaces, rates.read(books))


def _saying(texts: list[str], words: frozenset[str]) -> NDArray[np.bool_]:
    return np.array([not words.isdisjoint(text.split()) for text in texts], dtype=bool)


def coded(columns: list[pa.ChunkedArray]) -> tuple[list[str], list[Index]]:
    """Give the distinct texts of two columns in order, and the place of each row's among them."""
    whole = pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())
    code_of = whole.dictionary_encode().unify_dictionaries().combine_chunks()
    code = np.asarray(code_of.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    texts: list[str] = code_of.dictionary.to_pylist()
    order = np.argsort(np.array(texts, dtype=np.str_), kind="stable")
    rank = np.empty(len(texts), dtype=np.int64)
    rank[order] = np.arange(len(texts))
    return [texts[at] for at in order], list(np.split(rank[code], [len(columns[0])]))


def _rows(table: pa.Table, text: Index) -> Rows:
    id_, amount, day, work, currency = (
        np.asarray(table[name].to_numpy(), dtype=np.int64)
        for name in ("id", "amount", "day", "work", "currency")
    )
    return Rows(np.arange(len(table)), id_, amount, day, work, currency, text)


def _marks(books: Books, rows: list[Rows]) -> Marks:
    table = books.query(items.text("numbers"))
    side, id_, number = (
        np.asarray(table[name].to_numpy(), dtype=np.int64) for name in ("side", "id", "number")
    )
    matrices = []
    width = int(number.max(initial=-1)) + 1
    for at, own in enumerate(rows):
        order = np.argsort(own.id)
        mine = side == at
        place = order[np.searchsorted(own.id, id_[mine], sorter=order)]
        matrices.append(
            sparse.csr_matrix((np.ones(len(place)), (place, number[mine])), shape=(len(own), max(1, width)))
        )
    return Marks(*matrices)


def _rows_with(matrix: sparse.csr_matrix) -> Index:
    return np.bincount(matrix.indices, minlength=matrix.shape[1])
