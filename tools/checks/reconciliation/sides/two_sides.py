"""Both sides' open rows, ready to be compared and joined by what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation import size_limits
from tools.checks.reconciliation.sides.distinct_values import distinct_pairs, spread
from tools.checks.reconciliation.sides.name_index import Names
from tools.checks.reconciliation.sides.rates import Rates
from tools.checks.reconciliation.sides.reference_numbers import Marks
from tools.checks.reconciliation.sides.rows import Fetched, Rows
from tools.checks.reconciliation.sides.tokens import Wording

Index = NDArray[np.int64]
Pairs = tuple[Index, Index]
Numbers = NDArray[np.float64]

# How alike two names are; "elsewhere": it belongs to another row of the other side.
UNKNOWN, BOTH_ELSEWHERE, ONE_ELSEWHERE, LITTLE, PARTLY, MUCH, ALL = range(7)
# What identifying numbers say.
ELSEWHERE, SILENT, SHARED = range(3)
# What legal forms say: two firms may differ in nothing else.
NO_FORM, ONE_FORM, DIFFERENT_FORM, SAME_FORM = range(4)
LITTLE_ALIKE: Final = 0.35
ALIKE: Final = 0.6
RESOLVES: Final = 0.7  # a name this like another one belongs there
_STEPS: Final = np.array([LITTLE_ALIKE, ALIKE, 0.85])  # little, some, much, all
_DAYS: Final = 1 << 17  # more days than a book spans
_SIZES: Final = 1 << 20  # more sizes of amounts than are told apart
_ITEMS: Final = 10  # times as many kin as a row that is summed up may have, one of its items may have
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)  # spreads codes over a table: Knuth's multiplicative hashing
_ROOM: Final = 3  # bits: a table has eight cells a code, or more


@dataclass(frozen=True)
class Compared:
    """Candidate pairs and how they compare.

    left, right: positions in the rows. lag: business days from left to right. name: UNKNOWN to ALL.
    number: ELSEWHERE, SILENT or SHARED. form: NO_FORM to SAME_FORM.
    """

    left: Index
    right: Index
    lag: Index
    name: Index
    number: Index
    form: Index

    def at(self, at: Index | NDArray[np.bool_]) -> Compared:
        """Give some of the pairs."""
        return Compared(*(getattr(self, field.name)[at] for field in fields(self)))


@dataclass(frozen=True)
class Book:
    """The rows of both sides that are still free, with the texts and numbers of all that are open.

    marks: the numbers that tell rows of the two sides apart; fetched: all numbers. rates: of currencies.
    wording: the words of each text.
    """

    left: Rows
    right: Rows
    names: Names
    marks: Marks
    undoes: NDArray[np.bool_]
    replaces: NDArray[np.bool_]
    fetched: Marks
    rates: Rates
    wording: Wording
    turned: bool = False

    @classmethod
    def of(cls, fetched: Fetched) -> Book:
        """Set both sides against each other."""
        return cls(
            fetched.left,
            fetched.right,
            fetched.names,
            fetched.marks.identifying(),
            fetched.undoes,
            fetched.replaces,
            fetched.marks,
            fetched.rates,
            fetched.wording,
        )

    def at(self, left: Index, right: Index) -> Book:
        """Give the book of the rows at these positions."""
        return replace(self, left=self.left.at(left), right=self.right.at(right))

    def swapped(self) -> Book:
        """Give the same book with the sides exchanged."""
        turned = self.marks.swapped()
        return replace(self, left=self.right, right=self.left, marks=turned, turned=not self.turned)

    def compare(self, left: Index, right: Index) -> Compared:
        """Compare pairs of rows, given by position."""
        left_name, right_name = self.left.name[left], self.right.name[right]
        alike = self.names.alike(left_name, right_name)
        name = _steps(alike)
        resolves = self.names.resolves[:: -1 if self.turned else 1]
        elsewhere = (resolves[0][left_name] >= RESOLVES).astype(np.int64) + (
            resolves[1][right_name] >= RESOLVES
        )
        name = np.where(np.isnan(alike), UNKNOWN, np.where(name == LITTLE, LITTLE - elsewhere, name))
        lag = self.right.work[right] - self.left.work[left]
        form = _forms(self.names.form[self.left.text[left]], self.names.form[self.right.text[right]])
        return Compared(left, right, lag, name, self._numbers(left, right), form)

    def likeness(self, left: Index, right: Index) -> Index:
        """Say how alike the names of pairs of rows are, LITTLE to ALL; UNKNOWN without names."""
        alike = self.names.alike(self.left.name[left], self.right.name[right])
        return np.where(np.isnan(alike), UNKNOWN, _steps(alike))

    def sharing(self) -> tuple[Index, Index]:
        """Give the pairs of rows that share an identifying number."""
        width = max(1, self.marks.right.rows)
        places = self.marks.shared // width, self.marks.shared % width
        left = _positions(self.left.place, self.marks.left.rows)[places[0]]
        right = _positions(self.right.place, self.marks.right.rows)[places[1]]
        inside = (left >= 0) & (right >= 0)
        return left[inside], right[inside]

    def related(self, named: Iterable[Pairs], reach: int, *, one_sided: bool) -> Pairs:
        """Give pairs of names and those that share a number, each once, at most `reach` business days apart.

        one_sided: the right row never comes before the left one.
        """
        left, right = (np.concatenate(side) for side in zip(*named, self.sharing(), strict=True))
        left, right = distinct_pairs(left, right, len(self.right))
        lag = self.right.work[right] - self.left.work[left]
        timely = (lag >= (0 if one_sided else -reach)) & (lag <= reach)
        return left[timely], right[timely]

    def kin(self, least: float, reach: int, *, most: int = 0) -> tuple[Index, Index]:
        """Give the pairs of rows of names at least this alike, at most `reach` business days apart.

        most: left rows with more kin than that are left out; 0 leaves none out.
        """
        return self.kin_of_size(least, reach, *self._flat(), most=most)

    def kin_of_either(self, least: float, reach: int, *, most: int) -> tuple[Pairs, Pairs]:
        """Give the pairs of kin of the left rows, as `kin` does, and those of the right, turned around."""
        row, first, last, order = self._kin_ranges(least, reach, *self._flat())
        if int((last - first).sum()) > size_limits.KIN_AT_ONCE:
            return self._kin_of_many(least, reach, most)
        pair, place = spread(first, last)
        left, right = row[pair], order[place]
        return _few(left, right, most), _few(right, left, most)

    def _kin_of_many(self, least: float, reach: int, most: int) -> tuple[Pairs, Pairs]:
        """Give the pairs of kin as `kin_of_either`, leaving out rows that so many might belong to.

        What thousands of rows of its name might contain is in one of them by accident.
        """
        kin = self.count_near(least, reach), self.swapped().count_near(least, reach)
        left, right = (np.flatnonzero(count <= _ITEMS * most) for count in kin)
        part = self.at(left, right)
        (left_at, right_at), (back, forth) = (
            book.kin(least, reach, most=most) for book in (part, part.swapped())
        )
        return (left[left_at], right[right_at]), (right[back], left[forth])

    def kin_of_size(
        self, least: float, reach: int, left: Index, right: Index, *, most: int = 0
    ) -> tuple[Index, Index]:
        """Give the pairs of kin whose sizes are equal: left and right give a size for each row."""
        row, first, last, order = self._kin_ranges(least, reach, left, right)
        if most:
            kin = np.bincount(row, weights=last - first, minlength=len(self.left))
            last = np.where(kin[row] > most, first, last)
        pair, place = spread(first, last)
        return row[pair], order[place]

    def _flat(self) -> tuple[Index, Index]:
        """Give every row one size: where sizes don't matter."""
        return np.zeros(len(self.left), np.int64), np.zeros(len(self.right), np.int64)

    def _kin_ranges(
        self, least: float, reach: int, left: Index, right: Index
    ) -> tuple[Index, Index, Index, Index]:
        """Give left rows, and where in an order of the right rows their kin of one name and size stand."""
        starts, kin = self.names.kin_lists(least, turned=self.turned)
        row, at = spread(starts[self.left.name], starts[self.left.name + 1])
        left_codes, right_codes = kin[at] * _SIZES + left[row], self.right.name * _SIZES + right
        candidates = np.flatnonzero(_perhaps(left_codes, right_codes))
        row = row[candidates]
        key = left_codes[candidates] * _DAYS + self.left.work[row] + _DAYS // 2
        theirs = right_codes * _DAYS + self.right.work + _DAYS // 2
        order = np.argsort(theirs, kind="stable")
        theirs = theirs[order]
        return row, np.searchsorted(theirs, key - reach), np.searchsorted(theirs, key + reach, "right"), order

    def kin_in_parts(self, least: float, reach: int, most: int) -> Iterator[tuple[Index, Index]]:
        """Give the pairs of kin, about `most` at once, those of a left row together."""
        row, first, last, order = self._kin_ranges(least, reach, *self._flat())
        part = (np.cumsum(np.bincount(row, weights=last - first, minlength=1)) // most)[row]
        for entries in np.split(np.arange(len(row)), np.flatnonzero(np.diff(part)) + 1):
            pair, place = spread(first[entries], last[entries])
            yield row[entries][pair], order[place]

    def count_near(self, least: float, reach: int) -> Index:
        """Count for each left row the right rows of its name within reach."""
        row, first, last, _ = self._kin_ranges(least, reach, *self._flat())
        return np.bincount(row, weights=last - first, minlength=len(self.left)).astype(np.int64)

    def sample_kin(self, least: float, most: int) -> tuple[Index, Index]:
        """Give pairs of rows of like names, whatever their dates: all, or about `most` at even steps."""
        row, first, last, order = self._kin_ranges(least, _DAYS // 4, *self._flat())
        count = last - first
        step = max(1, int(count.sum()) // most)
        place = np.arange(0, int(count.sum()), step)
        ends = np.cumsum(count)
        pair = np.searchsorted(ends, place, "right")
        return row[pair], order[first[pair] + place - (ends[pair] - count[pair])]

    def count_kin(self, least: float) -> int:
        """Count the pairs of rows of names at least this alike, however far apart."""
        left_name, right_name = self.names.kin(least)
        left_name, right_name = (right_name, left_name) if self.turned else (left_name, right_name)
        times = [np.bincount(rows.name, minlength=len(self.names.cores)) for rows in (self.left, self.right)]
        return int((times[0][left_name] * times[1][right_name]).sum())

    def _numbers(self, left: Index, right: Index) -> Index:
        a, b = self.left.place[left], self.right.place[right]
        shared = self.marks.share(a, b)
        named = self.marks.left.speaks[a] | self.marks.right.speaks[b]
        return np.where(shared, SHARED, np.where(named, ELSEWHERE, SILENT)).astype(np.int64)


def _steps(alike: Numbers) -> Index:
    return LITTLE + np.searchsorted(_STEPS, alike, side="right")


def _forms(left_form: Index, right_form: Index) -> Index:
    both = np.where((left_form & right_form) > 0, SAME_FORM, DIFFERENT_FORM)
    return np.where(
        (left_form > 0) & (right_form > 0),
        both,
        np.where((left_form > 0) | (right_form > 0), ONE_FORM, NO_FORM),
    )


def _positions(place: Index, rows: int) -> Index:
    """Give the position of each place among these, -1 where it is not one of them."""
    at = np.full(rows, -1, dtype=np.int64)
    at[place] = np.arange(len(place))
    return at


def _few(left: Index, right: Index, most: int) -> Pairs:
    few = (np.bincount(left, minlength=1) <= most)[left]
    return (left, right) if few.all() else (left[few], right[few])


def _perhaps(codes: Index, members: Index) -> NDArray[np.bool_]:
    """Say which codes may be among those held; a look into a table rules out most of the others."""
    bits = len(members).bit_length() + _ROOM
    shift, cells = np.uint64(64 - bits), np.zeros(1 << bits, bool)
    cells[members.astype(np.uint64) * _MIX >> shift] = True
    return np.asarray(cells[codes.astype(np.uint64) * _MIX >> shift])
