"""Payments whose advice is wrong, silent or thin: what else they say decides, and a tie is declared."""

from __future__ import annotations

from typing import Any

from tests.reconciliation.conftest import Reconciled, reconciled

Row = dict[str, Any]
Advised = tuple[str, int, str]


def bill(number: str, day: int, owed: int, customer: str) -> Row:
    """Make an invoice of March 2025."""
    return {"row_key": number, "txn_id": number, "invoice_no": number, "source": "invoice", "kind": "invoice",
            "posted_on": f"2025-03-{day:02}", "amount_minor": owed, "vendor_name": customer}  # fmt: skip


def paid(amount: int, payer: str, *, day: int = 20) -> Row:
    """Make the payment P of March 2025."""
    return {"row_key": "P", "txn_id": "P", "source": "payment", "kind": "payment",
            "posted_on": f"2025-03-{day:02}", "amount_minor": amount, "vendor_name": payer}  # fmt: skip


def applied(rows: list[Row], *advice: Advised) -> Reconciled:
    """Apply the payment P by its advice: reference, minor units, note of each line."""
    lines = [
        {"remittance_id": f"A{at}", "payment_id": "P", "invoice_ref": reference, "amount_minor": part,
         "currency": "USD", "memo": note}
        for at, (reference, part, note) in enumerate(advice)
    ]  # fmt: skip
    return reconciled(rows, left="payment", right="invoice", remittance=lines, as_of="2025-06-30")


def test_a_line_that_pays_its_invoice_tells_whose_the_others_are() -> None:
    """Two branches owe the same; the payer leaves the branch out, but one line names an invoice of one."""
    rows = [
        bill("RE-2001", 3, 81_230, "Ostend Shipyard Branch 2"),
        bill("RE-2002", 4, 45_570, "Ostend Shipyard Branch 3"),
        bill("RE-2003", 4, 45_570, "Ostend Shipyard Branch 2"),
        paid(126_800, "Ostend Shipyard"),
    ]
    reconciliation = applied(rows, ("RE-2001", 81_230, ""), ("order 77310", 45_570, ""))
    assert reconciliation.pairs == {("P", "RE-2001"), ("P", "RE-2003")}


def test_a_payment_settles_all_invoices_that_its_number_lists() -> None:
    """A run writes the numbers of what it pays into one cell; another invoice stays open."""
    rows = [
        bill("36524", 3, 81_230, "Nobel Biocare"),
        bill("36490", 4, 45_570, "Nobel Biocare"),
        bill("36538", 5, 12_911, "Nobel Biocare"),
        bill("36544", 6, 45_570, "Nobel Biocare"),
        {**paid(81_230 + 45_570 + 12_911, "Nobel Biocare", day=31), "invoice_no": "36524, 36490; 36538"},
    ]
    assert applied(rows).pairs == {("P", "36524"), ("P", "36490"), ("P", "36538")}


def test_a_year_of_equal_bills_is_paid_by_a_year_of_equal_debits() -> None:
    """A lease of one sum a month: each debit settles the oldest bill that is left, and all are settled."""
    billed = "01-23 02-26 03-23 04-26 05-28 06-17 07-04 08-20 09-01 10-13 11-20 12-05".split()
    debited = "02-03 03-10 04-04 05-06 06-09 06-30 07-21 09-01 09-17 10-23 12-01 12-17".split()
    bills = [
        {**bill(f"RE-{at}", 3, 148_800, "Sofinco"), "posted_on": f"2025-{day}"}
        for at, day in enumerate(billed)
    ]
    debits = [
        {"row_key": f"P{at}", "txn_id": f"P{at}", "source": "bank", "kind": "bank", "amount_minor": -148_800,
         "posted_on": f"2025-{day}", "description": "PRLV SEPA SOFINCO RUM 36843051"}
        for at, day in enumerate(debited)
    ]  # fmt: skip
    settled = reconciled([*bills, *debits], left="bank", right="invoice", as_of="2025-12-31").pairs
    assert settled == {(f"P{at}", f"RE-{at}") for at in range(12)}


def test_a_part_goes_to_the_only_open_invoice() -> None:
    """The payer calls it a part and cites an order: one invoice is open, the other was paid in full."""
    rows = [
        bill("RE-2001", 3, 90_000, "Gullfoss Seafood"),
        bill("RE-2009", 3, 64_200, "Marisol Ceramics SL"),
        paid(31_500, "Gullfoss Seafood"),
    ]
    reconciliation = applied(rows, ("PO-77310", 31_500, "2nd instalment"))
    assert {(m["left_key"], m["right_key"], m["difference_reason"]) for m in reconciliation.matches} == {
        ("P", "RE-2001", "partial")
    }


def test_a_part_that_several_invoices_could_take_is_declared() -> None:
    """Of two open invoices neither is better: no guess."""
    rows = [
        bill("RE-2001", 3, 90_000, "Gullfoss Seafood"),
        bill("RE-2004", 5, 75_100, "Gullfoss Seafood"),
        paid(31_500, "Gullfoss Seafood"),
    ]
    assert applied(rows, ("PO-77310", 31_500, "2nd instalment")).pairs == set()


def test_an_advance_is_no_part() -> None:
    """Money in advance stays on account, though an invoice is open."""
    rows = [bill("RE-2001", 3, 90_000, "Gullfoss Seafood"), paid(31_500, "Gullfoss Seafood")]
    assert applied(rows, ("PO-77310", 31_500, "advance, part of order")).pairs == set()


def test_an_invoice_not_written_yet_was_not_meant() -> None:
    """Two digits changed places name an invoice of next week; the one meant is owed to the cent."""
    rows = [
        bill("RE-2046", 27, 990_000, "Ingram Bay Resorts Branch 2"),
        bill("RE-2064", 11, 28_800, "Ingram Bay Resorts"),
        paid(28_800, "Ingram Bay Resorts"),
    ]
    assert applied(rows, ("RE-2046", 28_800, "")).pairs == {("P", "RE-2064")}


def test_a_number_outweighs_a_name_that_is_half_like() -> None:
    """The payer writes "Harlow Law" for Harlow Legal Partners and the invoice's number: more than it owes."""
    rows = [
        bill("RE-2001", 3, 85_000, "Harlow Legal Partners 7"),
        bill("RE-2002", 3, 52_000, "Marisol Ceramics SL"),
        paid(92_186, "Harlow Law"),
    ]
    reconciliation = applied(rows, ("RE-2001", 92_186, "on account"))
    assert [(m["right_key"], m["amount_minor"], m["difference_reason"]) for m in reconciliation.matches] == [
        ("RE-2001", 85_000, "overpayment")
    ]
