"""Digits of amounts against Benford's law or the uniform: the statistics that reports and charts take."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypedDict

import numpy as np
from scipy.special import chdtrc

from tools.books.engine import Books
from tools.core.sql_files import sql

Digits = Literal["first", "second", "first_two", "last_two"]

# Nigrini, Benford's Law (2012), table 7.1: MAD up to which conformity is close, acceptable, marginal.
BOUNDS: Final[Mapping[str, tuple[float, float, float]]] = {
    "first": (0.006, 0.012, 0.015),
    "second": (0.008, 0.010, 0.012),
    "first_two": (0.0012, 0.0018, 0.0022),
}
_NAMES: Final = (
    "close conformity", "acceptable conformity", "marginally acceptable conformity", "nonconformity",
)  # fmt: skip
_DRAWS: Final = 1000


class DigitCount(TypedDict):
    """One digit, or pair of digits: how often it occurs, and how often it should."""

    digit: int
    count: int
    expected: float
    difference: float
    z: float
    chi2: float


class DigitProfile(TypedDict):
    """A population's digits. mad is a share; its interval is of 95%; ks is the largest distance of shares."""

    digits: str
    n: int
    orders: float
    mad: float
    mad_low: float
    mad_high: float
    usual_mad: float
    excess_mad: float
    conformity: str
    ks: float
    ks_critical: float
    chi2: float
    degrees: int
    p: float
    groups: list[DigitCount]


def profile(
    books: Books,
    kinds: Sequence[str],
    digits: Digits = "first_two",
    *,
    minimum_minor: int = 1,
    source: str | None = None,
    currency: str | None = None,
) -> DigitProfile:
    """Profile the amounts of the kinds that are at least `minimum_minor` (minor units, so positive).

    Counted in the engine from integers, so that no binary fraction moves a digit. groups are in the order
    of their digits; expected is by Benford's law, for last_two one in a hundred. Source of the statistics:
    Nigrini, Benford's Law (2012), ch. 7; excess MAD after Barney and Schulzke (2016); the interval is a
    bootstrap of the counts (1,000 draws, seeded).
    """
    parameters = {
        "kinds": list(kinds),
        "minimum_minor": minimum_minor,
        "source": source,
        "currency": currency,
    }
    counts = _digit_counts(books.rows(sql("tools.checks.anomaly", "digits"), parameters), digits)
    shares = expected(digits)
    observed = np.array([counts[digit] for digit in shares], dtype=np.int64)
    orders = books.rows(sql("tools.checks.anomaly", "orders"), parameters)[0]["orders"] or 0.0
    return _measured(digits, observed, shares, orders)


def expected(digits: Digits) -> dict[int, float]:
    """Give the share of each digit: Benford's law, and one in a hundred for last_two."""
    if digits == "last_two":
        return dict.fromkeys(range(100), 0.01)
    two = {pair: math.log10(1 + 1 / pair) for pair in range(10, 100)}
    if digits == "first_two":
        return two
    shares: dict[int, float] = {}
    for pair, share in two.items():
        digit = pair // 10 if digits == "first" else pair % 10
        shares[digit] = shares.get(digit, 0.0) + share
    return shares


def conformity(digits: str, mad: float) -> str:
    """Name what Nigrini calls a MAD; empty for last_two, for which there are no bounds."""
    if digits not in BOUNDS:
        return ""
    return _NAMES[sum(mad > bound for bound in BOUNDS[digits])]


def _digit_counts(rows: Sequence[Mapping[str, Any]], digits: Digits) -> Counter[int]:
    """Add up the rows' counts by the digits asked for."""
    counts: Counter[int] = Counter()
    for row in rows:
        pair = int(row["first_two"])
        digit = {"first": pair // 10, "second": pair % 10, "first_two": pair, "last_two": row["last_two"]}[
            digits
        ]
        counts[digit] += row["n"]
    return counts


def _measured(
    digits: Digits, observed: np.ndarray[Any, np.dtype[np.int64]], shares: dict[int, float], orders: float
) -> DigitProfile:
    n = int(observed.sum())
    share = np.array(list(shares.values()))
    due, size = n * share, max(n, 1)
    apart = observed / size - share
    squares = (observed - due) ** 2 / np.maximum(due, 1e-300)
    mad = float(np.abs(apart).mean())
    usual = float(np.sqrt(2 * share * (1 - share) / (math.pi * size)).mean())
    low, high = _interval(observed, share)
    chi2 = float(squares.sum()) if n else 0.0
    z = np.maximum(np.abs(apart) - 1 / (2 * size), 0) / np.sqrt(share * (1 - share) / size)
    return {
        "digits": digits, "n": n, "orders": round(float(orders), 4),
        "mad": mad, "mad_low": low, "mad_high": high,
        "usual_mad": usual, "excess_mad": mad - usual, "conformity": conformity(digits, mad),
        "ks": float(np.abs(np.cumsum(apart)).max()), "ks_critical": 1.36 / math.sqrt(size),
        "chi2": chi2, "degrees": len(share) - 1, "p": float(chdtrc(len(share) - 1, chi2)),
        "groups": [
            {"digit": digit, "count": int(observed[i]), "expected": float(due[i]),
             "difference": float(observed[i] - due[i]), "z": float(z[i]), "chi2": float(squares[i])}
            for i, digit in enumerate(shares)
        ],
    }  # fmt: skip


def _interval(
    observed: np.ndarray[Any, np.dtype[np.int64]], share: np.ndarray[Any, np.dtype[np.float64]]
) -> tuple[float, float]:
    """Give the 95% interval of the MAD by drawing from the observed shares again."""
    n = int(observed.sum())
    if n == 0:
        return 0.0, 0.0
    resampled = np.random.default_rng(1938).multinomial(n, observed / n, size=_DRAWS) / n
    low, high = np.quantile(np.abs(resampled - share).mean(axis=1), [0.025, 0.975])
    return float(low), float(high)
