"""How much each agreement weighs, learned from the book itself.

Fellegi and Sunter, "A Theory for Record Linkage" (1969): a comparison weighs the logarithm of how much more
often it comes out like this among matches than among strangers. Matches to learn from are rows whose amount
occurs once on either side within reach; strangers are random pairs. Small books lean on a prior.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.reconciliation.rows import Rows
from tools.reconciliation.texts import Texts

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

# How alike two names are; "elsewhere": it belongs to another row of the other side.
UNKNOWN, BOTH_ELSEWHERE, ONE_ELSEWHERE, LITTLE, SOME, MUCH, ALL = range(7)
# What identifying numbers say.
ELSEWHERE, SILENT, SHARED = range(3)
LITTLE_ALIKE: Final = 0.35
_EDGES: Final = np.array([LITTLE_ALIKE, 0.6, 0.85])  # of likeness: little, some, much, all
RESOLVES: Final = 0.7  # a name this like another one belongs there
# in the order of the names above
_NAMES_OF_MATCHES: Final = np.array([0.20, 0.01, 0.03, 0.08, 0.06, 0.12, 0.50])
_NAMES_OF_STRANGERS: Final = np.array([0.20, 0.40, 0.15, 0.20, 0.04, 0.008, 0.002])
_PRIOR_ROWS: Final = 20.0
_NUMBERS_OF_MATCHES: Final = np.array([0.02, 0.58, 0.40])
_NUMBERS_OF_STRANGERS: Final = np.array([0.30, 0.699, 0.001])
_MATCHED_SHARE: Final = 0.9  # of rows have a counterpart, before anything is known
_STRANGERS: Final = 20_000
_LAG_DECAY: Final = 2.0  # business days


@dataclass(frozen=True)
class Compared:
    """Candidate pairs and how they compare.

    left, right: positions in the rows. lag: business days from left to right. name: UNKNOWN to ALL.
    number: ELSEWHERE, SILENT or SHARED.
    """

    left: Index
    right: Index
    lag: Index
    name: Index
    number: Index


@dataclass(frozen=True)
class Book:
    """Both sides' rows with their texts, ready to be compared."""

    left: Rows
    right: Rows
    texts: Texts
    resolves: tuple[Numbers, Numbers]

    @classmethod
    def of(cls, left: Rows, right: Rows) -> Book:
        """Read the texts of both sides."""
        texts = Texts.of(left.text, right.text, left.reference, right.reference)
        return cls(left, right, texts, texts.best())

    def at(self, left: Index, right: Index) -> Book:
        """Give the book of the rows at these positions."""
        resolves = self.resolves[0][left], self.resolves[1][right]
        return Book(self.left.at(left), self.right.at(right), self.texts.at(left, right), resolves)

    def swapped(self) -> Book:
        """Give the same book with the sides exchanged."""
        return Book(self.right, self.left, self.texts.swapped(), self.resolves[::-1])

    def compare(self, left: Index, right: Index) -> Compared:
        """Compare pairs of rows, given by position."""
        alike = self.texts.alike(left, right)
        name = LITTLE + np.searchsorted(_EDGES, alike, side="right")
        elsewhere = (self.resolves[0][left] >= RESOLVES).astype(np.int64) + (
            self.resolves[1][right] >= RESOLVES
        )
        name = np.where(np.isnan(alike), UNKNOWN, np.where(name == LITTLE, LITTLE - elsewhere, name))
        number = self.texts.agree(left, right).astype(np.int64) + 1
        return Compared(left, right, self.right.work[right] - self.left.work[left], name, number)


@dataclass(frozen=True)
class Weights:
    """Log-odds of each comparison's outcomes; `lag` from -reach to reach."""

    name: Numbers
    number: Numbers
    lag: Numbers
    reach: int

    def swapped(self) -> Weights:
        """Give the same weights for the sides exchanged."""
        return Weights(self.name, self.number, self.lag[::-1], self.reach)

    def of(self, pairs: Compared) -> Numbers:
        """Weigh compared pairs, the amount aside."""
        known = self.name[pairs.name] + self.number[pairs.number]
        return np.asarray(known + self.of_lag(pairs.lag), dtype=np.float64)

    @property
    def usual(self) -> int:
        """Business days within which a match is likelier than a stranger."""
        return int(np.abs(np.flatnonzero(self.lag > 0) - self.reach).max(initial=0))

    def of_lag(self, lag: Index) -> Numbers:
        """Weigh business days from left to right."""
        return np.asarray(self.lag[np.clip(lag + self.reach, 0, 2 * self.reach)], dtype=np.float64)


def learn(book: Book, seeds: Compared, reach: int) -> Weights:
    """Learn the weights: `seeds` are pairs taken to be matches."""
    at = np.random.default_rng(0)
    n = _STRANGERS if len(book.left) and len(book.right) else 0
    strangers = book.compare(
        at.integers(0, max(1, len(book.left)), n), at.integers(0, max(1, len(book.right)), n)
    )
    lags = np.arange(-reach, reach + 1)
    spread = np.exp(-np.abs(lags) / _LAG_DECAY)
    seen = np.bincount(np.clip(seeds.lag + reach, 0, 2 * reach), minlength=2 * reach + 1).astype(np.float64)
    seen = np.convolve(seen, [0.15, 0.7, 0.15], mode="same")
    of_matches = _share(seen, spread / spread.sum())
    return Weights(
        name=_log_ratio(seeds.name, strangers.name, _NAMES_OF_MATCHES, _NAMES_OF_STRANGERS),
        number=_log_ratio(seeds.number, strangers.number, _NUMBERS_OF_MATCHES, _NUMBERS_OF_STRANGERS),
        lag=np.log(of_matches * len(lags)),
        reach=reach,
    )


def _log_ratio(matches: Index, strangers: Index, prior: Numbers, other: Numbers) -> Numbers:
    counts = [np.bincount(seen, minlength=len(prior)).astype(np.float64) for seen in (matches, strangers)]
    return np.asarray(np.log(_share(counts[0], prior) / _share(counts[1], other)), dtype=np.float64)


def _share(counts: Numbers, prior: Numbers) -> Numbers:
    return np.asarray((counts + _PRIOR_ROWS * prior) / (counts.sum() + _PRIOR_ROWS), dtype=np.float64)


def surprise(book: Book, reach: int, *, share: float = _MATCHED_SHARE) -> Numbers:
    """Weigh an equal amount for each left row: how unlikely a stranger within reach has it.

    Round amounts coincide more often; how much more is counted on the right side itself.
    """
    kind = _roundness(book.right.amount)
    _, at, times = np.unique(book.right.amount, return_inverse=True, return_counts=True)
    repeats = np.bincount(kind, weights=(times - 1.0)[at], minlength=6)
    rows = np.bincount(kind, minlength=6)
    chance = (repeats + 0.5) / (np.maximum(rows, 1) * max(1, len(book.right) - 1) + 1.0)
    days = np.sort(book.right.work)
    near = np.searchsorted(days, book.left.work + reach, "right") - np.searchsorted(
        days, book.left.work - reach
    )
    expected = np.maximum(near, 1) * chance[_roundness(book.left.amount)]
    return np.asarray(np.log(share / (1 - share)) - np.log(np.maximum(expected, 1e-6)), dtype=np.float64)


def _roundness(amount: Index) -> Index:
    zeros = np.zeros(len(amount), dtype=np.int64)
    for power in range(1, 6):
        zeros += amount % 10**power == 0
    return zeros
