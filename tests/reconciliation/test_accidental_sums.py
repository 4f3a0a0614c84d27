"""Sums that are accidents are not taken for groups, and real groups are found among them."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.reconciliation.conftest import reconciled
from tests.variations import first_of

Row = dict[str, Any]
FIRST = "Alpen Baltic Cobalt Delmar Elmwood Fjord Granit Hansa Iberia Jasper".split()
SECOND = "Bakery Carpets Dental Energy Foods Garage Hydraulics Interiors".split()


def deposits(seed: int, highest: int, singles: int) -> tuple[list[Row], set[tuple[str, str]]]:
    """Bank three receipts of a customer as one deposit that names nobody, among receipts never banked."""
    chance = Random(seed)
    rows: list[Row] = []
    true: set[tuple[str, str]] = set()
    for at in range(40):
        day, name = chance.randrange(20), f"{chance.choice(FIRST)} {chance.choice(SECOND)}"
        parts = [chance.randint(highest // 20, highest) for _ in range(3)]
        for n, part in enumerate(parts):
            rows.append(row("ledger", f"L{at:03}{n}", day, part, description=name))
            true.add((f"B{at:03}", f"L{at:03}{n}"))
        rows.append(row("bank", f"B{at:03}", day + 1, sum(parts), description="DEPOSIT"))
    for at in range(singles):
        name = f"{chance.choice(FIRST)} {chance.choice(SECOND)}"
        amount = chance.randint(highest // 20, highest)
        rows.append(row("ledger", f"S{at:04}", chance.randrange(20), amount, description=name))
    return rows, true


def row(source: str, name: str, day: int, amount: int, **more: str) -> Row:
    """Make a row of March 2025."""
    return {"row_key": name, "txn_id": name, "source": source, "kind": source,
            "posted_on": f"2025-03-{day + 3:02}", "amount_minor": amount, **more}  # fmt: skip


@pytest.mark.parametrize("seed", first_of(range(3)))
def test_deposits_are_found_where_sums_are_rare(seed: int) -> None:
    """With amounts that seldom coincide every deposit finds its receipts."""
    rows, true = deposits(seed, 3_000_000, 60)
    pairs = reconciled(rows, as_of="2025-06-01").pairs
    assert len(pairs & true) >= 0.95 * len(true)
    assert len(pairs - true) <= 0.02 * len(pairs)


@pytest.mark.parametrize("seed", first_of(range(3)))
def test_accidents_are_told_from_groups(seed: int) -> None:
    """Small amounts have many sums; by how groups look they are found, and what is sure is right."""
    rows, true = deposits(seed, 3_000, 600)
    reconciliation = reconciled(rows, as_of="2025-06-01")
    confident = [m for m in reconciliation.matches if m["kind"] == "1:N" and m["confidence"] >= 0.9]
    correct = [m for m in confident if (m["left_key"], m["right_key"]) in true]
    assert len(correct) >= 0.95 * len(confident)
    assert len(correct) >= 0.5 * len(true)
