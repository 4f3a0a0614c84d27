"""Copies of one row that the other book has fewer of: the last of them are left over, whichever is whose.

A payment that was entered twice and left the bank once fits the bank's line twice, word for word. Which of
the two is the line's is no question; that one is too many is. Copies are rows of one day that say the same in
every word and number; where they say anything else, which is left over would be a guess.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation.sides.distinct_values import combinations
from tools.checks.reconciliation.sides.rows import Rows

Index = NDArray[np.int64]


def needed(rows: tuple[Rows, Rows], left: Index, right: Index) -> NDArray[np.bool_]:
    """Say which candidate pairs (positions) are left when surplus copies are set aside.

    Only copies that fit nothing but copies of one row of the other side are looked at.
    """
    ends = (left, right)
    copies = [_copies(side)[end] for side, end in zip(rows, ends, strict=True)]
    only = _partners(copies[0], copies[1]) & _partners(copies[1], copies[0])
    place = [_place_among(copy, end) for copy, end in zip(copies, ends, strict=True)]
    fewer = np.minimum(_greatest(copies[0], place[0]), _greatest(copies[1], place[1]))
    return ~only | ((place[0] <= fewer) & (place[1] <= fewer))


def _copies(rows: Rows) -> Index:
    """Give the rows numbers that copies share."""
    return combinations(rows.amount, rows.currency, rows.day, rows.content)


def _partners(copy: Index, other: Index) -> NDArray[np.bool_]:
    """Say of which pairs the first row's copies meet copies of one other row alone."""
    least = np.full(int(copy.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    most = np.full(len(least), -1)
    np.minimum.at(least, copy, other)
    np.maximum.at(most, copy, other)
    return np.asarray(least[copy] == most[copy])


def _place_among(copy: Index, row: Index) -> Index:
    """Give each pair's row its place among its copies, in the rows' order, from 0."""
    pair = combinations(copy, row)
    first = np.full(int(copy.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, copy, pair)
    return np.asarray(pair - first[copy])


def _greatest(copy: Index, place: Index) -> Index:
    most = np.full(int(copy.max(initial=-1)) + 1, -1)
    np.maximum.at(most, copy, place)
    return most[copy]
