"""Whole totals: all rows of a day that share a word ("WAGES", a batch's) against the row of their sum.

Nothing is chosen among the rows, so that a total may have hundreds of them. But one of them may be left out,
or all copies of others: a wage run of which one was never booked (a ghost's), or some stand twice, is still
that run. How many totals come near a row's amount without being it says how likely chance makes one that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation.batches.grouping import Choice
from tools.checks.reconciliation.one_to_one.match_weights import Weights
from tools.checks.reconciliation.sides.distinct_values import distinct_pairs, first_rows, spread
from tools.checks.reconciliation.sides.two_sides import Book

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_FEWEST: Final = 3  # rows of a total: two are a sum like any other
_NEAR: Final = 0.1  # of an amount on either side: totals there are counted as accidents
_GROUPED: Final = 0.3  # of rows that a total hits that are one, before anything is known
_GROUPED_BUT_ONE: Final = 0.05  # the same where one row of the day is left out
_MOST_BUT_ONE: Final = 200  # rows of a total of which each is left out in turn
_WHOLE: Final = -1  # of a total that leaves no row out


@dataclass(frozen=True)
class _Totals:
    """Totals by currency and amount.

    first, count: where each one's rows stand in `rows`; without: the row left out.
    """

    currency: Index
    amount: Index
    work: Index
    first: Index
    count: Index
    without: Index
    rows: Index


def choices(book: Book, weights: Weights) -> dict[Choice, float]:
    """Give the left rows that are such a total of right rows, with its log-odds."""
    totals = _totals(book)
    return _of_totals(book, weights, totals, _GROUPED) if len(totals.amount) else {}


def choices_but_one(book: Book, weights: Weights) -> dict[Choice, float]:
    """Give the left rows that are such a total less one of its rows, where they are no whole one."""
    totals = _totals(book)
    if not len(totals.amount):
        return {}
    whole = {left for left, _ in _of_totals(book, weights, totals, _GROUPED)}
    found = [
        _of_totals(book, weights, fewer(book, totals), _GROUPED_BUT_ONE) for fewer in (_but_one, _but_copies)
    ]
    return {choice: odds for part in found for choice, odds in part.items() if choice[0] not in whole}


def _of_totals(book: Book, weights: Weights, totals: _Totals, grouped: float) -> dict[Choice, float]:
    if not len(book.left):
        return {}
    target, at = _equal(book, totals, weights.reach)
    odds = np.log(grouped / (1 - grouped)) - np.log(_by_chance(book, totals, target))
    odds += np.clip(weights.of_lag(totals.work[at] - book.left.work[target]), -2, 1)
    best: dict[Choice, float] = {}
    for left, total, weight in zip(target.tolist(), at.tolist(), odds.tolist(), strict=True):
        first = int(totals.first[total])
        own = totals.rows[first : first + int(totals.count[total])]
        choice = left, tuple(sorted(own[own != totals.without[total]].tolist()))
        best[choice] = max(weight, best.get(choice, weight))
    return best


def _totals(book: Book) -> _Totals:
    """Add up the right rows of each day, direction and word, and of each day and direction."""
    row, word = _words_of_rows(book)
    side = 2 * book.right.currency + (book.right.amount > 0)
    order = np.lexsort((row, word, book.right.work[row], side[row]))
    row, word = row[order], word[order]
    keys = np.stack([side[row], book.right.work[row], word])
    first = np.flatnonzero(np.r_[True, (np.diff(keys) != 0).any(axis=0)]) if len(row) else row
    count = np.diff(first, append=len(row))
    amount = np.add.reduceat(book.right.amount[row], first) if len(row) else row
    large = count >= _FEWEST
    first, count, amount = first[large], count[large], amount[large]
    place = row[first]
    # the same rows under other words
    once = first_rows(side[place], book.right.work[place], amount, count)
    first, count, amount, place = first[once], count[once], amount[once], place[once]
    return _ordered(book, (amount, first, count), np.full(len(amount), _WHOLE), row)


def _but_one(book: Book, totals: _Totals) -> _Totals:
    """Give each total without one of its rows, in turn; of rows that say the same, without the last."""
    several = (totals.count > _FEWEST) & (totals.count <= _MOST_BUT_ONE)
    first, count = totals.first[several], totals.count[several]
    of, place = spread(first, first + count)
    without = totals.rows[place]
    amount = totals.amount[several][of] - book.right.amount[without]
    alike = of, book.right.amount[without], book.right.text[without]
    last = len(of) - 1 - first_rows(*(column[::-1] for column in alike))
    return _ordered(book, (amount[last], first[of][last], count[of][last]), without[last], totals.rows)


def _but_copies(book: Book, totals: _Totals) -> _Totals:
    """Give each total that has rows which say the same, with one of each of them."""
    of, place = spread(totals.first, totals.first + totals.count)
    row = totals.rows[place]
    once = np.sort(first_rows(of, book.right.amount[row], book.right.text[row]))
    of, row = of[once], row[once]
    count = np.bincount(of, minlength=len(totals.count))
    fewer = (count < totals.count) & (count >= _FEWEST)
    first = np.cumsum(count) - count
    amount = np.zeros(len(count), np.int64)
    np.add.at(amount, of, book.right.amount[row])
    return _ordered(book, (amount[fewer], first[fewer], count[fewer]), np.full(int(fewer.sum()), _WHOLE), row)


def _ordered(book: Book, sums: tuple[Index, Index, Index], without: Index, rows: Index) -> _Totals:
    """Sort totals by currency and amount. sums: amount, first and count; rows: of all totals."""
    place = rows[sums[1]]
    by = np.lexsort((sums[0], book.right.currency[place]))
    amount, first, count = (part[by] for part in sums)
    place = place[by]
    return _Totals(
        book.right.currency[place], amount, book.right.work[place], first, count, without[by], rows
    )


def _words_of_rows(book: Book) -> tuple[Index, Index]:
    """Give the rows with each of their words once; -1 is the word that all rows have."""
    starts = book.wording.starts
    row, place = spread(starts[book.right.text], starts[book.right.text + 1])
    word = book.wording.word[place] + 1
    every = np.arange(len(book.right))
    row, word = distinct_pairs(
        np.r_[row, every], np.r_[word, np.zeros_like(every)], int(word.max(initial=0)) + 1
    )
    return row, word - 1


def _equal(book: Book, totals: _Totals, reach: int) -> tuple[Index, Index]:
    """Give left rows with the totals of their amount within reach."""
    first, last = _between(book, totals, np.arange(len(book.left)), 0.0)
    left, at = spread(first, last)
    timely = np.abs(totals.work[at] - book.left.work[left]) <= reach
    return left[timely], at[timely]


def _by_chance(book: Book, totals: _Totals, left: Index) -> Numbers:
    """Give how many totals chance was to find: those near a row's amount, over the amounts that are near."""
    first, last = _between(book, totals, left, _NEAR)
    step = max(1, int(np.gcd.reduce(book.right.amount))) if len(book.right) else 1
    room = np.maximum(2 * _NEAR * np.abs(book.left.amount[left]) / step, 1.0)
    return np.asarray((last - first + 1) / room, dtype=np.float64)


def _between(book: Book, totals: _Totals, left: Index, share: float) -> tuple[Index, Index]:
    """Give where the totals of each row's currency and amount, give or take a share of it, begin and end."""
    width = np.floor(share * np.abs(book.left.amount[left])).astype(np.int64)
    first, last = np.zeros(len(left), np.int64), np.zeros(len(left), np.int64)
    for currency in np.unique(totals.currency):
        begin, end = np.searchsorted(totals.currency, [currency, currency + 1])
        own = np.flatnonzero(book.left.currency[left] == currency)
        amount = book.left.amount[left[own]]
        first[own] = begin + np.searchsorted(totals.amount[begin:end], amount - width[own])
        last[own] = begin + np.searchsorted(totals.amount[begin:end], amount + width[own], "right")
    return first, last
