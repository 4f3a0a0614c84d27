"""On books worded and seeded in many ways, what belongs together is found, and little else."""

from __future__ import annotations

import pytest

from tests.reconciliation.bookmaker import Bookmaker
from tests.reconciliation.conftest import reconciled
from tests.reconciliation.receivables import Receivables
from tests.variations import first_of

SEEDS = range(4)


def f1(pairs: set[tuple[str, str]], true: set[tuple[str, str]]) -> float:
    """Balance what is right among the found with what is found of the right."""
    return 2 * len(pairs & true) / max(1, len(pairs) + len(true))


@pytest.mark.parametrize("seed", first_of(SEEDS))
def test_a_bank_and_its_ledger(seed: int) -> None:
    """Whatever the bank's words, habits and slips: pairs and offsets are found."""
    book = Bookmaker(seed).bank_and_ledger(120)
    reconciliation = reconciled(book.rows, as_of="2025-06-01")
    assert f1(reconciliation.pairs, book.pairs) >= 0.97
    assert f1(reconciliation.offsets, book.offsets) >= 0.85


@pytest.mark.parametrize("seed", first_of(SEEDS[::2]))
def test_a_bank_and_a_ledger_without_references(seed: int) -> None:
    """Where the export lacks them, a voided check is not taken for the one that cleared in its place."""
    book = Bookmaker(seed).bank_and_ledger(120)
    reconciliation = reconciled(
        [{name: value for name, value in row.items() if name != "reference"} for row in book.rows],
        as_of="2025-06-01",
    )
    assert f1(reconciliation.pairs, book.pairs) >= 0.99
    assert f1(reconciliation.offsets, book.offsets) >= 0.85


@pytest.mark.parametrize("seed", first_of(SEEDS))
def test_payments_and_invoices(seed: int) -> None:
    """Discounts, parts, deductions, credits, slips, silence: invoices are applied, with the right amounts."""
    book = Receivables(seed).of(60)
    reconciliation = reconciled(
        book.rows, left="payment", right="invoice", remittance=book.remittance, as_of="2025-06-30"
    )
    applied = {(row["left_id"], row["right_id"]): row["amount_minor"] for row in reconciliation.matches}
    assert f1(set(applied), set(book.applied)) >= 0.985
    both = set(applied) & set(book.applied)
    assert sum(applied[pair] == book.applied[pair] for pair in both) >= 0.99 * len(both)


def test_confidence_is_what_it_says() -> None:
    """Of matches said to be 0.9 and more about nine in ten are right, and of the unsure ones fewer."""
    matches: list[tuple[float, bool]] = []
    for seed in SEEDS:
        book = Bookmaker(100 + seed).bank_and_ledger(100)
        matches += [
            (row["confidence"], (row["left_key"], row["right_key"]) in book.pairs)
            for row in reconciled(book.rows, as_of="2025-06-01").matches
            if row["kind"] != "offset"
        ]
    confident = [right for confidence, right in matches if confidence >= 0.9]
    mean = sum(confidence for confidence, _ in matches) / len(matches)
    assert sum(confident) / len(confident) >= 0.97
    assert abs(mean - sum(right for _, right in matches) / len(matches)) < 0.02
