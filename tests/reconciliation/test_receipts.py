"""Receipts and charges: truncated names, other days, two for one, tips; and the ones that are not there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reconciliation.conftest import Reconciled, reconciled
from tests.reconciliation.receiptbook import NEEDED, ReceiptBook
from tests.variations import first_of

SEEDS = range(3)
STRONG = 70


def documents(book: ReceiptBook) -> Reconciled:
    """Reconcile the charges that need a receipt with the receipts."""
    return reconciled(
        book.rows,
        left="card",
        right="receipt",
        mode="documents",
        required_for={"category": list(NEEDED)},
        as_of="2025-10-31",
    )


def blamed_rows(reconciliation: Reconciled) -> set[str]:
    """Give the rows that a finding blames by itself."""
    return {row["row_key"] for row in reconciliation.findings if row["score"] > STRONG}


@pytest.mark.parametrize("linked", [True, False])
@pytest.mark.parametrize("seed", first_of(SEEDS))
def test_honest_receipts_are_quiet(seed: int, linked: bool) -> None:
    """Names cut short, days apart, two receipts for one charge: each finds its own, nobody is blamed."""
    book = ReceiptBook(seed, linked=linked, halves=True)
    reconciliation = documents(book)
    assert reconciliation.pairs == book.pairs
    assert blamed_rows(reconciliation) == set()


@pytest.mark.parametrize("halves", [True, False])
@pytest.mark.parametrize("seed", first_of(SEEDS))
def test_tips_are_no_difference(seed: int, halves: bool) -> None:
    """Where meals are charged with a tip again and again, the difference is named and nobody is blamed."""
    book = ReceiptBook(seed, tips=True, halves=halves)
    reconciliation = documents(book)
    assert reconciliation.pairs == book.pairs
    assert blamed_rows(reconciliation) == set()
    assert {m["difference_reason"] for m in reconciliation.matches if m["difference_minor"]} == {"tip"}


@pytest.mark.parametrize("seed", first_of(SEEDS))
def test_tips_without_a_link(seed: int) -> None:
    """Receipts that name no charge are found by merchant and day, though the charge has a tip on top."""
    book = ReceiptBook(seed, linked=False, tips=True)
    reconciliation = documents(book)
    assert len(reconciliation.pairs & book.pairs) >= 0.9 * len(book.pairs)
    assert len(blamed_rows(reconciliation)) <= 0.1 * len(book.pairs)


@pytest.mark.parametrize("linked", [True, False])
@pytest.mark.parametrize("seed", first_of(SEEDS))
def test_lost_receipts_are_found(seed: int, linked: bool) -> None:
    """Each charge whose receipt is gone is told, and no other."""
    book = ReceiptBook(seed, linked=linked, halves=True)
    lost = book.lose(5)
    reconciliation = documents(book)
    assert blamed_rows(reconciliation) == lost
    assert {key for key, reason in reconciliation.reasons.items() if reason == "missing_receipt"} == lost


@pytest.mark.parametrize("seed", first_of(SEEDS))
def test_a_charge_far_above_its_receipt_is_told(seed: int) -> None:
    """A fifth more is a difference where tips are not usual; what is far more than a tip always is."""
    book = ReceiptBook(seed, tips=True)
    by_key = {row["row_key"]: row for row in book.rows}
    fifth = next(pair for pair in sorted(book.pairs) if by_key[pair[0]]["category"] == "Travel")
    half = next(pair for pair in sorted(book.pairs) if by_key[pair[0]]["category"] == "Meals")
    for (charge, receipt), share in ((fifth, 6), (half, 9)):
        by_key[charge]["amount_minor"] = by_key[receipt]["amount_minor"] * share // 5 + 1
    assert blamed_rows(documents(book)) == {fifth[0], half[0]}


@pytest.mark.parametrize("seed", first_of(SEEDS))
def test_a_second_receipt_of_the_whole_amount_is_no_part(seed: int) -> None:
    """A charge whose receipt was handed in twice is matched with one; the other is left over."""
    book = ReceiptBook(seed)
    charge, receipt = min(book.pairs)
    copy = next(row for row in book.rows if row["row_key"] == receipt)
    book.rows.append({**copy, "row_key": f"{receipt}z", "txn_id": f"{receipt}z"})
    reconciliation = documents(book)
    assert [m["left_key"] for m in reconciliation.matches].count(charge) == 1
    assert len(blamed_rows(reconciliation)) <= 1


@pytest.mark.parametrize(("charged", "printed"), [(43_407, 44_307), (8_442, 8_424), (70_064, 70_046)])
def test_a_receipt_that_names_its_charge_and_has_digits_swapped_is_a_finding(
    charged: int, printed: int
) -> None:
    """However small the difference: the tolerance is for tips and rounding."""
    rows: list[dict[str, Any]] = [
        {"row_key": "c", "txn_id": "X1", "source": "card", "kind": "card", "posted_on": "2025-02-02",
         "amount_minor": charged, "vendor_name": "Nobu"},
        {"row_key": "r", "txn_id": "R1", "linked_id": "X1", "source": "receipt", "kind": "receipt",
         "posted_on": "2025-02-02", "amount_minor": printed, "vendor_name": "Nobu"},
    ]  # fmt: skip
    reconciliation = reconciled(rows, left="card", right="receipt", mode="documents", tolerance=0.05)
    assert [f["row_key"] for f in reconciliation.findings if f["test"] == "transposed_digits"] == ["c"]


def test_a_receipt_that_names_its_charge_and_rounds_it_is_left_alone() -> None:
    """Within the tolerance, and no digits changed places."""
    rows: list[dict[str, Any]] = [
        {"row_key": "c", "txn_id": "X1", "source": "card", "kind": "card", "posted_on": "2025-02-02",
         "amount_minor": 43_407, "vendor_name": "Nobu"},
        {"row_key": "r", "txn_id": "R1", "linked_id": "X1", "source": "receipt", "kind": "receipt",
         "posted_on": "2025-02-02", "amount_minor": 43_400, "vendor_name": "Nobu"},
    ]  # fmt: skip
    reconciliation = reconciled(rows, left="card", right="receipt", mode="documents", tolerance=0.05)
    assert not [f for f in reconciliation.findings if f["test"] == "transposed_digits"]
