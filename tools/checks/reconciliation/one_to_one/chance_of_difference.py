"""Rows of one name that have nothing to do with each other: how often they look like a match that differs."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation import size_limits
from tools.checks.reconciliation.one_to_one import differences
from tools.checks.reconciliation.one_to_one.match_weights import Weights
from tools.checks.reconciliation.sides.two_sides import ALIKE, ALL, MUCH, SHARED, Book, Compared
from tools.ledger.sources import Pair

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_SHARE: Final = 0.3  # of open rows with kin have a match that differs, before anything is known
_LARGEST_SHARE: Final = 0.95
_PRIOR_ROWS: Final = 10.0
_PRIOR_PAIRS: Final = 2_000.0
_DOUBT: Final = 1.0  # log-odds by which a sample may be wrong
_KIN: Final = np.array([0.8, 0.2])  # of unrelated rows of like names: much alike, all alike
_OF_MATCHES: Final = np.array([match for match, _ in differences.SHARES.values()])


@dataclass(frozen=True)
class UnrelatedPairs:
    """What unrelated rows of a row's name explain.

    chance: how often they differ for each reason. kin: rows of its name within reach of each left row.
    alike: the weight of each likeness of names among those that are alike.
    """

    chance: Numbers
    kin: Index
    alike: Numbers

    @classmethod
    def of(cls, book: Book, weights: Weights, pair: Pair) -> UnrelatedPairs:
        """Count them, and see how they differ."""
        kin = book.count_near(ALIKE, weights.reach)
        return cls(_by_chance(book, weights.reach, pair), kin, _of_kin(book, weights))

    def share(self, count: int, among: Index, rows: Index) -> float:
        """Give the share of rows with kin that have a match that differs: what unrelated rows don't explain.

        seen: how many of the rows `among` all `rows` have a candidate; the others are taken to have no match.
        """
        expected = np.minimum(self.kin[among] * self.chance.sum(), 1.0).sum()
        tried = np.count_nonzero(self.kin[rows])
        share = (max(0.0, count - expected) + _PRIOR_ROWS * _SHARE) / (tried + _PRIOR_ROWS)
        return min(float(share), _LARGEST_SHARE)

    def odds(self, share: float, left: Index, reason: Index) -> Numbers:
        """Weigh the reasons of candidates by how many unrelated rows would differ in that way."""
        expected = np.maximum(self.kin[left], 1) * self.chance[reason]
        return np.asarray(log(share / (1 - share)) + np.log(_OF_MATCHES[reason] / expected), dtype=np.float64)

    def tellable(self, book: Book, weights: Weights, pair: Pair) -> Index:
        """Give the rows with so few kin that evidence other than a shared number could tell the match.

        How many rows have a match that differs is judged by some of the rows. Of the others no candidate
        needs to be listed: the best reason, date and name could not outweigh the unrelated rows.
        """
        rows = np.arange(len(self.kin))
        sample = rows[:: 1 + int(self.kin.sum()) // size_limits.KIN_SAMPLED]
        part = book.at(sample, np.arange(len(book.right)))
        left, right = part.kin(ALIKE, weights.reach)
        reason = differences.name(part.left.amount[left], part.right.amount[right], pair)
        share = self.share(len(np.unique(left[reason >= 0])), sample, sample)
        step = 1 + len(left) // size_limits.LIKENESSES
        best = self._best(part.compare(left[::step], right[::step]), weights) + _DOUBT
        rarest = np.full(len(rows), np.argmax(_OF_MATCHES / self.chance))
        return np.flatnonzero(self.odds(share, rows, rarest) + best > 0)

    def _best(self, kin: Compared, weights: Weights) -> float:
        """Give the most that a pair can weigh, a shared number aside: the best of what is seen among kin."""
        unshared = kin.at(kin.number != SHARED)
        if not len(unshared.left):
            return float(weights.lag.max())
        outcomes = (self.alike[unshared.name], weights.number[unshared.number], weights.form[unshared.form])
        return float(weights.lag.max() + sum(outcome.max() for outcome in outcomes))


def _of_kin(book: Book, weights: Weights) -> Numbers:
    """Weigh how alike names are among those that are alike: of one word, or of all."""
    sample = book.likeness(*book.sample_kin(ALIKE, size_limits.LIKENESSES))
    out = np.zeros(ALL + 1)
    kin = slice(MUCH, ALL + 1)
    counts = np.bincount(sample, minlength=ALL + 1)[kin] + _PRIOR_ROWS * _KIN
    out[kin] = np.log(weights.alike[kin] / weights.alike[kin].sum()) - np.log(counts / counts.sum())
    return out


def _by_chance(book: Book, reach: int, pair: Pair) -> Numbers:
    """Give how often unrelated rows of one name differ for each reason: kin too far apart to be matches."""
    left, right = book.sample_kin(ALIKE, size_limits.RANDOM_PAIRS_OF_ONE_NAME)
    far = np.abs(book.right.work[right] - book.left.work[left]) > reach
    left, right = left[far], right[far]
    reason = differences.name(book.left.amount[left], book.right.amount[right], pair)
    counts = np.bincount(reason[reason >= 0], minlength=len(differences.BY_CHANCE))
    prior = _PRIOR_PAIRS * differences.BY_CHANCE
    return np.asarray((counts + prior) / (len(left) + _PRIOR_PAIRS), dtype=np.float64)
