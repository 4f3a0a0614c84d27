"""The sample company's year: honest books first, then what went wrong in them, then the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from samples import cards, cash, files, journal, letters, payables, planted, receivables, stock
from samples.days import START, YEAR, last_of, works
from samples.model import Remittance, Row, Year
from samples.people import LIMITS, employees
from samples.vendors import vendors

FOLDER: Final = Path(__file__).parent
Lines = list[Mapping[str, Any]]


@dataclass
class Files:
    """Every file's lines by name, and the labels with the places of their rows."""

    lines: dict[str, Lines]
    labels: Lines


def year() -> tuple[Year, dict[str, list[Row]]]:
    """Make the year: what happened, and the rows of each transaction file."""
    books = Year(employees(), vendors())
    planted.prepare(books)
    cards.spend(books)
    payables.bill(books)
    receivables.collect(books)
    stock.count(books)
    planted.in_events(books)
    letters.correspond(books)
    cash.run_costs(books)
    cash.number_payments(books)
    cash.disburse(books)
    planted.in_cash(books)
    journal.close_months(books, cash.rate(START))
    planted.in_journal(books)
    return books, _rows(books)


def build() -> Files:
    """Make every file of the sample."""
    books, rows = year()
    roll = journal.trial_balance([p for j in books.journals for p in j.postings])
    planted.in_files(books, rows, roll)
    lines: dict[str, Lines] = {
        name: [files.posting_cells(row) if name == "ledger.csv" else files.cells(row) for row in listed]
        for name, listed in rows.items()
    }
    lines |= _masters(books)
    lines["trial_balance.csv"] = list(roll)
    labels = files.labels(books.labels, rows)
    return Files(lines, [*labels])


def write(folder: Path = FOLDER) -> None:
    """Write every file of the sample into a folder."""
    sample = build()
    for name, lines in {**sample.lines, "labels.csv": sample.labels}.items():
        files.write(folder / name, lines)


def _rows(books: Year) -> dict[str, list[Row]]:
    books.charges.sort(key=lambda row: (row.charged_on, row.card_last4, row.merchant, row.amount))
    _number(books.charges, "charge_id", "CC-{:06d}")
    for receipt in books.receipts:
        if receipt.charge_id and receipt.charge:
            receipt.charge_id = receipt.charge.charge_id
    books.receipts.sort(key=lambda row: (row.received_on, row.person_id, row.vendor, row.amount))
    _number(books.receipts, "receipt_id", "RC-{:05d}")
    books.invoices.sort(key=lambda row: (row.invoice_date, row.vendor_name, row.invoice_no))
    _number(books.invoices, "document_id", "AP-{:05d}")
    cash.balance(books.bank, cash.OPENING)
    _number(books.bank, "line_id", "BK-{:05d}")
    cash.balance(books.savings, cash.OPENING_SAVINGS)
    _number(books.savings, "line_id", "SV-{:04d}")
    postings = journal.number(books)
    half = [row for row in books.charges if row.charged_on.month <= 6]
    return {
        f"card_{YEAR}_h1.csv": [*half],
        f"card_{YEAR}_h2.csv": [*books.charges[len(half) :]],
        "receipts.csv": [*books.receipts],
        "invoices.csv": [*books.invoices],
        "payments.csv": [*books.payments],
        "remittance.csv": [*_remittance(books)],
        "bank_operating.csv": [*books.bank],
        "bank_savings.csv": [*books.savings],
        "ledger.csv": [*postings],
        "emails.csv": [*books.mails],
        "events.csv": [*books.meetings],
        "stock.csv": [*books.stock],
    }


def _number(rows: list[Any], name: str, form: str) -> None:
    for index, row in enumerate(rows, 1):
        setattr(row, name, form.format(index))


def _remittance(books: Year) -> list[Remittance]:
    lines: list[Remittance] = []
    for payment in books.payments:
        if len(payment.lines) > 1 or any(memo for _, _, memo in payment.lines):
            for item, applied, memo in payment.lines:
                number = f"RM-{len(lines) + 1:05d}"
                lines.append(
                    Remittance(number, payment.payment_id, item.invoice_no, applied, item.currency, memo)
                )
    return lines


def _masters(books: Year) -> dict[str, Lines]:
    days = [
        START.replace(month=month, day=day)
        for month in range(1, 13)
        for day in range(1, 32)
        if _is(month, day)
    ]
    return {
        "vendors.csv": [files.vendor_cells(vendor) for vendor in books.vendors],
        "employees.csv": [files.employee_cells(employee) for employee in books.staff],
        "clients.csv": [
            {"client_id": c.client_id, "client_name": c.client_name} for c in receivables.clients()
        ],
        "authority.csv": [
            {"person_id": person, "limit": limit, "currency": "USD"} for person, limit in LIMITS.items()
        ],
        "fx_rates.csv": [
            {"day": day, "currency": "EUR", "to_currency": "USD", "rate": f"{cash.rate(day):.5f}"}
            for day in days
            if works(day)
        ],
    }


def _is(month: int, day: int) -> bool:
    return day <= last_of(month).day
