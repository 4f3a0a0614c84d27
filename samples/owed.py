"""What recovery reads beside the books: contacts, receivables, statements, bills, January's bank, answers.

Planted: a credit that was never taken, an invoice paid above its amount, one that its vendor has as paid
twice, invoices past due, money that comes back in whole and in part; and what only looks like it: a credit
that a payment was net of, one too recent to be booked, a payment that is not applied to its invoice yet, an
invoice not due yet, one that is disputed, a customer's payment of the same amount as a claim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from samples import files, utility
from samples.answers import mailbox
from samples.model import Invoice, Payment, Year
from samples.receivables import clients

STATED: Final = date(2025, 12, 31)
# What the vendors' statements have planted: the document, the kind of claim, the amount in minor units.
STATED_PLANTED: Final = {
    "CN-7741": ("missed_credit", 41_260),
    "MC-31254": ("price_difference", 4_850),
    "ACH-60218": ("double_payment", 501_773),  # only the vendor has it: on hold
}
_PEOPLE: Final = "Ada Finch,Bo Larsen,Cleo Marsh,Dev Nair,Edda Roth,Finn Okafor,Gus Aldous,Hana Sato".split(
    ","
)
Lines = Sequence[Mapping[str, Any]]


def write(year: Year, folder: Path) -> None:
    """Write every file into a folder; the sources files there are written by hand."""
    folder.mkdir(exist_ok=True)
    for name, lines in tables(year).items():
        files.write(folder / name, lines)
    (folder / "replies.mbox").write_bytes(mailbox(year))


def tables(year: Year) -> dict[str, Lines]:
    """Make every table: file name -> rows."""
    return {
        "contacts.csv": _contacts(year),
        "receivables.csv": _receivables(),
        "statements.csv": _statements(year),
        "bank_january.csv": _january(year),
        "utility_bills.csv": utility.bills(),
    }


def address_of(name: str) -> str:
    """Give the address of a company's accounts department."""
    word = "".join(c for c in name.split(maxsplit=1)[0].lower() if c.isalnum())
    return f"accounts@{word}.example"


def twice(year: Year, name: str) -> Payment:
    """Give the payment to a vendor that was one too many."""
    kinds = ("paid_twice", "invoice_number_varied", "other_vendor_same_invoice")
    extra = [label.row for label in year.labels if label.expect == "found" and label.kind in kinds]
    paid = [row for row in extra if isinstance(row, Payment) and row.vendor_name.startswith(name)]
    return max(paid, key=lambda row: row.amount)


def _contacts(year: Year) -> Lines:
    vendors = [
        (vendor.vendor_id, vendor.vendor_name, address_of(vendor.vendor_name), "receivable")
        for vendor in year.vendors
    ]
    customers = [
        (client.client_id, client.client_name, address_of(client.client_name), "payable")
        for client in clients()
    ]
    return [
        {
            "party_id": number,
            "name": name,
            "contact": _PEOPLE[i % len(_PEOPLE)],
            "position": f"Accounts {side}",
            "email": address,
            "phone": f"+1 207 555 01{i % 100:02d}",
            "city": "Port Alder",
            "state": "ME",
            "country": "US",
            "timezone": "America/New_York",
            "language": "en",
        }
        for i, (number, name, address, side) in enumerate([*vendors, *customers])
    ]


def _receivables() -> Lines:
    book = {client.client_id: client.client_name for client in clients()}
    rows = (
        ("SI-4290", "C02", 1_248_000, date(2025, 10, 20), date(2025, 11, 19), 0, None, ""),
        ("SI-4301", "C02", 396_250, date(2025, 11, 10), date(2025, 12, 10), 150_000, None, ""),
        ("SI-4306", "C03", 284_000, date(2025, 11, 14), date(2025, 12, 14), 0, None, "yes"),
        ("SI-4310", "C04", 517_800, date(2025, 12, 18), date(2026, 1, 17), 0, None, ""),
        ("SI-4288", "C01", 902_400, date(2025, 10, 16), date(2025, 11, 15), 902_400, date(2025, 11, 28), ""),
    )
    names = "invoice customer_id amount invoiced_on due_on paid settled_on disputed".split()
    lines = [dict(zip(names, row, strict=True)) for row in rows]
    return [{**row, "paid": _text(row["paid"]), "customer": book[str(row["customer_id"])]} for row in lines]


def _text(minor: object) -> str:
    return files.text("amount", minor)


def _statements(year: Year) -> Lines:
    cedar = _lines_of(year, "Cedarline Sawmill", 3)
    marlin = _lines_of(year, "Marlin Coatings", 3)
    lacquer = _lines_of(year, "Lacquer House", 2)
    first = next(row for row in marlin if row["entry"] == "invoice")
    first["amount"] -= 4_850
    cedar.append(_line(cedar[0], "CN-7741", "credit", -41_260, date(2025, 10, 14)))
    cedar.append({**cedar[3], "document": "ACH-60218", "dated_on": date(2025, 10, 21)})
    lacquer.append(_line(lacquer[0], "CN-2210", "credit", -18_300, STATED - timedelta(days=3)))
    lacquer[3] = {**lacquer[3], "applied_to": ""}  # not applied yet, and its invoice is open: nothing is owed
    return [*cedar, *marlin, *lacquer]


def _lines_of(year: Year, name: str, most: int) -> list[dict[str, Any]]:
    """Give a vendor's own account of some clean invoices of the last quarter, each paid."""
    paid = [p for p in year.payments if p.vendor_name.startswith(name) and not p.marked and len(p.lines) == 1]
    honest = [
        p
        for p in paid
        if p.lines[0][0].amount == p.amount and p.paid_on.month in (8, 9, 10, 11) and p.invoice_no
    ]
    lines: list[dict[str, Any]] = []
    for payment in honest[:most]:
        billed: Invoice = payment.lines[0][0]
        base = {"vendor_id": billed.vendor_id, "vendor": billed.vendor_name, "stated_on": STATED}
        lines.append(
            {
                **base, "document": billed.invoice_no, "entry": "invoice", "applied_to": "",
                "dated_on": billed.invoice_date, "amount": billed.amount, "currency": billed.currency,
            }
        )  # fmt: skip
        lines.append(
            {
                **base, "document": payment.reference, "entry": "payment", "applied_to": billed.invoice_no,
                "dated_on": payment.paid_on, "amount": -payment.amount, "currency": billed.currency,
            }
        )  # fmt: skip
    return lines


def _line(like: Mapping[str, Any], document: str, entry: str, amount: int, on: date) -> dict[str, Any]:
    changed = {
        "document": document,
        "entry": entry,
        "applied_to": "",
        "dated_on": on,
        "amount": _text(amount),
    }
    return {**like, **changed}


def _january(year: Year) -> Lines:
    norrland, vantage = twice(year, "Norrland"), twice(year, "Vantage")
    saltmarsh = twice(year, "Saltmarsh")
    half = vantage.amount // 2
    rows = (
        (2, "Customer receipt", "ACH CREDIT BLUESTEM DENTAL PARTNE", "SI-4315", saltmarsh.amount),
        (6, "Check", "CHECK 10531", "10531", -188_420),
        (9, "Wire credit", "WIRE IN NORRLAND TIMBER IMPO RETURN NT-01785", "W8834", norrland.amount),
        (14, "Customer receipt", "ACH CREDIT VANTAGE MACHINE LEASI VM-31679 PART", "W8840", half),
        (20, "Customer receipt", "ACH CREDIT ORCHARD HILL CLINIC", "SI-4318", 1_120_400),
        (22, "Wire credit", "WIRE IN BELLHAVEN HOTEL GROUP SI-4290", "W8851", 1_248_000),
    )
    balance = 37_904_450
    lines = []
    for number, (day, kind, text, reference, amount) in enumerate(rows, 1):
        balance += amount
        lines.append(
            {
                "line_id": f"BJ-{number:04d}", "value_date": date(2026, 1, day), "type": kind,
                "description": text, "reference": reference, "amount": amount, "balance": balance,
            }
        )  # fmt: skip
    return lines
