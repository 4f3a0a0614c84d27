"""References that identify, on rows whose amounts differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.books import make_books
from tools.checks.reconciliation.one_to_one import equal_keys
from tools.checks.reconciliation.sides import items
from tools.ledger.sources import Entity, Pair, Source, Sources

AGREEING = 2_500
FEES = 60
STRANGE = 30


def row(side: str, reference: str | None, amount: int, at: int) -> dict[str, object]:
    """Make a row of one day."""
    return {"row_key": f"{side}{at}", "source": side, "posted_on": "2025-01-06", "amount_minor": amount,
            "reference": reference}  # fmt: skip


def claimed(folder: Path, silent: int) -> list[tuple[int, str | None]]:
    """Settle a book with fees, strangers that share a number, and rows of the left that say none."""
    whole = AGREEING + FEES + STRANGE
    left_amounts = [10_000 + 9_973 * at for at in range(whole)]
    right_amounts = [
        amount if at < AGREEING else amount - 1_500 if at < AGREEING + FEES else 7 * amount + 13
        for at, amount in enumerate(left_amounts)
    ]
    rows = [row("left", f"R{at}", amount, at) for at, amount in enumerate(left_amounts)]
    rows += [row("right", f"R{at}", amount, at) for at, amount in enumerate(right_amounts)]
    rows += [row("left", None, 900_000_000 + 9_973 * at, whole + at) for at in range(silent)]
    source, pair = Source(kind="card", path="none.csv"), Pair(name="pair", left="left", right="right")
    sources = Sources(entity=Entity(name="Test"), sources={"left": source, "right": source}, pairs=[pair])
    with make_books(folder, txn=rows, as_of="2025-01-31") as books:
        items.prepare(books)
        items.load(books, sources, pair)
        equal_keys.match(books, pair)
        claims = books.rows("SELECT difference, reason FROM claim WHERE difference <> 0")
        return [(claim["difference"], claim["reason"]) for claim in claims]


def test_a_fee_under_a_reference_that_identifies(tmp_path: Path) -> None:
    """Where nearly all references agree to the cent, one with a fee is settled; a strange sum is not."""
    expected = [(1_500, "fee")] * FEES
    assert expected == claimed(tmp_path, silent=0)


@pytest.mark.parametrize("silent", [AGREEING])
def test_a_book_of_few_references_lets_names_speak_too(tmp_path: Path, silent: int) -> None:
    """Where many rows say no reference, none is believed by itself: near.py weighs it with the rest."""
    assert claimed(tmp_path, silent) == []
