"""How much each agreement weighs, learned from the book itself.

Fellegi and Sunter, "A Theory for Record Linkage" (1969): a comparison weighs the logarithm of how much more
often it comes out like this among matches than among non-matches, which are random pairs. Matches are not
known; they are a part of the pairs that stand alone with their amount within reach, and how large a part, and
how they compare, is what expectation maximisation finds (Winkler, "Using the EM Algorithm for Weight
Computation in the Fellegi-Sunter Model of Record Linkage", 1988). Small books lean on a prior.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation import size_limits
from tools.checks.reconciliation.match_evidence import MatchEvidence
from tools.checks.reconciliation.sides.two_sides import BOTH_ELSEWHERE, ELSEWHERE, MUCH, Book, Compared

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

# Unknown, both elsewhere, one elsewhere, little, some, much, all: how often names come out so.
_NAMES_OF_MATCHES: Final = np.array([0.20, 0.01, 0.03, 0.08, 0.06, 0.12, 0.50])
_NAMES_OF_NON_MATCHES: Final = np.array([0.20, 0.40, 0.15, 0.20, 0.04, 0.008, 0.002])
# Elsewhere, silent, shared: the same for identifying numbers.
_NUMBERS_OF_MATCHES: Final = np.array([0.02, 0.58, 0.40])
_NUMBERS_OF_NON_MATCHES: Final = np.array([0.30, 0.699, 0.001])
# None, one, another, the same: the same for legal forms.
_FORMS_OF_MATCHES: Final = np.array([0.35, 0.30, 0.02, 0.33])
_FORMS_OF_NON_MATCHES: Final = np.array([0.35, 0.30, 0.25, 0.10])
_PRIOR_ROWS: Final = 20.0
MATCHED_SHARE: Final = 0.9  # of rows have a counterpart, before anything is known
_LAG_DECAY: Final = 2.0  # business days
_ROUNDS: Final = 12
_CONTRADICT: Final = 0.03  # of matches, at most, name somebody else
_BLUR: Final = (0.15, 0.7, 0.15)  # dates are not exact to the day
_ROUNDEST: Final = 5  # zeros at the end of an amount


@dataclass(frozen=True)
class Weights:
    """Log-odds of each comparison's outcomes; `lag` from -reach to reach.

    alike: how often the names of matches come out so.
    base: log-odds of two rows of one amount, where one coincidence within reach is expected to have it.
    matched: log-odds that a row which stands alone with its amount is matched by the other one that does.
    """

    name: Numbers
    number: Numbers
    form: Numbers
    lag: Numbers
    reach: int
    alike: Numbers
    base: float = 0.0
    matched: float = 0.0
    shares: Mapping[str, tuple[Numbers, Numbers]] = field(default_factory=dict)
    """By field, how often each outcome is among matches (m) and among non-matches (u)."""

    def evidence(self, pairs: Compared, amount: Numbers) -> MatchEvidence:
        """Take the weight of compared pairs apart. amount: what their amounts weigh, the prior aside."""
        return MatchEvidence(
            prior=np.full(len(pairs.left), self.base),
            amount=amount,
            name_level=pairs.name,
            name=self.name[pairs.name],
            number_level=pairs.number,
            number=self.number[pairs.number],
            form_level=pairs.form,
            form=self._of_form(pairs),
            days=pairs.lag,
            lag=self.of_lag(pairs.lag),
            rivals=np.zeros(len(pairs.left)),
        )

    def of(self, pairs: Compared) -> Numbers:
        """Weigh compared pairs, the amount aside."""
        evidence = self.name[pairs.name] + self.number[pairs.number] + self._of_form(pairs)
        return np.asarray(evidence + self.of_lag(pairs.lag), dtype=np.float64)

    def of_same_name(self, pairs: Compared) -> Numbers:
        """Weigh compared pairs whose names are known to be alike: numbers, legal forms and dates."""
        evidence = self.number[pairs.number] + self._of_form(pairs)
        return np.asarray(evidence + self.of_lag(pairs.lag), dtype=np.float64)

    def _of_form(self, pairs: Compared) -> Numbers:
        """Weigh legal forms, which tell firms apart whose names are alike, and nobody else."""
        return np.where(pairs.name >= MUCH, self.form[pairs.form], 0.0)

    def of_lag(self, lag: Index) -> Numbers:
        """Weigh business days from left to right."""
        return np.asarray(self.lag[np.clip(lag + self.reach, 0, 2 * self.reach)], dtype=np.float64)

    def swapped(self) -> Weights:
        """Give the same weights for the sides exchanged."""
        return replace(self, lag=self.lag[::-1])

    @property
    def usual(self) -> int:
        """Business days within which a match is likelier than a coincidence."""
        return int(np.abs(np.flatnonzero(self.lag > 0) - self.reach).max(initial=0))


def learn(book: Book, seeds: Compared, reach: int, *, share: float = MATCHED_SHARE) -> Weights:
    """Learn the weights from `seeds`: pairs of one amount that are the only one of both their rows.

    share: of the seeds that are matches, before anything is known.
    """
    at = np.random.default_rng(0)
    n = size_limits.RANDOM_PAIRS if len(book.left) and len(book.right) else 0
    non_matches = book.compare(
        at.integers(0, max(1, len(book.left)), n), at.integers(0, max(1, len(book.right)), n)
    )
    of_non_matches = (
        _share(_bin_counts(non_matches.name, None, len(_NAMES_OF_NON_MATCHES)), _NAMES_OF_NON_MATCHES),
        _share(_bin_counts(non_matches.number, None, len(_NUMBERS_OF_NON_MATCHES)), _NUMBERS_OF_NON_MATCHES),
        _share(_bin_counts(non_matches.form, None, len(_FORMS_OF_NON_MATCHES)), _FORMS_OF_NON_MATCHES),
    )
    chance = np.log(coincidences_expected(book, reach)[seeds.left])
    likely = np.full(len(seeds.left), share)
    for _ in range(_ROUNDS):
        weights = _estimate(seeds, likely, of_non_matches, reach=reach, share=share)
        weights = replace(weights, base=weights.base + (float(chance.mean()) if len(chance) else 0.0))
        likely = 1 / (1 + np.exp(chance - weights.base - weights.of(seeds)))
    return weights


def _estimate(
    seeds: Compared,
    likely: Numbers,
    non_matches: tuple[Numbers, Numbers, Numbers],
    *,
    reach: int,
    share: float,
) -> Weights:
    """Take the seeds for matches as far as they are likely, and count."""
    lags = np.arange(-reach, reach + 1)
    spread = np.exp(-np.abs(lags) / _LAG_DECAY)
    lag_counts = _bin_counts(np.clip(seeds.lag + reach, 0, 2 * reach), likely, len(lags))
    of_matches = _share(np.convolve(lag_counts, _BLUR, mode="same"), spread / spread.sum())
    matched = (likely.sum() + _PRIOR_ROWS * share) / (len(likely) + _PRIOR_ROWS)
    name = _share(_bin_counts(seeds.name, likely, len(_NAMES_OF_MATCHES)), _NAMES_OF_MATCHES)
    name = _cap_contradictions(name, BOTH_ELSEWHERE)
    number = _share(_bin_counts(seeds.number, likely, len(_NUMBERS_OF_MATCHES)), _NUMBERS_OF_MATCHES)
    form = _share(
        _bin_counts(seeds.form, likely * (seeds.name >= MUCH), len(_FORMS_OF_MATCHES)), _FORMS_OF_MATCHES
    )
    number = _cap_contradictions(number, ELSEWHERE)
    return Weights(
        name=np.log(name / non_matches[0]),
        number=np.log(number / non_matches[1]),
        form=np.log(form / non_matches[2]),
        lag=np.log(of_matches * len(lags)),
        reach=reach,
        alike=name,
        base=float(np.log(matched / (1 - matched))),
        matched=float(np.log(matched / (1 - matched))),
        shares={
            "name": (name, non_matches[0]),
            "number": (number, non_matches[1]),
            "form": (form, non_matches[2]),
            "days": (of_matches, np.full(len(lags), 1 / len(lags))),
        },
    )


def surprise(book: Book, reach: int, weights: Weights) -> Numbers:
    """Weigh an equal amount for each left row: how unlikely another row within reach has it.

    However many have it (wages of one grade), the row's own counterpart is among them: it is no less likely
    than one of that many.
    """
    expected = coincidences_expected(book, reach)
    least = weights.matched - np.log1p(expected)
    return np.asarray(np.maximum(weights.base - np.log(expected), least), dtype=np.float64)


def coincidences_expected(book: Book, reach: int) -> Numbers:
    """Give how many unrelated rows within reach are expected to have each left row's amount.

    Round amounts coincide more often; how much more is counted on the right side itself.
    """
    kind = _roundness(book.right.amount)
    _, at, times = np.unique(book.right.amount, return_inverse=True, return_counts=True)
    repeats = np.bincount(kind, weights=(times - 1.0)[at], minlength=_ROUNDEST + 1)
    rows = np.bincount(kind, minlength=_ROUNDEST + 1)
    chance = (repeats + 0.5) / (np.maximum(rows, 1) * max(1, len(book.right) - 1) + 1.0)
    days = np.sort(book.right.work)
    near = np.searchsorted(days, book.left.work + reach, "right") - np.searchsorted(
        days, book.left.work - reach
    )
    expected = np.maximum(near, 1) * chance[_roundness(book.left.amount)]
    return np.asarray(np.maximum(expected, 1e-6), dtype=np.float64)


def _cap_contradictions(share: Numbers, outcome: int) -> Numbers:
    """Hold down how often matches contradict each other: else coincidences would pass for a kind of match."""
    capped = share.copy()
    capped[outcome] = min(capped[outcome], _CONTRADICT)
    capped /= capped.sum()
    return capped


def _bin_counts(outcomes: Index, weight: Numbers | None, length: int) -> Numbers:
    return np.bincount(outcomes, weights=weight, minlength=length).astype(np.float64)


def _share(counts: Numbers, prior: Numbers) -> Numbers:
    return np.asarray((counts + _PRIOR_ROWS * prior) / (counts.sum() + _PRIOR_ROWS), dtype=np.float64)


def _roundness(amount: Index) -> Index:
    zeros = np.zeros(len(amount), dtype=np.int64)
    for power in range(1, _ROUNDEST + 1):
        zeros += amount % 10**power == 0
    return zeros
