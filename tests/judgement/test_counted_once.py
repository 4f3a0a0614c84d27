"""An event's money counts once, in however many books it stands."""

from __future__ import annotations

from typing import Any

from tools.judgement.counted_once import COLUMNS, counted_with, settled


def _row(key: str, exposure: int, **more: object) -> dict[str, Any]:
    money = {"exposure_base": exposure, "amount_minor": exposure}
    identity = {"row_key": key, "source": "s", "kind": "payment", "lead_test": "backdated"}
    return {**dict.fromkeys(COLUMNS), **identity, **money, **more}


def test_a_payment_its_bank_line_and_its_entry_are_one_event() -> None:
    """The greatest of what was matched one against one counts, the rest counts with it."""
    rows = [_row("pay", 100), _row("bank", 100), _row("entry", 120), _row("elsewhere", 100)]
    expected = {"pay": "entry", "bank": "entry"}
    assert expected == counted_with(rows, [("pay", "bank"), ("bank", "entry"), ("elsewhere", "no suspect")])


def test_a_journal_counts_by_its_greater_side() -> None:
    """Debits and credits that one test names are one sum; another test's are their own."""
    legs = [
        _row("d1", 70, kind="ledger", journal_id="J1", amount_minor=70),
        _row("d2", 30, kind="ledger", journal_id="J1", amount_minor=30),
        _row("c1", 100, kind="ledger", journal_id="J1", amount_minor=-100),
        _row("c2", 50, kind="ledger", journal_id="J2", amount_minor=-50),
        _row("c3", 9, kind="ledger", journal_id="J1", amount_minor=-9, lead_test="round_amount"),
    ]
    counted = counted_with(legs, [])
    assert sum(leg["exposure_base"] for leg in legs if leg["row_key"] not in counted) == 100 + 50 + 9


def test_a_flag_that_counts_elsewhere_says_where() -> None:
    """Its exposure is nothing and its severity stands; where the other row is no flag, its money stays."""
    wording = {"explanation": "What.\nObserved.", "severity": "WARNING", "vendor": "Acme", "posted_on": None}
    money = {"amount_minor": -500, "currency": "USD", "exposure_minor": 500, "exposure_base": 500}
    base = {**wording, **money, "kind": "bank", "txn_id": "B1", "line": 3}
    first, second = {**base, "row_key": "a"}, {**base, "row_key": "b", "kind": "payment", "txn_id": "P1"}
    counted = settled([first, second], {"a": None, "b": "a"})
    assert [flag["exposure_base"] for flag in counted] == [500, 0]
    assert [flag["severity"] for flag in counted] == ["WARNING", "WARNING"]
    counted_row = "the bank line of 5.00 USD paid out to Acme without a valid date (B1)"
    assert f"Its money is counted once, with {counted_row}" in counted[1]["explanation"]
    assert settled([second], {"b": "a"}) == [second]


def test_of_rows_that_fit_equally_well_the_surplus_counts() -> None:
    """Three of one sum against two: one is left over, whichever it is; two against two leave one doubt."""
    several = {"break_reason": "ambiguous", "currency": "USD"}
    left = [_row(f"l{n}", 80, **several, nearest_key="r1") for n in range(3)]
    right = [_row(f"r{n}", 80, **several, source="t", nearest_key="l0") for n in (1, 2)]
    other = _row("x", 80, source="t")
    rows = [*left, *right, other]
    counting = {row["row_key"] for row in rows} - counted_with(rows, []).keys()
    assert counting == {"l0", "x"}
    even = [*left[:2], *right]
    assert len(counted_with(even, [])) == 3
