"""From findings to flags: who is a suspect, how grave, and why."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.judgement.desk import Desk, finding
from tools.judgement.judge import fingerprint
from tools.rules.model import Rules

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
    desk.record("anomaly", [finding("b", "duplicate_payment", 95, partner_key="a")])
    (flag,) = desk.flags()
    assert (flag["row_key"], flag["severity"], flag["risk"], flag["role"]) == (
        "b", "CRITICAL", "CRITICAL", "controller",
    )  # fmt: skip
    assert "repeats the " in flag["explanation"]
    assert "(T1): " in flag["explanation"]


def test_one_weak_signal_makes_no_suspect(tmp_path: Path) -> None:
    """A weekend, a round amount or a late hour alone is nothing, however often it is found."""
    desk = Desk(tmp_path, txn=TWO)
    desk.record("anomaly", [finding("a", "weekend_posting", 70), finding("a", "after_hours", 60)])
    assert desk.gather().suspects == 0


def test_weak_signals_of_different_families_count_together(tmp_path: Path) -> None:
    """Round and on a weekend, above the rules' sum, is one suspect; the explanation says so."""
    desk = Desk(tmp_path, txn=TWO)
    desk.record("anomaly", [finding("a", "weekend_posting", 40), finding("a", "round_amount", 40)])
    (flag,) = desk.flags()
    assert (flag["severity"], flag["score"]) == ("INFO", 30)
    assert "No single sign is enough; 2 of different kinds together are." in flag["explanation"]


@pytest.mark.parametrize(("over", "count"), [(79, 1), (80, 0)])
def test_the_rules_say_how_much_counts_together(tmp_path: Path, over: int, count: int) -> None:
    """The sum that weak signals must exceed is the rules'."""
    rules = Rules.model_validate({"suspects": {"weak_together": over}})
    desk = Desk(tmp_path, rules, txn=TWO)
    desk.record("anomaly", [finding("a", "weekend_posting", 40), finding("a", "round_amount", 40)])
    assert desk.gather().suspects == count


def test_a_statement_that_does_not_tie_is_one_suspect_with_its_difference(tmp_path: Path) -> None:
    """What is at risk is the difference, not the whole payment."""
    desk = Desk(tmp_path, txn=[{**TWO[0], "kind": "bank"}])
    desk.declare([{"name": "card_to_bank", "mode": "statement"}])
    broken = {"pair": "card_to_bank", "side": "statement", "row_key": "a", "reason": "amount"}
    desk.record(
        "reconciliation",
        [finding("a", "statement_difference", 80, check="reconciliation")],
        breaks=[{**broken, "difference_minor": -12_345, "amount_minor": 5_000_000, "currency": "USD"}],
    )
    (flag,) = desk.flags()
    assert (flag["exposure_minor"], flag["severity"], flag["score"]) == (12_345, "WARNING", 40)


def test_a_score_recomputes_from_its_steps(tmp_path: Path) -> None:
    """The points of the steps sum to the score; each says why."""
    desk = Desk(tmp_path, txn=TWO)
    desk.record("quality", [finding("b", "completeness", 90, check="quality", field="vendor_name")])
    desk.record("anomaly", [finding("b", "amount_outlier", 88)])
    desk.record(
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
    desk.record("anomaly", [finding("b", "duplicate_payment", 90, partner_key="a")])
    (whole,) = desk.flags()
    desk.judge(degraded=["quality"], results=[{"status": "ran"}, {"status": "not_applicable"}])
    (partial,) = desk.read("judged/flag.parquet", "row_key")
    assert (whole["confidence"], partial["confidence"]) == (0.9, 0.7)


def test_exposure_over_materiality_raises_the_risk(tmp_path: Path) -> None:
    """An INFO flag above materiality is a person's to decide."""
    desk = Desk(tmp_path, txn=TWO)
    desk.declare(materiality="5000.00")
    desk.record("anomaly", [finding("b", "round_amount", 90)])
    (flag,) = desk.flags()
    assert (flag["severity"], flag["risk"]) == ("INFO", "HIGH")


def test_an_original_is_not_blamed_for_what_its_copy_took(tmp_path: Path) -> None:
    """The copy was matched with the original's receipt: only the copy is a suspect."""
    desk = Desk(tmp_path, txn=TWO)
    desk.declare([{"name": "card_to_receipt", "mode": "documents"}])
    desk.record("quality", [finding("b", "repeated_id", 95, check="quality", partner_key="a")])
    desk.record(
        "reconciliation",
        [finding("a", "unmatched_row", 80, check="reconciliation")],
        breaks=[{"pair": "card_to_receipt", "side": "left", "row_key": "a", "reason": "duplicate"}],
    )
    assert [flag["row_key"] for flag in desk.flags()] == ["b"]


def test_an_original_that_lacks_more_than_its_copy_took_is_a_suspect(tmp_path: Path) -> None:
    """Neither was matched: both are suspects."""
    desk = Desk(tmp_path, txn=TWO)
    desk.record("quality", [finding("b", "repeated_id", 95, check="quality", partner_key="a")])
    broken = {"pair": "card_to_bank", "side": "left", "reason": "missing"}
    desk.record(
        "reconciliation",
        [finding(key, "unmatched_row", 80, check="reconciliation") for key in "ab"],
        breaks=[{**broken, "row_key": key} for key in "ab"],
    )
    assert [flag["row_key"] for flag in desk.flags()] == ["a", "b"]


def test_what_has_no_known_currency_is_one_error_not_two(tmp_path: Path) -> None:
    """An invoice in no known currency can match nothing: it is a bad record, and no break besides."""
    rows = [{**TWO[0], "currency": "USX"}, TWO[1]]
    desk = Desk(tmp_path, txn=rows)
    desk.record("quality", [finding("a", "unknown_currency", 85, check="quality")])
    desk.record("reconciliation", [finding(key, "unmatched_row", 80, check="reconciliation") for key in "ab"])
    bad_record, counterpart = sorted(desk.flags(), key=lambda flag: str(flag["row_key"]))
    assert "no match" in _steps(counterpart)
    assert "no match" not in _steps(bad_record)
    assert (bad_record["score"], bad_record["severity"]) == (30, "WARNING")


def test_a_missing_receipt_is_not_a_missing_counterpart(tmp_path: Path) -> None:
    """Where only the document is missing, 10 points and its own floor, whichever test found it."""
    desk = Desk(tmp_path, txn=[{**TWO[0], "amount_minor": 4_000}])
    desk.declare([{"name": "card_to_receipt", "mode": "documents"}])
    desk.record(
        "reconciliation",
        [finding("a", "unmatched_row", 80, check="reconciliation")],
        breaks=[{"pair": "card_to_receipt", "side": "left", "row_key": "a", "reason": "missing_receipt"}],
    )
    (flag,) = desk.flags()
    assert (flag["family"], flag["score"], flag["severity"]) == ("receipt", 10, "INFO")


def test_a_line_that_could_not_be_read_is_a_suspect_without_an_amount(tmp_path: Path) -> None:
    """What was not read is flagged with its file and line."""
    rejected = [{"source": "card", "file": "card.csv", "line": 7, "reason": "no date", "raw": "x,y"}]
    desk = Desk(tmp_path, txn=TWO, rejected=rejected)
    desk.record("quality", [finding("line:card:card.csv:7", "rejected_line", 80, check="quality")])
    (flag,) = desk.flags()
    assert (flag["kind"], flag["file"], flag["line"], flag["amount_minor"], flag["severity"]) == (
        "line", "card.csv", 7, 0, "INFO",
    )  # fmt: skip


def test_another_line_in_the_same_place_is_another_flag(tmp_path: Path) -> None:
    """The twelfth line of next month's file is not last month's: both are flagged."""
    prints: set[str] = set()
    for raw in ("x,1O.00", "x,2O.00", "x,1O.00"):
        rejected = [{"source": "card", "file": "card.csv", "line": 7, "reason": "no amount", "raw": raw}]
        desk = Desk(tmp_path / str(len(prints)) / raw, txn=TWO, rejected=rejected)
        desk.record("quality", [finding("line:card:card.csv:7", "rejected_line", 80, check="quality")])
        prints.add(desk.flags()[0]["fingerprint"])
    assert len(prints) == 2


def test_what_is_wrong_with_a_source_this_month_is_not_last_months(tmp_path: Path) -> None:
    """A total that is off by another sum is another flag, though the source and the test are the same."""
    prints: set[str] = set()
    for at, observed in enumerate(("99 rows", "98 rows", "99 rows")):
        desk = Desk(tmp_path / str(at), txn=TWO)
        desk.record(
            "quality", [finding("source:books", "unreadable_lines", 80, check="quality", observed=observed)]
        )
        (flag,) = desk.flags()
        prints.add(flag["fingerprint"])
        assert (flag["kind"], flag["severity"]) == ("source", "WARNING")
    assert len(prints) == 2


def test_two_companies_have_a_flag_each(tmp_path: Path) -> None:
    """The same line of two companies' banks, found by the same test, is two flags; again, it is the same."""
    desk = Desk(tmp_path, txn=TWO)
    desk.record("anomaly", [finding("b", "duplicate_payment", 95, partner_key="a")])
    desk.gather()
    (row,) = desk.read("suspects/suspect.parquet", "row_key")
    assert fingerprint(row, "North Ltd") != fingerprint(row, "South Ltd")
    assert fingerprint(row, "North Ltd") == fingerprint(row, "North Ltd")


def test_what_an_account_is_off_is_at_risk(tmp_path: Path) -> None:
    """A trial balance that is 120.00 off puts 120.00 at risk, not the posting of 50,000 that it stands on."""
    desk = Desk(tmp_path, txn=TWO)
    imbalance = finding("b", "trial_balance_break", 80, check="reconciliation", off_minor=-12_000)
    desk.record("reconciliation", [imbalance])
    (flag,) = desk.flags()
    assert (flag["exposure_minor"], flag["severity"]) == (12_000, "WARNING")


def test_what_a_journal_is_off_is_at_risk_once(tmp_path: Path) -> None:
    """A journal of 50,000 that is 25.00 off puts 25.00 at risk, whichever line it may be."""
    line = {"kind": "ledger", "source": "ledger", "journal_id": "J7", "posted_on": "2025-03-03"}
    rows = [
        {**line, "row_key": "a", "amount_minor": 5_000_000},
        {**line, "row_key": "b", "amount_minor": -4_997_500},
    ]
    desk = Desk(tmp_path, txn=rows)
    off = [finding(key, "unbalanced_journal", 90, check="quality", off_minor=2_500) for key in "ab"]
    desk.record("quality", off)
    assert [flag["exposure_minor"] for flag in desk.flags()] == [2_500, 0]
    assert [case["exposure_minor"] for case in desk.read("suspects/case.parquet", "case_id")] == [2_500]


@pytest.mark.parametrize(("gap", "severity"), [(30, "WARNING"), (3, "CRITICAL")])
def test_a_recurring_posting_goes_down_a_level_and_a_second_one_does_not(
    tmp_path: Path, gap: int, severity: str
) -> None:
    """On its vendor's rhythm and near its amount: one level less. Off it: no excuse."""
    start = date(2025, 1, 2)
    rent = {"vendor_name": "Hill House", "amount_minor": 30_000_000, "kind": "payment"}
    days = [start + timedelta(days=30 * month) for month in range(6)]
    days.append(days[-1] + timedelta(days=gap))
    rows = [{**rent, "row_key": f"r{n}", "posted_on": day.isoformat()} for n, day in enumerate(days)]
    desk = Desk(tmp_path, txn=rows)
    desk.record("reconciliation", [finding("r6", "unmatched_row", 80, check="reconciliation")])
    (flag,) = desk.flags()
    assert flag["severity"] == severity


_CREW = [
    {"person_id": "P1", "person_name": "Ravi Kulkarni"},
    {"person_id": "P2", "person_name": "Ilse Vogt", "left_on": "2024-12-01"},
]
_BOOKED = {"row_key": "gl", "kind": "ledger", "amount_minor": -100, "posted_on": "2025-01-02"}


@pytest.mark.parametrize(
    ("text", "others", "severity"),
    [
        ("SALARY KULKARNI RAVI {n}", [], "WARNING"),
        ("STANDING ORDER K HOLDINGS {n}", [], "CRITICAL"),
        ("SALARY ILSE VOGT {n}", [], "CRITICAL"),
        ("SALARY RAVI {n}", [], "CRITICAL"),
        ("SALARY KULKARNI RAVI {n}", [_BOOKED], "CRITICAL"),
    ],
)
def test_only_wages_that_no_book_claims_to_show_are_on_a_rhythm_by_their_text(
    tmp_path: Path, text: str, others: list[dict[str, Any]], severity: str
) -> None:
    """Beside a list of payments, of who is employed: no standing order, nobody who left, no ledger's gap."""
    start = date(2025, 1, 2)
    rows = [
        {
            "row_key": f"r{n}",
            "kind": "bank",
            "amount_minor": -30_000_000,
            "posted_on": (start + timedelta(days=30 * n)).isoformat(),
            "description": text.format(n=n),
        }
        for n in range(6)
    ]
    desk = Desk(tmp_path, txn=[*rows, *others], employee=_CREW)
    findings = [finding(f"r{n}", "unmatched_row", 80, check="reconciliation") for n in range(6)]
    desk.record("reconciliation", findings)
    assert {flag["severity"] for flag in desk.flags()} == {severity}


def test_a_suppressed_vendors_warning_is_information(tmp_path: Path) -> None:
    """And its CRITICAL stays CRITICAL."""
    rules = Rules.model_validate({"severity": {"suppressed_vendors": ["acme"]}})
    severities = []
    for amount in (5_000, 5_000_000):
        desk = Desk(tmp_path / str(amount), rules, txn=[{**row, "amount_minor": amount} for row in TWO])
        desk.record("anomaly", [finding("b", "duplicate_payment", 95, partner_key="a")])
        severities += [flag["severity"] for flag in desk.flags()]
    assert severities == ["INFO", "CRITICAL"]


def test_exposure_in_another_currency_is_weighed_in_the_entitys(tmp_path: Path) -> None:
    """20,000 yen are no 20,000 dollars: floors and ranks use the rate of the day."""
    rows = [{**row, "amount_minor": 20_000, "currency": "JPY"} for row in TWO]
    yen = {"currency": "JPY", "to_currency": "USD"}
    rate_by_day = {"2025-02-01": 9_000_000, "2025-03-01": 6_700_000, "2025-04-01": 5_000_000}
    rates = [{**yen, "day": day, "rate_e9": rate} for day, rate in rate_by_day.items()]
    desk = Desk(tmp_path, txn=rows, fx_rate=rates)
    desk.record("anomaly", [finding("b", "duplicate_payment", 95, partner_key="a")])
    (flag,) = desk.flags()
    assert (flag["exposure_minor"], flag["exposure_base"], flag["severity"]) == (20_000, 13_400, "WARNING")


@pytest.mark.parametrize(
    ("minor", "currency"), [(10**10 + 1, "USD"), (2 * 10**15 + 1, "USD"), (10**15, "JPY")]
)
def test_a_large_exposure_is_weighed_to_the_cent(tmp_path: Path, minor: int, currency: str) -> None:
    """A hundred million or twenty million millions: neither too large to multiply nor rounded."""
    rows = [{**row, "amount_minor": minor, "currency": currency} for row in TWO]
    rates = [{"day": "2025-03-01", "currency": "JPY", "to_currency": "USD", "rate_e9": 6_700_001}]
    desk = Desk(tmp_path, txn=rows, fx_rate=rates)
    desk.record("anomaly", [finding("b", "duplicate_payment", 95, partner_key="a")])
    (flag,) = desk.flags()
    whole = {"USD": minor, "JPY": minor * 6_700_001 // 10**7}[currency]
    assert (flag["exposure_minor"], flag["exposure_base"]) == (minor, whole)


def test_the_explanation_reads_like_a_note(tmp_path: Path) -> None:
    """What, against what, the innocent reading, and what would tell."""
    desk = Desk(tmp_path, txn=TWO)
    desk.record("anomaly", [finding("b", "duplicate_payment", 95, partner_key="a", observed="INV-7 twice")])
    (flag,) = desk.flags()
    lines = flag["explanation"].splitlines()
    charge = "card charge of 50,000.00 USD to Acme on 4 March 2025 (T2)"
    assert lines[0].startswith(f"The {charge} repeats the card charge of 50,000.00 USD to Acme")
    assert lines[1] == "Observed: INV-7 twice. Expected: that. Held against: all."
    assert lines[2].startswith("The vendor in these books: 2 card charges from 3 March 2025 to 4 March 2025")
    assert lines[3] == "Innocent reading: two deliveries or visits of the same price, or an instalment."
    assert lines[4].startswith("What would tell: Ask the vendor for a statement of account")


@pytest.mark.parametrize(
    ("floors", "severity"),
    [
        ({}, "WARNING"),
        ({"duplicate": []}, "INFO"),
        ({"duplicate_payment": [{"over": "10", "severity": "CRITICAL"}]}, "CRITICAL"),
        ({"duplicate_payment": [{"over": "100", "severity": "CRITICAL"}]}, "INFO"),
        ({"statement": []}, "WARNING"),
    ],
)
def test_floors_of_the_rules_file_go_over_the_defaults(
    tmp_path: Path, floors: dict[str, Any], severity: str
) -> None:
    """A test's own floor before its family's; an empty list takes one away; the others stay."""
    rules = Rules.model_validate({"severity": {"floors": floors}})
    desk = Desk(tmp_path, rules, txn=[{**row, "amount_minor": 5_000} for row in TWO])
    desk.record("anomaly", [finding("b", "duplicate_payment", 95, partner_key="a")])
    (flag,) = desk.flags()
    assert flag["severity"] == severity


def test_a_weak_finding_has_no_floor(tmp_path: Path) -> None:
    """What may be a double payment does not make 50,000 grave that is a suspect for something else."""
    desk = Desk(tmp_path, txn=TWO)
    weak = finding("b", "duplicate_payment", 70, partner_key="a")
    desk.record("anomaly", [finding("b", "round_amount", 90), weak])
    (flag,) = desk.flags()
    assert flag["severity"] == "INFO"


def test_without_any_result_there_is_no_suspect(tmp_path: Path) -> None:
    """A run whose checks all failed has nothing to merge; it is the gate that stops it."""
    desk = Desk(tmp_path, txn=TWO)
    assert (desk.flags(), desk.gather().suspects) == ([], 0)


def test_a_doubtful_match_lowers_the_confidence(tmp_path: Path) -> None:
    """What hangs on a match of low confidence is less sure."""
    desk = Desk(tmp_path, txn=TWO)
    match = {"pair": "p", "left_key": "b", "right_key": "x", "confidence": 0.6}
    desk.record("anomaly", [finding("b", "amount_against_vendor", 90)])
    desk.record("reconciliation", [], matches=[match])
    (flag,) = desk.flags()
    assert flag["confidence"] == 0.8


def test_a_mismatch_is_weighed_by_what_differs(tmp_path: Path) -> None:
    """Of 50,000.00 that is matched but for 12.00, 12.00 are at risk."""
    desk = Desk(tmp_path, txn=TWO)
    match = {"pair": "p", "left_key": "b", "right_key": "x", "confidence": 0.9, "difference_minor": -1_200}
    desk.record(
        "reconciliation", [finding("b", "amount_mismatch", 75, check="reconciliation")], matches=[match]
    )
    (flag,) = desk.flags()
    assert (flag["exposure_minor"], flag["family"]) == (1_200, "mismatch")


def test_materiality_is_estimated_from_the_books_and_decides_how_grave(tmp_path: Path) -> None:
    """A wire that no book explains is CRITICAL in a small company, and the basis is on the flag."""
    rows = [
        {"row_key": f"in{n}", "source": "bank", "kind": "bank", "amount_minor": 1_000_000, "posted_on": day}
        for n, day in enumerate(date(2025, 1, 1) + timedelta(days=9 * n) for n in range(40))
    ]
    wire = {
        "row_key": "wire",
        "source": "bank",
        "kind": "bank",
        "amount_minor": -320_000,
        "posted_on": "2025-03-14",
    }
    small = {**wire, "row_key": "small", "amount_minor": -1_200}
    desk = Desk(tmp_path, txn=[*rows, wire, small])
    desk.record(
        "reconciliation",
        [finding(key, "unmatched_row", 80, check="reconciliation") for key in ("wire", "small")],
    )
    flags = {flag["row_key"]: flag for flag in desk.flags()}
    assert (flags["wire"]["severity"], flags["small"]["severity"]) == ("CRITICAL", "INFO")
    because = [step["because"] for step in json.loads(flags["wire"]["components"])["severity"]]
    assert any("estimated: 1.0% of what came in on the bank within a year" in text for text in because)


def test_money_that_came_in_is_judged_more_mildly_than_money_that_left(tmp_path: Path) -> None:
    """Where materiality is 5,000: 4,000 out that nothing explains is CRITICAL, 4,000 in a WARNING."""
    rows = [
        {"row_key": key, "source": "bank", "kind": "bank", "amount_minor": amount, "posted_on": "2025-03-14"}
        for key, amount in (("out", -400_000), ("in", 400_000))
    ]
    desk = Desk(tmp_path, txn=rows)
    desk.declare(materiality="5000.00")
    desk.record(
        "reconciliation",
        [finding(key, "unmatched_row", 80, check="reconciliation") for key in ("out", "in")],
    )
    assert {flag["row_key"]: flag["severity"] for flag in desk.flags()} == {
        "out": "CRITICAL",
        "in": "WARNING",
    }


def test_more_out_of_the_bank_than_was_booked_is_money_that_nothing_explains(tmp_path: Path) -> None:
    """A cheque of 850 that was cleared for 8,500 is graver than one of 8,500 that was cleared for 850."""
    sides = (("more", -850_000), ("less", -85_000))
    rows = [
        {"row_key": key, "source": "bank", "kind": "bank", "amount_minor": amount, "posted_on": "2025-03-14"}
        for key, amount in sides
    ] + [
        {"row_key": f"booked {key}", "source": "ledger", "kind": "ledger", "amount_minor": -935_000 - amount,
         "posted_on": "2025-03-14"}
        for key, amount in sides
    ]  # fmt: skip
    desk = Desk(tmp_path, txn=rows)
    desk.declare(materiality="50000.00")
    broken = [
        {"pair": "p", "side": "left", "row_key": key, "reason": "amount", "nearest_key": f"booked {key}",
         "difference_minor": 765_000}
        for key, _ in sides
    ]  # fmt: skip
    found = [finding(key, "amount_mismatch", 75, check="reconciliation") for key, _ in sides]
    desk.record("reconciliation", found, breaks=broken)
    flags = {flag["row_key"]: flag for flag in desk.flags()}
    assert {key: flag["severity"] for key, flag in flags.items()} == {"more": "WARNING", "less": "INFO"}


def test_a_match_that_differs_says_by_how_much_and_from_what(tmp_path: Path) -> None:
    """Of two rows that were matched all the same: both amounts, and which is more."""
    rows: list[dict[str, Any]] = [
        {"row_key": "a", "source": "bank", "amount_minor": -850_000, "posted_on": "2025-09-22"},
        {"row_key": "b", "source": "ledger", "amount_minor": -85_000, "posted_on": "2025-09-16"},
    ]
    desk = Desk(tmp_path, txn=[{**row, "kind": row["source"]} for row in rows])
    desk.declare(materiality="50000.00")
    match = {"pair": "p", "left_key": "a", "right_key": "b", "kind": "1:1", "difference_minor": -765_000}
    found = [finding("a", "amount_mismatch", 75, check="reconciliation", partner_key="b")]
    desk.record("reconciliation", found, matches=[match])
    (flag,) = desk.flags()
    assert flag["severity"] == "WARNING"
    assert "is 7,650.00 USD more than the ledger line of 850.00 USD" in flag["explanation"]
    (case,) = desk.read("suspects/case.parquet", "case_id")
    assert case["title"].startswith("Amounts differ by 7,650.00 USD: ")
    assert "8,500.00 USD on the bank line and 850.00 USD on the ledger line on 22 Sep" in case["title"]


def test_breaks_of_an_earlier_version_are_read(tmp_path: Path) -> None:
    """A run that was reconciled before a column came goes on: the column is empty."""
    desk = Desk(tmp_path, txn=TWO)
    broken = {"pair": "p", "side": "left", "row_key": "b", "reason": "later_period"}
    finding_of = [finding("b", "unmatched_row", 80, check="reconciliation")]
    desk.record("reconciliation", finding_of, breaks=[broken])
    path = desk.checks["reconciliation"] / "break.parquet"
    before = duckdb.read_parquet(str(path)).project("* EXCLUDE (other_until)").to_arrow_table()
    duckdb.from_arrow(before).write_parquet(str(path))
    desk.gather()
    (suspect,) = desk.read("suspects/suspect.parquet", "row_key")
    assert (suspect["break_reason"], suspect["other_until"]) == ("later_period", None)
