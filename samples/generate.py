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
    made = Year(employees(), vendors())
    planted.prepare(made)
    cards.spend(made)
    payables.bill(made)
    receivables.collect(made)
    stock.count(made)
    planted.in_events(made)
    letters.correspond(made)
    cash.run_costs(made)
    cash.number_payments(made)
    cash.disburse(made)
    planted.in_cash(made)
    journal.close_months(made, cash.rate(START))
    planted.in_journal(made)
    return made, _rows(made)


def build() -> Files:
    """Make every file of the sample."""
    made, rows = year()
    roll = journal.trial_balance([p for j in made.journals for p in j.postings])
    planted.in_files(made, rows, roll)
    lines: dict[str, Lines] = {
        name: [files.posting_cells(row) if name == "ledger.csv" else files.cells(row) for row in kept]
        for name, kept in rows.items()
    }
    lines |= _masters(made)
    lines["trial_balance.csv"] = list(roll)
    labels = files.labels(made.labels, rows)
    return Files(lines, [*labels])


def write(folder: Path = FOLDER) -> None:
    """Write every file of the sample into a folder."""
    made = build()
    for name, lines in {**made.lines, "labels.csv": made.labels}.items():
        files.write(folder / name, lines)


def _rows(made: Year) -> dict[str, list[Row]]:
    made.charges.sort(key=lambda row: (row.charged_on, row.card_last4, row.merchant, row.amount))
    _number(made.charges, "charge_id", "CC-{:06d}")
    for receipt in made.receipts:
        if receipt.charge_id and receipt.charge:
            receipt.charge_id = receipt.charge.charge_id
    made.receipts.sort(key=lambda row: (row.received_on, row.person_id, row.vendor, row.amount))
    _number(made.receipts, "receipt_id", "RC-{:05d}")
    made.invoices.sort(key=lambda row: (row.invoice_date, row.vendor_name, row.invoice_no))
    _number(made.invoices, "document_id", "AP-{:05d}")
    cash.balance(made.bank, cash.OPENING)
    _number(made.bank, "line_id", "BK-{:05d}")
    cash.balance(made.savings, cash.OPENING_SAVINGS)
    _number(made.savings, "line_id", "SV-{:04d}")
    postings = journal.number(made)
    half = [row for row in made.charges if row.charged_on.month <= 6]
    return {
        f"card_{YEAR}_h1.csv": [*half],
        f"card_{YEAR}_h2.csv": [*made.charges[len(half) :]],
        "receipts.csv": [*made.receipts],
        "invoices.csv": [*made.invoices],
        "payments.csv": [*made.payments],
        "remittance.csv": [*_remittance(made)],
        "bank_operating.csv": [*made.bank],
        "bank_savings.csv": [*made.savings],
        "ledger.csv": [*postings],
        "emails.csv": [*made.mails],
        "events.csv": [*made.meetings],
        "stock.csv": [*made.stock],
    }


def _number(rows: list[Any], name: str, form: str) -> None:
    for index, row in enumerate(rows, 1):
        setattr(row, name, form.format(index))


def _remittance(made: Year) -> list[Remittance]:
    lines: list[Remittance] = []
    for payment in made.payments:
        if len(payment.lines) > 1 or any(memo for _, _, memo in payment.lines):
            for item, applied, memo in payment.lines:
                number = f"RM-{len(lines) + 1:05d}"
                lines.append(
                    Remittance(number, payment.payment_id, item.invoice_no, applied, item.currency, memo)
                )
    return lines


def _masters(made: Year) -> dict[str, Lines]:
    days = [
        START.replace(month=month, day=day)
        for month in range(1, 13)
        for day in range(1, 32)
        if _is(month, day)
    ]
    return {
        "vendors.csv": [files.vendor_cells(vendor) for vendor in made.vendors],
        "employees.csv": [files.employee_cells(one) for one in made.staff],
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
