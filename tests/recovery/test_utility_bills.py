"""Utility bills that charge too much are found with the amount, and bills that only look so are not."""

from __future__ import annotations

from pathlib import Path

from benchmarks.scorers import utility_bills as scorer
from benchmarks.synthetic import utility_bills
from tools.recovery.from_utility import TESTS


def test_planted_errors_are_found_and_look_alikes_are_not(tmp_path: Path) -> None:
    """Each kind once and again, to the cent where it is no estimate; no bill that is right."""
    planted = utility_bills.write(tmp_path, seed=3)
    assert {kind for kind, _ in planted.values()} == set(TESTS)
    flagged = scorer.claims_by_bill(tmp_path)
    assert flagged.keys() == planted.keys()
    exact = {bill: amount for bill, (kind, amount) in planted.items() if kind != "use_per_day"}
    assert all(abs(flagged[bill] - amount) <= 1 for bill, amount in exact.items())
