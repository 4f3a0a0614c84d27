"""A case is called by what happened, to whom, when and how much; a crowd is one case."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tools.judgement import case_titles, cases
from tools.judgement.alert_budget import AlertBudget
from tools.judgement.unexplained import lacks
from tools.rules.severity import Suspects

_DAY = (date(2025, 2, 24) - date(1970, 1, 1)).days
_ROW: dict[str, Any] = {
    **dict.fromkeys(cases.COLUMNS),
    "row_key": "bank:1f", "source": "bank", "kind": "bank", "amount_minor": -383_000, "currency": "USD",
    "vendor_name": "Cascade Green", "posted_day": _DAY + 3, "partner_day": _DAY, "score": 85,
    "exposure_base": 383_000,
}  # fmt: skip


@pytest.mark.parametrize(
    ("family", "changes", "expected"),
    [
        ("duplicate", {}, "Paid twice: Cascade Green, 3,830.00 USD on 24 Feb and 27 Feb"),
        ("duplicate", {"kind": "card"}, "Charged twice: Cascade Green, 3,830.00 USD on 24 Feb and 27 Feb"),
        ("duplicate", {"amount_minor": 5}, "Received twice: Cascade Green, 0.05 USD on 24 Feb and 27 Feb"),
        ("duplicate", {"partner_day": _DAY + 3}, "Paid twice: Cascade Green, 3,830.00 USD on 27 Feb"),
        ("break", {}, "Payment of 3,830.00 USD to Cascade Green on 27 Feb is in no book"),
        ("break", {"amount_minor": 500}, "Receipt of 5.00 USD from Cascade Green on 27 Feb is in no book"),
        (
            "break",
            {"vendor_name": None, "description": "WIRE OUT 88120 K HOLDINGS"},
            "Payment of 3,830.00 USD to K HOLDINGS on 27 Feb is in no book",
        ),
        (
            "break",
            {"vendor_name": None, "description": "WIRE VIA: KEY/0410 A/C: BRIGHT PATH LLC REF: ADVICE"},
            "Payment of 3,830.00 USD to BRIGHT PATH LLC on 27 Feb is in no book",
        ),
        (
            "break",
            {"vendor_name": None, "description": "ORIG CO NAME:OAK MEDICAL ORIG ID:961 CO ENTRY DESCR:PAY"},
            "Payment of 3,830.00 USD to OAK MEDICAL on 27 Feb is in no book",
        ),
        (
            "break",
            {"kind": "ledger"},
            "Entry of 3,830.00 USD with Cascade Green on 27 Feb is on no bank statement",
        ),
        (
            "break",
            {"kind": "ledger", "break_reason": "later_period", "other_until": date(2025, 1, 31)},
            "Entry of 3,830.00 USD with Cascade Green on 27 Feb is later than the last bank line, of 31 Jan",
        ),
        (
            "duplicate",
            {"kind": "payment", "paid_once": True},
            "Entered twice, paid once: Cascade Green, 3,830.00 USD on 24 Feb and 27 Feb",
        ),
        ("outlier", {}, "Unusual amount: Cascade Green, 3,830.00 USD on 27 Feb"),
        (
            "wrong_tax",
            {"exposure_minor": 31_200},
            "Tax does not fit: Cascade Green, 312.00 USD of 3,830.00 USD on 27 Feb",
        ),
        (
            "bad_record",
            {"lead_test": "future_date"},
            "Dated in the future: Cascade Green, 3,830.00 USD on 27 Feb 2025",
        ),
    ],
)  # fmt: skip
def test_a_title_says_what_happened(family: str, changes: dict[str, Any], expected: str) -> None:
    """Whom, how much, on which days; which book lacks it."""
    row = _ROW | changes
    title = case_titles.title(
        [row], family=family, name="Cascade Green", total=383_000, currency="USD", kinds={"bank", "ledger"}
    )
    assert title == expected


def test_several_rows_are_counted_and_summed() -> None:
    """Of several rows a title says how many, and what they come to."""
    rows = [_ROW, _ROW | {"row_key": "bank:2f"}]
    title = case_titles.title(rows, family="duplicate", name="Cascade Green", total=766_000, currency="USD")
    assert title == "Paid twice: Cascade Green, 2 bank lines, 7,660.00 USD"


def test_what_was_paid_twice_is_told_apart_from_what_else_is_odd() -> None:
    """Both days and the sum of what stands twice, though another row has as much at risk."""
    first = _ROW | {"family": "bank_change", "row_key": "bank:0f", "posted_day": _DAY}
    rows = [first, _ROW | {"family": "duplicate"}]
    title = case_titles.title(rows, family="duplicate", name="Cascade Green", total=766_000, currency="USD")
    assert title == "Paid twice: Cascade Green, 3,830.00 USD on 24 Feb and 27 Feb, and 1 other row"


def test_the_row_that_was_repeated_is_no_other_one() -> None:
    """Both payments may be odd in themselves: their days are named already."""
    first = _ROW | {"family": "bank_change", "row_key": "bank:0f", "posted_day": _DAY}
    rows = [first, _ROW | {"family": "duplicate", "partner_key": "bank:0f"}]
    title = case_titles.title(rows, family="duplicate", name="Cascade Green", total=766_000, currency="USD")
    assert title == "Paid twice: Cascade Green, 3,830.00 USD on 24 Feb and 27 Feb"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "2 bank lines are in no book: Cascade Green, 7,660.00 USD"),
        (
            {"kind": "ledger", "vendor_name": None, "description": "transfer to savings"},
            "2 ledger lines are on no bank statement: transfer to savings, Cascade Green, 7,660.00 USD",
        ),
        (
            {"kind": "ledger", "break_reason": "later_period", "other_until": date(2025, 1, 31)},
            "2 ledger lines are later than the last bank line, of 31 Jan: Cascade Green, 7,660.00 USD",
        ),
    ],
)
def test_several_rows_say_which_book_lacks_them(changes: dict[str, Any], expected: str) -> None:
    """And what they are for, where they name no vendor."""
    rows = [_ROW | changes, _ROW | changes | {"row_key": "bank:2f"}]
    kinds = {"bank", "ledger"}
    assert expected == case_titles.title(
        rows, family="break", name="Cascade Green", total=766_000, currency="USD", kinds=kinds
    )


def test_what_could_explain_a_row_is_only_missed_where_there_is_such_a_book() -> None:
    """Two banks that are held against each other are no books."""
    assert lacks("bank", {"bank"}) == lacks("ledger", {"ledger"}) == "has no counterpart"


def test_a_test_that_flags_beyond_its_share_has_one_case() -> None:
    """However many vendors it flags; what would calm it is said, and within its share nothing changes."""
    rows = [
        _ROW
        | {"row_key": f"r{n:02}", "family": "outlier", "lead_test": "amount_against_vendor"}
        | {"families": 1 + n % 2, "vendor_key": f"V{n}", "vendor_name": f"V{n}", "exposure_base": n}
        for n in range(60)
    ]
    crowd, _ = cases.group(rows, "USD", limit=50, budget=AlertBudget(Suspects(), {"bank": 1_000}))
    assert [(case["rows"], case["exposure_minor"]) for case in crowd] == [(60, sum(range(60)))]
    assert "60 rows of bank (1,000 in all)" in crowd[0]["calmed_by"]
    assert "tests: {amount_against_vendor: {score: 60}}" in crowd[0]["calmed_by"]
    assert "bears it out: 30 of them" in crowd[0]["calmed_by"]
    apart, _ = cases.group(rows, "USD", limit=50, budget=AlertBudget(Suspects(), {"bank": 10_000}))
    assert len(apart) == len(rows)
    assert {case["calmed_by"] for case in apart} == {None}


def test_a_difference_says_how_much_and_against_what() -> None:
    """Both amounts and the difference, of the pair of rows that are each other's nearest."""
    near = json.dumps({"kind": "ledger", "amount_minor": -133_380, "currency": "USD"})
    row = _ROW | {"amount_minor": -201_780, "difference_minor": -68_400, "nearest_row": near}
    title = case_titles.title(
        [row], family="mismatch", name="Cascade Green", total=68_400, currency="USD", kinds={"bank", "ledger"}
    )
    assert title == (
        "Amounts differ by 684.00 USD: Cascade Green, 2,017.80 USD on the bank line and 1,333.80 USD "
        "on the ledger line on 27 Feb"
    )


def _again(name: str, amount: int, **changes: object) -> dict[str, Any]:
    changed = {"row_key": name, "amount_minor": amount, "exposure_base": -amount, "family": "duplicate"}
    return (
        {**_ROW, "lead_test": "duplicate_outflow", "vendor_name": name, "vendor_key": name}
        | changed
        | changes
    )


def test_a_batch_that_was_sent_twice_is_one_case() -> None:
    """Doubles of several amounts with both days in common are one event, whoever was paid."""
    batch = [_again(f"Vendor {at}", -10_000 - at) for at in range(5)]
    (case,), members = cases.group(batch, "USD", limit=3)
    assert case["title"] == "A batch twice: 5 bank lines of 24 Feb again on 27 Feb, 500.10 USD"
    assert set(members) == {row["row_key"] for row in batch}


@pytest.mark.parametrize("changes", [{"partner_day": _DAY + 3}, {"partner_day": None}, {"amount_minor": -5}])
def test_doubles_that_have_less_in_common_are_cases_of_their_own(changes: dict[str, Any]) -> None:
    """Of one day, without a row beside, or all of one amount: a price, no batch."""
    found, _ = cases.group([_again(f"V{at}", -10_000 - at, **changes) for at in range(4)], "USD", limit=9)
    assert len(found) == 4


def test_a_wage_s_case_names_whom_it_went_to() -> None:
    """Who posted a ghost's wage is not called the ghost; the bank's and the ledger's lines are one case."""
    texts = [("bank", "PAY TOM VILA", None), ("ledger", "Pay Tom Vila", "MLOPEZ")]
    rows = [
        _again(kind, -131_240, kind=kind, description=text, created_by=clerk, vendor_name=None)
        | {"family": "unlisted_wage", "lead_test": "unlisted_wage", "vendor_key": None, "partner_day": None}
        for kind, text, clerk in texts
    ]
    (case,), _ = cases.group(rows, "USD", limit=9)
    assert case["title"].startswith("Wage to somebody who is not employed: PAY TOM VILA, 2 rows")
