"""Digit statistics: exact digits, known distributions, Nigrini's names, an empty population."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tests.books import make_books
from tools.checks.anomaly.digits import Digits, conformity, expected, profile


@pytest.mark.parametrize("digits", ["first", "second", "first_two", "last_two"])
def test_expected_shares_add_up(digits: Digits) -> None:
    """Every law shares out the whole."""
    assert math.isclose(sum(expected(digits).values()), 1.0, rel_tol=1e-12)


def test_known_shares() -> None:
    """Benford's law as printed: a first 1 in 30.1%, a second 0 in 11.97%, 10 in 4.139%."""
    shares = expected("first")[1], expected("second")[0], expected("first_two")[10]
    assert tuple(round(share, 5) for share in shares) == (0.30103, 0.11968, 0.04139)


def test_digits_are_those_on_paper(tmp_path: Path) -> None:
    """0.07 begins with 70, 1.15 with 11, 2,300.00 with 23: no binary fraction moves them."""
    rows = [{"amount_minor": minor} for minor in (7, 115, 230000, 58, -58, 99)]
    with make_books(tmp_path, txn=rows) as books:
        digits = profile(books, ["card"], "first_two")
        larger = profile(books, ["card"], "first", minimum_minor=100)
    assert {g["digit"]: g["count"] for g in digits["groups"] if g["count"]} == {
        70: 1,
        11: 1,
        23: 1,
        58: 1,
        99: 1,
    }
    assert larger["n"] == 2


def test_a_benford_sample_conforms(tmp_path: Path) -> None:
    """Amounts spread evenly over five orders conform closely, and chi-square does not refuse them."""
    logs = np.random.default_rng(7).uniform(2, 7, 4000)
    with make_books(tmp_path, txn=[{"amount_minor": int(10**x)} for x in logs]) as books:
        digits = profile(books, ["card"], "first")
    assert (digits["n"], digits["conformity"], digits["p"] > 0.01) == (4000, "close conformity", True)
    assert digits["mad_low"] <= digits["mad"] <= digits["mad_high"]
    assert digits["ks"] < digits["ks_critical"]


def test_an_even_spread_does_not_conform(tmp_path: Path) -> None:
    """Amounts evenly between 100 and 999 are no natural population."""
    with make_books(tmp_path, txn=[{"amount_minor": minor} for minor in range(10000, 100000, 45)]) as books:
        digits = profile(books, ["card"])
    assert (digits["conformity"], digits["degrees"], digits["p"] < 1e-6) == ("nonconformity", 89, True)


@pytest.mark.parametrize(
    ("digits", "mad", "name"),
    [
        ("first_two", 0.0012, "close conformity"),
        ("first_two", 0.0018, "acceptable conformity"),
        ("first", 0.015, "marginally acceptable conformity"),
        ("second", 0.0121, "nonconformity"),
        ("last_two", 0.5, ""),
    ],
)
def test_names_are_nigrinis(digits: str, mad: float, name: str) -> None:
    """The bounds belong to the better name."""
    assert conformity(digits, mad) == name


def test_no_amounts_no_verdict(tmp_path: Path) -> None:
    """An empty population has zero rows and zero deviation from nothing, and raises nothing."""
    with make_books(tmp_path, txn=[{"kind": "card", "amount_minor": 5}]) as books:
        digits = profile(books, ["payment"])
    assert (digits["n"], digits["orders"], digits["chi2"]) == (0, 0.0, 0.0)
