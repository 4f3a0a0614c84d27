"""The sample is what its generator makes, and its honest parts tie."""

from __future__ import annotations

import csv
import itertools
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from samples import generate

SAMPLES = Path(generate.__file__).parent


def read(name: str) -> list[dict[str, str]]:
    """Read one of the sample's files."""
    with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_committed_files_are_current(tmp_path: Path) -> None:
    """Writing the sample anew gives the committed files, byte for byte."""
    generate.write(tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in SAMPLES.glob("*.csv")}
    assert made == kept, "run 'python -m samples'"


def test_the_sample_is_small() -> None:
    """A clone stays quick: the data files are under two megabytes together."""
    assert sum(path.stat().st_size for path in SAMPLES.glob("*.csv")) < 2_000_000


@pytest.mark.parametrize("name", ["bank_operating.csv", "bank_savings.csv"])
def test_the_bank_balance_rolls(name: str) -> None:
    """Each bank line's balance is the one before plus its amount, but where an error is planted."""
    lines = read(name)
    planted = {row["txn_id"] for row in read("labels.csv") if row["kind"] == "balance_does_not_roll"}
    broken = {
        after["line_id"]
        for before, after in itertools.pairwise(lines)
        if Decimal(before["balance"]) + Decimal(after["amount"]) != Decimal(after["balance"])
    }
    assert broken <= planted


def test_the_card_payment_is_the_sum_of_the_month() -> None:
    """Every month's card payment equals its charges, but in the months where an error is planted."""
    charged: dict[str, Decimal] = defaultdict(Decimal)
    for half in ("card_2025_h1.csv", "card_2025_h2.csv"):
        for row in read(half):
            if row["amount"].replace(".", "").lstrip("-").isdigit():
                charged[row["charged_on"][:7]] += Decimal(row["amount"])
    untied = {
        row["value_date"][:7]
        for row in read("bank_operating.csv")
        if row["type"] == "Card payment" and charged[row["value_date"][:7]] != -Decimal(row["amount"])
    }
    planted = {row["note"][:7] for row in read("labels.csv") if row["kind"] == "statement_does_not_tie"}
    assert untied == planted
