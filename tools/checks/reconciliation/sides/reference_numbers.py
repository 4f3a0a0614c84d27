"""The identifying numbers on both sides' open rows: check, invoice, deposit ..."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation.sides.distinct_values import distinct, spread

Index = NDArray[np.int64]

_RARE_NUMBER: Final = 4  # rows that a number may stand on and still identify them
_SHARED_NUMBER: Final = 60  # rows of the other side that it may gather: the lines of one deposit


@dataclass(frozen=True)
class RowNumbers:
    """The numbers on one side's rows, one entry for each row and number.

    place: the row's position among all open rows of the side, of which there are `rows`.
    """

    place: Index
    number: Index
    rows: int

    def with_numbers(self, good: NDArray[np.bool_]) -> RowNumbers:
        """Keep some of the numbers."""
        keep = good[self.number]
        return RowNumbers(self.place[keep], self.number[keep], self.rows)

    @cached_property
    def speaks(self) -> NDArray[np.bool_]:
        """Which rows have any number."""
        return np.bincount(self.place, minlength=self.rows) > 0


@dataclass(frozen=True)
class Marks:
    """The numbers of both sides; there are `numbers` different ones."""

    left: RowNumbers
    right: RowNumbers
    numbers: int

    def identifying(self) -> Marks:
        """Keep the numbers that stand on both sides, and on few rows of one of them."""
        a, b = self._times(self.left), self._times(self.right)
        few, many = np.minimum(a, b), np.maximum(a, b)
        good = (few > 0) & (few <= _RARE_NUMBER) & (many <= _SHARED_NUMBER)
        return Marks(self.left.with_numbers(good), self.right.with_numbers(good), self.numbers)

    def within(self, *, left: bool) -> Marks:
        """Set one side beside itself, and keep the numbers that stand on two to a few of its rows."""
        own = self.left if left else self.right
        times = self._times(own)
        own = own.with_numbers((times > 1) & (times <= _RARE_NUMBER))
        return Marks(own, own, self.numbers)

    def swapped(self) -> Marks:
        """Give the same with the sides exchanged."""
        return Marks(self.right, self.left, self.numbers)

    @cached_property
    def shared(self) -> Index:
        """The pairs of rows that share a number: left place times the rows of the right, plus right place."""
        order = np.argsort(self.right.number, kind="stable")
        their_numbers = self.right.number[order]
        first = np.searchsorted(their_numbers, self.left.number)
        row, at = spread(first, np.searchsorted(their_numbers, self.left.number, "right"))
        return distinct(self.left.place[row] * self.right.rows + self.right.place[order[at]])

    def share(self, left: Index, right: Index) -> NDArray[np.bool_]:
        """Say which pairs of rows, given by their places, share a number."""
        if not len(self.shared):
            return np.zeros(len(left), bool)
        pair = left * self.right.rows + right
        at = np.minimum(np.searchsorted(self.shared, pair), len(self.shared) - 1)
        return np.asarray(self.shared[at] == pair)

    def _times(self, side: RowNumbers) -> Index:
        return np.bincount(side.number, minlength=self.numbers)
