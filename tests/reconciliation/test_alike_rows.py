"""Rows alike: whole totals of a day, twins on both sides, doubles that the other book has once."""

from __future__ import annotations

from datetime import date, timedelta
from math import exp

import pytest

from tests.reconciliation.conftest import Reconciled, reconciled
from tests.reconciliation.test_kinds import PARTIES, Row, bank, booked, ordinary

STAFF = (
    "K HUGHES",
    "P HUGHES",
    "S MALIK",
    "D BROWN",
    "T EVANS",
    "C NOLAN",
    "A FERREIRA",
    "M COLES",
    "N DAVEY",
)


def wages(day: int, *, short: int = 0) -> list[Row]:
    """Pay nine people on one day, two of them alike, against one entry; short: what the entry lacks."""
    amounts = [-(176_655 + 11_117 * max(0, at - 1)) for at in range(len(STAFF))]
    lines = [bank(f"w{at}", day, amounts[at], f"{name} WAGES BBP") for at, name in enumerate(STAFF)]
    return [*ordinary(), *lines, booked("net", day, sum(amounts) + short, "Net wages", reference="JNL03")]


def open_keys(reconciliation: Reconciled) -> set[str]:
    """Give the rows that broke."""
    return {row["row_key"] for row in reconciliation.breaks}


def test_a_day_s_lines_of_one_word_are_matched_with_the_entry_of_their_sum() -> None:
    """Nine lines that share a word are one entry, however many ways there are to choose among them."""
    reconciliation = reconciled(wages(24))
    assert {m["left_key"] for m in reconciliation.matches if m["right_key"] == "net"} == {
        f"w{at}" for at in range(len(STAFF))
    }
    assert not open_keys(reconciliation)
    weighed = [e for e in reconciliation.evidence if e["right_key"] == "net"]
    assert len(weighed) == len(STAFF)
    odds = weighed[0]["amount"] + weighed[0]["rivals"]
    confidences = [m["confidence"] for m in reconciliation.matches if m["right_key"] == "net"]
    assert confidences == pytest.approx([1 / (1 + exp(-odds))] * len(STAFF))


def test_a_day_s_lines_but_one_are_matched_with_the_entry_of_their_sum() -> None:
    """A tenth wage that nobody booked, or a line that stands twice, stays open by itself."""
    ghost = bank("ghost", 24, -164_410, "Q NOBODY WAGES BBP")
    assert open_keys(reconciled([*wages(24), ghost])) == {"ghost"}
    lines = wages(24)
    copies = [
        {**row, "row_key": f"{row['row_key']}-2", "txn_id": f"{row['row_key']}-2"} for row in lines[-4:-1]
    ]
    again = open_keys(reconciled([*lines, *copies]))
    assert len(again) == len(copies)
    assert {key.removesuffix("-2") for key in again} == {row["row_key"] for row in lines[-4:-1]}


def test_a_wage_that_could_be_any_of_two_leaves_the_run_open() -> None:
    """Of two extra lines of one amount and two names nobody knows which was booked: none is claimed."""
    twins = [bank(f"t{at}", 24, -187_772, f"{name} WAGES BBP") for at, name in enumerate(("A ONE", "B TWO"))]
    assert {"net"} <= open_keys(reconciled([*wages(24), *twins]))


def test_a_total_that_is_off_is_no_match() -> None:
    """An entry that is a few units off its lines stays open, and so do they."""
    assert {"net", "w0", "w8"} <= open_keys(reconciled(wages(24, short=-301)))


def test_as_many_twins_on_both_sides_are_none_of_them_missing() -> None:
    """Two charges of a day that agree in everything, beside a third, find their entries."""
    rows = [bank(f"p{at}", day, -1200, "NCP CAR PARK BCC") for at, day in enumerate((14, 14, 18))]
    rows += [booked(f"e{at}", day, -1200, "Ncp Car Park") for at, day in enumerate((14, 14, 18))]
    assert not open_keys(reconciled([*ordinary(), *rows]))


def test_of_twins_without_a_partner_one_is_open() -> None:
    """Of two equal entries for one line of the bank the second is open, and the line is not."""
    rows = [bank("p", 14, -1200, "NCP CAR PARK BCC")]
    rows += [booked(name, 14, -1200, "Ncp Car Park") for name in ("e1", "e2")]
    reconciliation = reconciled([*ordinary(), *rows])
    assert len(open_keys(reconciliation)) == 1
    assert "p" not in open_keys(reconciliation)


def test_a_line_that_stands_twice_where_the_book_has_it_once_is_a_duplicate() -> None:
    """A party that the text names was paid twice; what it gets each week is no copy."""
    paid = [bank("b1", 6, -103_625, "POLYPIPE CIVILS BBP"), bank("b2", 12, -103_625, "POLYPIPE CIVILS BBP")]
    entry = booked("l1", 5, -103_625, "Polypipe Civils Ltd")
    breaks = reconciled([*ordinary(), *paid, entry]).breaks
    assert [(b["row_key"], b["reason"]) for b in breaks] == [("b2", "duplicate")]
    weekly = [bank(f"m{at}", 3 + 7 * at, -103_625, "POLYPIPE CIVILS BBP") for at in range(4)]
    entries = [booked(f"k{at}", 2 + 7 * at, -103_625, "Polypipe Civils Ltd") for at in (0, 2, 3)]
    breaks = reconciled([*ordinary(), *weekly, *entries]).breaks
    assert [b["reason"] for b in breaks if b["side"] == "left"] == ["missing"]


def test_a_payment_that_came_back_is_no_entry_of_the_wrong_sign() -> None:
    """Paid twice and once returned: the first line is the entry's, the other two take each other back."""
    lines = [
        bank("b1", 13, -120_512, "SZYMANSKI TILING RUN BBP"),
        bank("b2", 16, -120_512, "SZYMANSKI TILING RUN BBP"),
        bank("b3", 17, 120_512, "SZYMANSKI TILING RETURNED BGC"),
    ]
    reconciliation = reconciled([*ordinary(), *lines, booked("l1", 13, -120_512, "P Szymanski Tiling")])
    assert not open_keys(reconciliation)
    assert {m["left_key"] for m in reconciliation.matches if m["right_key"] == "l1"} == {"b1"}


def test_a_transfer_that_came_back_and_went_out_again_is_paid_once() -> None:
    """Against a list of payments, too; what came in from somebody else takes nothing back."""
    ordinary_payments = [
        {**each, "source": "payment", "kind": "payment", "amount_minor": -each["amount_minor"]}
        if each["source"] == "ledger"
        else each
        for each in ordinary()
    ]
    payment = {**booked("l1", 13, 120_512, "Szymanski Tiling"), "source": "payment", "kind": "payment"}
    paid_lines = [*ordinary_payments, payment]
    paid_to = {"vendor_name": "Szymanski Tiling"}
    out = [bank(name, day, -120_512, "SZYMANSKI", **paid_to) for name, day in (("b1", 13), ("b3", 18))]
    back = bank("b2", 16, 120_512, "RETURNED SZYMANSKI", **paid_to)
    assert not open_keys(
        reconciled([*paid_lines, *out, back], left="payment", right="bank", mode="one_to_one")
    )
    customer = bank("b2", 16, 120_512, "CUSTOMER RECEIPT", vendor_name="Delmar Labs")
    others = reconciled([*paid_lines, *out, customer], left="payment", right="bank", mode="one_to_one")
    assert open_keys(others) >= {"b3"}


def later(made: Row, days: int) -> Row:
    """Move a row of 1 March to so many days later."""
    return made | {"posted_on": (date(2025, 3, 1) + timedelta(days=days)).isoformat()}


def both(name: str, days: int, amount: int, party: str) -> list[Row]:
    """Pay a party in both books."""
    rows = (bank(f"b{name}", 1, amount, f"ACH {party.upper()}"), booked(f"l{name}", 1, amount, party))
    return [later(made, days) for made in rows]


def payroll(staff: int, paydays: int) -> list[Row]:
    """Pay staff of one grade by name each fortnight, beside other payments, hardly any of which ends in 0."""
    names = [f"{STAFF[at % 9].split()[1]} {'ABCDEFGH'[at // 9]}lexis" for at in range(staff)]
    wages = [
        both(f"w{payday}.{at}", 14 * payday, -112_050, name)
        for payday in range(paydays)
        for at, name in enumerate(names)
    ]
    others = [both(f"o{at}", at, -(31_013 + 1_117 * at), f"{PARTIES[at % 7]} {at}") for at in range(120)]
    return [made for pair in (*wages, *others) for made in pair]


def test_wages_of_one_grade_leave_the_rest_of_the_book_as_it_is() -> None:
    """However many people have one sum each fortnight, each is matched; so is another sum that ends in 0."""
    reconciliation = reconciled([*payroll(30, 8), *both("single", 40, -941_870, "Kestrel Optik")])
    names = ["single", *(f"w{payday}.{at}" for payday in range(8) for at in range(30))]
    assert {(f"b{name}", f"l{name}") for name in names} <= reconciliation.pairs
    assert not open_keys(reconciliation)
