"""From findings to flags: who is a suspect, how grave, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.judgement.desk import Desk, finding
from tools.rules import Rules

TWO = [
    {
        "row_key": "a",
        "txn_id": "T1",
        "posted_on": "2025-03-03",
        "amount_minor": 5_000_000,
        "vendor_name": "Acme",
    },
    {
        "row_key": "b",
        "txn_id": "T2",
        "posted_on": "2025-03-04",
        "amount_minor": 5_000_000,
        "vendor_name": "Acme",
    },
]


def _steps(flag: dict[str, Any]) -> dict[str, Any]:
    return {step["what"]: step for step in json.loads(flag["components"])["severity"]}


def test_a_double_payment_is_critical_though_it_cleared(tmp_path: Path) -> None:
    """A confirmed double payment of 50,000 is CRITICAL by its floor, and goes to the senior role."""
    desk = Desk(tmp_path, txn=TWO)
    desk.found("anomaly", [finding("b", "duplicate_payment", 95, partner_key="a")])
    (flag,) = desk.flags()
    assert (flag["row_key"], flag["severity"], flag["risk"], flag["role"]) == (
        "b", "CRITICAL", "CRITICAL", "controller",
    )  # fmt: skip
    assert "repeats row T1" in flag["explanation"]


def test_one_weak_signal_makes_no_suspect(tmp_path: Path) -> None:
    """A weekend, a round amount or a late hour alone is nothing, however often it is found."""
    desk = Desk(tmp_path, txn=TWO)
    desk.found("anomaly", [finding("a", "weekend_posting", 70), finding("a", "after_hours", 60)])
    assert desk.gather().suspects == 0


def test_weak_signals_of_different_families_count_together(tmp_path: Path) -> None:
    """Round and on a weekend, above the rules' sum, is one suspect; the explanation says so."""
    desk = Desk(tmp_path, txn=TWO)
    desk.found("anomaly", [finding("a", "weekend_posting", 40), finding("a", "round_amount", 40)])
    (flag,) = desk.flags()
    assert (flag["severity"], flag["score"]) == ("INFO", 30)
    assert "No single sign is enough; 2 together are." in flag["explanation"]


@pytest.mark.parametrize(("over", "found"), [(79, 1), (80, 0)])
def test_the_rules_say_how_much_counts_together(tmp_path: Path, over: int, found: int) -> None:
    """The sum that weak signals must exceed is the rules'."""
    rules = Rules.model_validate({"suspects": {"weak_together": over}})
    desk = Desk(tmp_path, rules, txn=TWO)
    desk.found("anomaly", [finding("a", "weekend_posting", 40), finding("a", "round_amount", 40)])
    assert desk.gather().suspects == found


def test_a_statement_that_does_not_tie_is_one_suspect_with_its_difference(tmp_path: Path) -> None:
    """What is at risk is the difference, not the whole payment."""
    desk = Desk(tmp_path, txn=[{**TWO[0], "kind": "bank"}])
    desk.declare([{"name": "card_to_bank", "mode": "statement"}])
    broken = {"pair": "card_to_bank", "side": "statement", "row_key": "a", "reason": "amount"}
    desk.found(
        "reconciliation",
        [finding("a", "statement_difference", 80, check="reconciliation")],
        breaks=[{**broken, "difference_minor": -12_345, "amount_minor": 5_000_000, "currency": "USD"}],
    )
    (flag,) = desk.flags()
    assert (flag["exposure_minor"], flag["severity"], flag["score"]) == (12_345, "WARNING", 40)


def test_a_score_recomputes_from_its_steps(tmp_path: Path) -> None:
    """The points of the steps sum to the score; each says why."""
    desk = Desk(tmp_path, txn=TWO)
    desk.found("quality", [finding("b", "completeness", 90, check="quality", field="vendor_name")])
    desk.found("anomaly", [finding("b", "amount_outlier", 88)])
    desk.found(
        "reconciliation",
        [finding("b", "unmatched", 85, check="reconciliation")],
        breaks=[{"pair": "p", "side": "left", "row_key": "b", "reason": "missing"}],
    )
    (flag,) = desk.flags()
    steps = _steps(flag)
    assert {name: step["points"] for name, step in steps.items() if "points" in step} == {
        "no match": 40, "anomaly": 30, "incomplete or bad record": 30,
    }  # fmt: skip
    assert (flag["score"], flag["severity"]) == (100, "CRITICAL")


def test_degraded_and_untested_lower_the_confidence(tmp_path: Path) -> None:
    """A check that failed takes from what the others can say."""
    desk = Desk(tmp_path, txn=TWO)
    desk.found("anomaly", [finding("b", "duplicate_payment", 90, partner_key="a")])
    (whole,) = desk.flags()
    desk.judge(degraded=["quality"], results=[{"status": "ran"}, {"status": "not_applicable"}])
    (partial,) = desk.read("judged/flag.parquet", "row_key")
    assert (whole["confidence"], partial["confidence"]) == (0.9, 0.7)


def test_exposure_over_materiality_raises_the_risk(tmp_path: Path) -> None:
    """An INFO flag above materiality is MEDIUM."""
    desk = Desk(tmp_path, txn=TWO)
    desk.declare(materiality="5000.00")
    desk.found("anomaly", [finding("b", "amount_outlier", 90)])
    (flag,) = desk.flags()
    assert (flag["severity"], flag["risk"]) == ("INFO", "MEDIUM")
