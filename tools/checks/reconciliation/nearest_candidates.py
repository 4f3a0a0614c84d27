"""Of the rows of an open row's name, those that come nearest in amount and date: a break names one.

Where there are few, all within reach are looked at. Of a crowd those next to the row's amount are looked at
first: how near the best of them comes says how far from the amount a nearer one can be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.books.engine import Books
from tools.checks.reconciliation import proposals, size_limits
from tools.checks.reconciliation.sides import items
from tools.checks.reconciliation.sides.distinct_values import spread
from tools.checks.reconciliation.sides.two_sides import ALIKE, Book, Pairs
from tools.ledger.sources import Pair

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_DAY: Final = 100.0  # a hundredth of the amount counts as much as a day


def relate(books: Books, book: Book, reach: int, pair: Pair) -> None:
    """Keep, for what stays open, the rows of its number, and the nearest ones of its name.

    Left rows that need no right one are told of by nobody, and need none that is nearest.
    """
    every = np.arange(len(book.right))
    left_rows = np.arange(len(book.left))
    if pair.required_for:
        left_rows = np.flatnonzero(np.isin(book.left.id, _needing(books, pair)))
    relations = [book.sharing()]
    relations += [(left_rows[left], right) for left, right in of(book.at(left_rows, every), reach)]
    relations += [pairs[::-1] for pairs in of(book.swapped(), reach)]
    left, right = (np.concatenate(side) for side in zip(*relations, strict=True))
    proposals.write_kin(books, book.left.id[left], book.right.id[right])


def _needing(books: Books, pair: Pair) -> Index:
    condition, parameters = items.where(pair.required_for, "t", "needed")
    table = books.query(items.text("needing").format(condition=condition), parameters)
    return np.asarray(table["id"].to_numpy(), dtype=np.int64)


def of(book: Book, reach: int) -> Iterator[Pairs]:
    """Give each left row's nearest kin, at most `reach` business days apart; several, if as near."""
    timely = book.count_near(ALIKE, reach)
    starts, _ = book.names.kin_lists(ALIKE, turned=book.turned)
    crowded = np.flatnonzero(timely > size_limits.CANDIDATES_OF_ALL * np.diff(starts)[book.left.name])
    if len(crowded):
        kin = _ByAmount.of(book, crowded)
        first, last = kin.within(_bound(book, kin, reach))
        size = np.bincount(kin.row, last - first, minlength=len(book.left))
        fewer = (size < timely)[kin.row]
        timely[kin.row[fewer]] = 0
        for left, right in kin.in_parts(first, np.where(fewer, last, first)):
            yield _nearest(book, left, right, reach)
    rows = np.flatnonzero(timely)
    part = book.at(rows, np.arange(len(book.right)))
    for left, right in part.kin_in_parts(ALIKE, reach, size_limits.CANDIDATES_AT_ONCE):
        yield _nearest(book, rows[left], right, reach)


@dataclass(frozen=True)
class _ByAmount:
    """The kin of some left rows by amount: an entry for each row and name that is like its own.

    row, amount: of each entry. code, codes: names and sizes as one number, of the entry's name and
    of the right rows in their order.
    """

    row: Index
    amount: Index
    code: Index
    sizes: Index
    order: Index
    codes: Index

    @classmethod
    def of(cls, book: Book, rows: Index) -> _ByAmount:
        """Order the right rows by name and amount."""
        starts, kin = book.names.kin_lists(ALIKE, turned=book.turned)
        name = book.left.name[rows]
        entry, at = spread(starts[name], starts[name + 1])
        sizes, size = np.unique(book.right.amount, return_inverse=True)
        codes = book.right.name * (len(sizes) + 1) + size
        order = np.argsort(codes, kind="stable")
        row = rows[entry]
        return cls(row, book.left.amount[row], kin[at] * (len(sizes) + 1), sizes, order, codes[order])

    def within(self, gap: Numbers) -> Pairs:
        """Give where each entry's rows of amounts at most so far from its own begin, and where they end."""
        ends = (
            np.searchsorted(self.sizes, self.amount - gap),
            np.searchsorted(self.sizes, self.amount + gap, "right"),
        )
        first, last = (np.searchsorted(self.codes, self.code + end) for end in ends)
        return first, last

    def in_parts(self, first: Index, last: Index) -> Iterator[Pairs]:
        """Give the rows at these places, about a block at once, those of a left row together."""
        size = np.bincount(self.row, last - first, minlength=1)
        part = (np.cumsum(size) // size_limits.CANDIDATES_AT_ONCE)[self.row]
        for entries in np.split(np.arange(len(self.row)), np.flatnonzero(np.diff(part)) + 1):
            entry, place = spread(first[entries], last[entries])
            yield self.row[entries][entry], self.order[place]


def _bound(book: Book, kin: _ByAmount, reach: int) -> Numbers:
    """Give how far from each entry's amount its row's nearest can lie: as the best of those next to it."""
    begin, end = kin.within(np.full(len(kin.row), np.inf))
    exact = kin.within(np.zeros(len(kin.row)))[0]
    least = np.full(len(book.left), np.inf)
    for left, right in kin.in_parts(
        np.maximum(begin, exact - size_limits.CANDIDATES_BESIDE),
        np.minimum(end, exact + size_limits.CANDIDATES_BESIDE),
    ):
        np.minimum.at(least, left, _far(book, left, right, reach))
    return np.asarray(least[kin.row] / _DAY * np.abs(kin.amount) + 1, dtype=np.float64)


def _nearest(book: Book, left: Index, right: Index, reach: int) -> Pairs:
    """Keep of each left row's pairs those that come nearest."""
    far = _far(book, left, right, reach)
    first = np.flatnonzero(np.diff(left, prepend=-1))
    least = np.minimum.reduceat(far, first) if len(far) else far
    best = np.isfinite(far) & (far <= np.repeat(least, np.diff(first, append=len(far))))
    return left[best], right[best]


def _far(book: Book, left: Index, right: Index, reach: int) -> Numbers:
    """Give how far apart pairs are in amount and days; infinitely if untimely or of two currencies."""
    days = _apart(book.left.day, left, book.right.day, right)
    far = _apart(book.left.amount, left, book.right.amount, right) * (_DAY / np.abs(book.left.amount))[left]
    far += days
    never = days > items.NEAR_DAYS
    never |= _apart(book.left.work, left, book.right.work, right) > reach
    if len(np.union1d(book.left.currency, book.right.currency)) > 1:
        never |= book.left.currency[left] != book.right.currency[right]
    far[never] = np.inf
    return far


def _apart(left_values: Index, left: Index, right_values: Index, right: Index) -> Index:
    """Give how far apart the pairs' values are; in place, for there are millions of them."""
    gap = left_values[left]
    gap -= right_values[right]
    return np.abs(gap, out=gap)
