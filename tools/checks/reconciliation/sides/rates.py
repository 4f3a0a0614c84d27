"""What currencies are worth: declared by a source of exchange rates, else learned from the pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.books.engine import Books
from tools.checks.reconciliation.sides import items
from tools.core import money

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_LEAST: Final = 3  # pairs that share a number, before their ratio counts as a rate


@dataclass(frozen=True)
class Rates:
    """What one minor unit of each currency is worth in a common unit, day by day.

    by_currency: currency's code -> days (ascending) and worth since then.
    """

    by_currency: dict[int, tuple[Index, Numbers]]

    def factor(self, to: Index, of: Index, day: Index) -> Numbers:
        """Give minor units of `to` (codes) for one of `of` on these days; NaN where no rate is known."""
        return self._worth(of, day) / self._worth(to, day)

    def _worth(self, code: Index, day: Index) -> Numbers:
        worth = np.full(len(code), np.nan)
        for currency in np.unique(code).tolist():
            if currency in self.by_currency:
                days, values = self.by_currency[currency]
                mine = np.flatnonzero(code == currency)
                worth[mine] = values[np.maximum(np.searchsorted(days, day[mine], "right") - 1, 0)]
        return worth


def read(books: Books) -> Rates:
    """Read the declared rates; the currency that most are quoted in is the common unit."""
    codes = {currency: at + 1 for at, currency in enumerate(items.currencies(books))}
    rows = books.rows(items.text("rates")) if len(codes) > 1 else []
    if not rows:
        return Rates({})
    home = rows[0]["home"]
    by_currency: dict[int, tuple[Index, Numbers]] = {}
    for currency in {row["currency"] for row in rows} & set(codes):
        own = [row for row in rows if row["currency"] == currency]
        unit = 10.0 ** (money.exponent(home) - money.exponent(currency))
        worth = np.array([row["rate_e9"] / 1e9 * unit for row in own])
        by_currency[codes[currency]] = np.array([row["day"] for row in own], np.int64), worth
    if home in codes:
        by_currency[codes[home]] = np.zeros(1, np.int64), np.ones(1)
    return Rates(by_currency)


def learned(to: Index, of: Index, ratio: Numbers, sure: NDArray[np.bool_]) -> Numbers:
    """Give for each pair of rows the median ratio of the sure pairs of its two currencies; NaN for few."""
    factor = np.full(len(to), np.nan)
    pair = to * (int(of.max(initial=0)) + 1) + of
    for combination in np.unique(pair[sure]).tolist():
        mine = sure & (pair == combination)
        if mine.sum() >= _LEAST:
            factor[pair == combination] = np.median(ratio[mine])
    return factor
