"""A bank held against invoices: instalments, one transfer for many, fees, refunds, what is no invoice's."""

from __future__ import annotations

from typing import Any

from tests.reconciliation.conftest import Reconciled, reconciled

Row = dict[str, Any]


def bill(number: str, owed: int, party: str, *, day: int = 3) -> Row:
    """Make an invoice of February 2025."""
    return {"row_key": number, "txn_id": number, "invoice_no": number, "source": "invoice", "kind": "invoice",
            "posted_on": f"2025-02-{day:02}", "amount_minor": owed, "vendor_name": party,
            "currency": "EUR"}  # fmt: skip


def line(key: str, amount: int, text: str, *, day: int = 20) -> Row:
    """Make a bank's line of February 2025."""
    return {"row_key": key, "txn_id": key, "source": "bank", "kind": "bank", "posted_on": f"2025-02-{day:02}",
            "amount_minor": amount, "description": text, "currency": "EUR"}  # fmt: skip


def bills() -> list[Row]:
    """Make ten invoices of six parties."""
    five = [bill(f"INV-0{n}", 10_000, "Oak Client") for n in range(1, 6)]
    rest = {"INV-10": (90_000, "Birch Design"), "INV-20": (120_000, "Alp Maschinen"),
            "INV-30": (25_000, "Fir Trading"), "INV-40": (33_333, "Elm Group"),
            "INV-41": (7_890, "Ash Partners")}  # fmt: skip
    return [*five, *(bill(number, *entry) for number, entry in rest.items())]


def transfers(sign: int) -> list[Row]:
    """Make what a bank shows of them, and a rent and a wage that are no invoice's."""
    texts = [
        ("TR1", 50_000, "OAK CLIENT INV-01 INV-02 INV-03 INV-04 INV-05"),
        ("TR2", 40_000, "BIRCH DESIGN INV-10 PART 1"),
        ("TR3", 50_000, "BIRCH DESIGN INV-10 PART 2"), ("TR4", 118_500, "ALP MASCHINEN INV-20"),
        ("TR5", 33_333, "ELM GROUP INV-40"), ("TR6", 7_890, "ASH PARTNERS INV-41"),
        ("TR7", -7_890, "ASH PARTNERS REFUND INV-41"), ("RENT", 80_000, "Harbour Estates office 12"),
        ("WAGE", 210_000, "SALARY 02/2025"),
    ]  # fmt: skip
    return [line(key, sign * cents, text, day=10 + at) for at, (key, cents, text) in enumerate(texts)]


def reasons(books: Reconciled) -> dict[tuple[str, str], str]:
    """Give why the amounts of each match differ, by invoice and line."""
    return {(row["left_key"], row["right_key"]): row["difference_reason"] or "" for row in books.matches}


def test_only_the_invoice_that_nobody_paid_is_open() -> None:
    """One transfer for five, instalments, one short by a fee, a refund: each is settled; rent is nobody's."""
    books = reconciled([*bills(), *transfers(-1)], left="invoice", right="bank", as_of="2025-05-31")
    expected = {
        **{(f"INV-0{n}", "TR1"): "" for n in range(1, 6)},
        ("INV-10", "TR2"): "partial", ("INV-10", "TR3"): "", ("INV-20", "TR4"): "fee",
        ("INV-40", "TR5"): "", ("INV-41", "TR6"): "", ("INV-41", "TR7"): "refund",
    }  # fmt: skip
    assert (reasons(books), books.reasons) == (expected, {"INV-30": "unpaid"})


def test_money_that_comes_in_settles_invoices_alike_whichever_side_stands_first() -> None:
    """Customers' invoices: the same with the other sign, and with the bank as the left side."""
    sales = reconciled(
        [*bills(), *transfers(1)], left="invoice", right="bank", sign="same", as_of="2025-05-31"
    )
    turned = reconciled([*bills(), *transfers(-1)], left="bank", right="invoice", as_of="2025-05-31")
    assert reasons(sales) == {(right, left): why for (left, right), why in reasons(turned).items()}
    assert len(sales.pairs) == 11


def test_numbers_are_read_as_banks_write_them() -> None:
    """Another punctuation, words around the number, no party at all."""
    rows = [
        bill("RE 2025/0117", 45_000, "Kontor Nord GmbH"),
        bill("RE 2025/0118", 45_000, "Kontor Nord GmbH"),
    ]
    paid = [
        line("A", -45_000, "SEPA-UEBERWEISUNG RE2025-0118 DANKE"),
        line("B", -45_000, "Rechnung RE-2025-0117"),
    ]
    books = reconciled([*rows, *paid], left="invoice", right="bank", as_of="2025-05-31")
    assert books.pairs == {("RE 2025/0118", "A"), ("RE 2025/0117", "B")}


def test_a_line_that_names_a_party_without_an_open_invoice_is_asked_about() -> None:
    """A second payment of a settled invoice stays open on the bank's side; a stranger's does not."""
    paid = [line("A", -33_333, "ELM GROUP INV-40"), line("B", -33_333, "ELM GROUP INV-40", day=24),
            line("C", -4_200, "Kiosk")]  # fmt: skip
    books = reconciled(
        [bill("INV-40", 33_333, "Elm Group"), *paid], left="invoice", right="bank", as_of="2025-05-31"
    )
    assert books.pairs == {("INV-40", "A")}
    assert set(books.reasons) == {"B"}
