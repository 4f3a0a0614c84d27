"""Payments without advice that settle no invoice to the cent: taken where one reading explains them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reconciliation.conftest import Reconciled, reconciled

Row = dict[str, Any]
OURS, THEIRS = "Gullfoss Seafood", "Marisol Ceramics"


def bill(number: str, owed: int, *, day: int = 3, customer: str = OURS) -> Row:
    """Make an invoice of March 2025."""
    return {"row_key": number, "txn_id": number, "invoice_no": number, "source": "invoice", "kind": "invoice",
            "posted_on": f"2025-03-{day:02}", "amount_minor": owed, "vendor_name": customer}  # fmt: skip


def paid(amount: int, payer: str = OURS, *, name: str = "P", day: int = 20) -> Row:
    """Make a payment of March 2025."""
    return {"row_key": name, "txn_id": name, "source": "payment", "kind": "payment",
            "posted_on": f"2025-03-{day:02}", "amount_minor": amount, "vendor_name": payer}  # fmt: skip


def applied(*rows: Row, advice: tuple[Row, ...] = ()) -> Reconciled:
    """Apply payments to invoices."""
    return reconciled(
        list(rows), left="payment", right="invoice", remittance=list(advice), as_of="2025-06-30"
    )


def settlements(reconciliation: Reconciled) -> set[tuple[str, str, int, str | None]]:
    """Give payment, invoice, what of it was applied, and how the amounts stand."""
    return {
        (m["left_key"], m["right_key"], m["amount_minor"], m["difference_reason"])
        for m in reconciliation.matches
    }


@pytest.mark.parametrize(
    ("amount", "settled", "reason"),
    [(31_500, 31_500, "partial"), (81_217, 81_217, "short_pay"), (93_141, 90_000, "overpayment")],
)
def test_the_only_open_invoice_takes_a_part_a_deduction_or_too_much(
    amount: int, settled: int, reason: str
) -> None:
    """One invoice of the payer is open: less is a part or a deduction, a little more an overpayment."""
    reconciliation = applied(bill("RE-1", 90_000), bill("RE-9", 64_211, customer=THEIRS), paid(amount))
    assert {("P", "RE-1", settled, reason)} == settlements(reconciliation)


def test_a_whole_share_tells_which_invoice_it_is_of() -> None:
    """Of three invoices that are larger, the payment is 35% to the cent of one."""
    reconciliation = applied(
        bill("RE-1", 412_377), bill("RE-2", 388_460), bill("RE-3", 501_239), paid(135_961)
    )
    assert {("P", "RE-2", 135_961, "partial")} == settlements(reconciliation)


def test_a_sum_that_several_could_be_part_of_stays_open() -> None:
    """Some amount under three larger invoices is nobody's in particular."""
    reconciliation = applied(
        bill("RE-1", 412_377), bill("RE-2", 388_461), bill("RE-3", 401_239), paid(150_007)
    )
    assert set() == settlements(reconciliation)


def test_the_oldest_are_paid_and_a_part_of_the_next() -> None:
    """Two invoices in full and 40% of the third make the sum."""
    reconciliation = applied(
        bill("RE-1", 31_277), bill("RE-2", 48_133, day=5), bill("RE-3", 88_210, day=7), paid(114_694)
    )
    assert {
        ("P", "RE-1", 31_277, ""),
        ("P", "RE-2", 48_133, ""),
        ("P", "RE-3", 35_284, "partial"),
    } == {(*row[:3], row[3] or "") for row in settlements(reconciliation)}


def test_what_was_paid_before_is_not_a_part_of_another() -> None:
    """The same sum from the same payer again is the first invoice paid twice, not a part of the second."""
    reconciliation = applied(
        bill("RE-1", 41_233), bill("RE-2", 90_311), paid(41_233, name="P", day=10), paid(41_233, name="Q")
    )
    assert {("P", "RE-1")} == reconciliation.pairs


def test_a_stranger_and_an_invoice_that_comes_later_are_left_alone() -> None:
    """Nothing is applied to another party's invoice, nor to one that was not written yet."""
    reconciliation = applied(
        bill("RE-1", 90_000, customer=THEIRS), bill("RE-2", 90_000, day=28), paid(81_217)
    )
    assert set() == settlements(reconciliation)


def test_where_payers_say_what_they_pay_silence_is_no_part() -> None:
    """Nine payments name their invoice; a sum without a word is not taken for a part."""
    rows = [bill(f"RE-1{n}", 20_011 + 1_000 * n, customer=f"{THEIRS} {n}") for n in range(9)]
    rows += [paid(20_011 + 1_000 * n, f"{THEIRS} {n}", name=f"Q{n}") for n in range(9)]
    advice = tuple(
        {"remittance_id": f"A{n}", "payment_id": f"Q{n}", "invoice_ref": f"RE-1{n}",
         "amount_minor": 20_011 + 1_000 * n, "currency": "USD", "memo": ""}
        for n in range(9)
    )  # fmt: skip
    reconciliation = applied(*rows, bill("RE-2", 2_900_000), paid(97_907), advice=advice)
    assert {(f"Q{n}", f"RE-1{n}") for n in range(9)} == reconciliation.pairs


def advice_line(reference: str, amount: int | None, at: int = 0) -> Row:
    """Make a line of the advice of P."""
    return {"remittance_id": f"A{at}", "payment_id": "P", "invoice_ref": reference, "amount_minor": amount,
            "currency": "USD", "memo": ""}  # fmt: skip


def test_what_an_advice_leaves_out_goes_to_what_is_open() -> None:
    """The advice names one of two invoices; the rest of the payment is the other one, to the cent."""
    reconciliation = applied(
        bill("RE-1", 90_012), bill("RE-2", 31_277), paid(121_289), advice=(advice_line("RE-1", 90_012),)
    )
    assert {("P", "RE-1", 90_012), ("P", "RE-2", 31_277)} == {row[:3] for row in settlements(reconciliation)}


def test_cents_that_an_advice_rounds_off_pay_nothing() -> None:
    """An advice in whole dollars leaves cents over: they are no invoice's."""
    reconciliation = applied(
        bill("RE-1", 90_043), bill("RE-2", 31_277), paid(90_043), advice=(advice_line("RE-1", 90_000),)
    )
    assert {("P", "RE-1")} == reconciliation.pairs


@pytest.mark.parametrize(("last", "part"), [("RE-2", 31_277), ("RE-2", 20_000), ("order 7731", 31_277)])
def test_lines_without_amounts_pay_what_their_invoices_owe(last: str, part: int) -> None:
    """Two invoices are named and no amounts: the first is paid, the last with what is left."""
    advice = (advice_line("RE-1", None), advice_line(last, None, 1))
    reconciliation = applied(bill("RE-1", 90_012), bill("RE-2", 31_277), paid(90_012 + part), advice=advice)
    assert {("P", "RE-1", 90_012), ("P", "RE-2", part)} == {row[:3] for row in settlements(reconciliation)}


def test_an_invoice_that_was_credited_and_issued_again_is_paid_once() -> None:
    """The credit note takes the first back; it does not where the payment is of both, or another's."""
    rows = [
        bill("RE-1", 14_400),
        bill("RE-1C", -14_400, day=9),
        bill("RE-2", 14_400, day=10),
        {**paid(14_400), "invoice_no": "RE-2"},
    ]
    reconciliation = applied(*rows)
    assert (reconciliation.offsets, reconciliation.breaks) == ({("RE-1", "RE-1C")}, [])
    others = applied(bill("RE-1", 14_400), bill("RE-9C", -14_400, day=9, customer=THEIRS), paid(1))
    assert others.offsets == set()


def test_a_second_invoice_is_open_though_another_one_was_credited() -> None:
    """Entered twice, credited once, paid once: nothing is open; entered three times, one is."""
    twice = [bill("RE-1", 14_400), bill("RE-1A", 14_400, day=4), bill("RE-1C", -14_400, day=9)]
    settled = {**paid(14_400), "invoice_no": "RE-1"}
    assert [b["row_key"] for b in applied(*twice, settled).breaks] == []
    thrice = [*twice, bill("RE-1B", 14_400, day=5)]
    assert len(applied(*thrice, settled).breaks) == 1
