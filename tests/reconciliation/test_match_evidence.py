"""A match's confidence is recomputed by hand from the parts that are kept of it."""

from __future__ import annotations

import math

import pytest

from tests.reconciliation.bookmaker import Bookmaker
from tests.reconciliation.conftest import Reconciled, reconciled

PARTS = ("prior", "amount", "name", "number", "form", "lag", "rivals")


@pytest.fixture(scope="module")
def books() -> Reconciled:
    """Reconcile a made bank and ledger."""
    return reconciled(Bookmaker(11).bank_and_ledger(60).rows, as_of="2025-06-01")


def test_the_parts_add_up_to_the_confidence(books: Reconciled) -> None:
    """The logistic of their sum, at most .999, is what the match says; each is of a match of two rows."""
    confidence = {(row["left_key"], row["right_key"]): row["confidence"] for row in books.matches}
    assert len(books.evidence) > 10
    for row in books.evidence:
        by_hand = 1 / (1 + math.exp(-sum(row[part] for part in PARTS)))
        assert min(by_hand, 0.999) == pytest.approx(confidence[row["left_key"], row["right_key"]], abs=1e-9)


def test_a_weight_is_the_logarithm_of_m_over_u(books: Reconciled) -> None:
    """Each outcome's weight is ln(m / u); m and u are shares; a match on time has the weight of its level."""
    by_level = {(row["field"], row["level"]): row for row in books.weights}
    for row in books.weights:
        assert row["weight"] == pytest.approx(math.log(row["m"] / row["u"]))
    for field in ("name", "number", "form", "days"):
        assert sum(row["m"] for row in books.weights if row["field"] == field) == pytest.approx(1)
    passes = {(row["left_key"], row["right_key"]): row["pass"] for row in books.matches}
    timely = [
        row for row in books.evidence if passes[row["left_key"], row["right_key"]] in ("exact", "window")
    ]
    assert timely
    for row in timely:
        assert row["name"] == pytest.approx(by_level["name", row["name_level"]]["weight"])
        assert row["number"] == pytest.approx(by_level["number", row["number_level"]]["weight"])
