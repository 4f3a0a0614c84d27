"""The open rows of both sides as arrays, in an order that the rows themselves decide."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tools.books.engine import Books
from tools.checks.reconciliation.sides import items, rates
from tools.checks.reconciliation.sides.distinct_values import distinct_pairs, numbered
from tools.checks.reconciliation.sides.name_index import Names
from tools.checks.reconciliation.sides.rates import Rates
from tools.checks.reconciliation.sides.reference_numbers import Marks, RowNumbers
from tools.checks.reconciliation.sides.tokens import Wording
from tools.checks.reconciliation.sides.vocabulary import REPLACING, UNDOING
from tools.core.latin import capitals

Index = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Some of one side's open rows, sorted by day, then by what the source calls them, then by key.

    place: position among all open rows of the side. id: the posting. amount: minor units with the pair's
    common sign. day: calendar days; work: business days. content: the same for rows that say the same in
    every word and number. text, name: positions among the book's distinct texts, and the distinct names in
    them.
    """

    place: Index
    id: Index
    amount: Index
    day: Index
    work: Index
    currency: Index
    content: Index
    text: Index
    name: Index

    def __len__(self) -> int:
        return len(self.id)

    def at(self, at: Index) -> Rows:
        """Give the rows at these positions."""
        return Rows(*(getattr(self, field.name)[at] for field in fields(self)))

    def negated(self) -> Rows:
        """Give the same rows with opposite amounts."""
        return replace(self, amount=-self.amount)


@dataclass(frozen=True)
class Fetched:
    """What is open on both sides, with its texts and numbers. undoes: texts that say that they take back.

    replaces: texts that say that they stand in for what was taken back. rates: what currencies are worth.
    wording: the words of each text.
    """

    left: Rows
    right: Rows
    names: Names
    marks: Marks
    undoes: NDArray[np.bool_]
    replaces: NDArray[np.bool_]
    rates: Rates
    wording: Wording


def fetch(books: Books) -> Fetched:
    """Read what is open."""
    table = books.query(items.text("rows")).combine_chunks()
    lefts = int(np.count_nonzero(table["side"].to_numpy() == 0))
    texts, text = numbered(_in_latin(_column(table, "words")))
    wording = Wording.of(texts)
    sides = [slice(0, lefts), slice(lefts, len(table))]
    used = [np.bincount(text[side], minlength=len(texts)) for side in sides]
    names = Names.of(wording, used[0] > 0, used[1] > 0, used[0] + used[1])
    rows = [_rows(table, text, names.same, side) for side in sides]
    replaces = wording.saying(REPLACING)
    undoes = wording.saying(UNDOING) & ~replaces
    worth = Rates({}) if len(np.unique(table["currency"].to_numpy())) <= 1 else rates.read(books)
    return Fetched(rows[0], rows[1], names, _marks(table, lefts), undoes, replaces, worth, wording)


def _in_latin(texts: pa.Array) -> pa.Array:
    """Write texts of other scripts in Latin capitals; each distinct one once."""
    coded = texts.dictionary_encode()
    foreign = pc.invert(pc.string_is_ascii(coded.dictionary))
    if not pc.any(foreign).as_py():
        return texts
    written = capitals(coded.dictionary.filter(foreign).to_pylist())
    words = pc.replace_with_mask(coded.dictionary, foreign, pa.array(written, coded.dictionary.type))
    return words.take(coded.indices)


def _column(table: pa.Table, name: str) -> pa.Array:
    return pa.concat_arrays(table[name].chunks) if table[name].num_chunks else pa.array([], table[name].type)


def _rows(table: pa.Table, text: Index, same: Index, side: slice) -> Rows:
    columns = [
        table[name].to_numpy()[side] for name in ("id", "amount", "day", "work", "currency", "content")
    ]
    columns += [text[side], same[text[side]]]
    return Rows(np.arange(len(columns[0])), *(np.asarray(column, dtype=np.int64) for column in columns))


def _marks(table: pa.Table, lefts: int) -> Marks:
    """Read the numbers on the rows, leading zeros dropped: those that stand on two rows or more."""
    numbers = _column(table, "numbers")
    digits = numbers.flatten()
    plain = pc.utf8_ltrim(digits, "0")
    coded = pc.if_else(pc.equal(plain, ""), digits, plain).dictionary_encode()
    number = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    row = pc.list_parent_indices(numbers).to_numpy().astype(np.int64)
    width = max(1, len(coded.dictionary))
    row, number = distinct_pairs(row, number, width)
    often = (np.bincount(number, minlength=width) > 1)[number]
    row, number = row[often], number[often]
    split = int(np.searchsorted(row, lefts))
    left = RowNumbers(row[:split], number[:split], lefts)
    return Marks(left, RowNumbers(row[split:] - lefts, number[split:], len(table) - lefts), width)
