"""What the company's files hold: one dataclass a file, its fields (in order) the file's columns.

Money is integer minor units; a positive card, receipt, invoice or payment costs the company, a positive bank
line brings money in. HIDDEN fields are not written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

from samples.people import Employee
from samples.vendors import Vendor

HIDDEN: Final = {"hidden": True}


@dataclass(eq=False)
class Row:
    """One line of a file. `raw` overrules single cells with text that is not what it should be."""

    raw: dict[str, str] = field(default_factory=dict, kw_only=True, metadata=HIDDEN)


@dataclass(eq=False)
class Charge(Row):
    """A card charge (card_*.csv)."""

    charge_id: str
    charged_on: date
    merchant: str
    category: str
    amount: int
    cardholder: str
    person_id: str
    card_last4: str
    memo: str = ""


@dataclass(eq=False)
class Receipt(Row):
    """A receipt handed in (receipts.csv)."""

    receipt_id: str
    received_on: date
    vendor: str
    category: str
    amount: int
    person_id: str
    charge_id: str = ""
    charge: Charge | None = field(default=None, metadata=HIDDEN)


@dataclass(eq=False)
class Invoice(Row):
    """A vendor's invoice (invoices.csv); a credit memo is negative."""

    document_id: str
    invoice_no: str
    invoice_date: date
    due_date: date
    vendor_id: str
    vendor_name: str
    category: str
    amount: int
    currency: str
    entered_by: str
    description: str = ""
    seller: Vendor | None = field(default=None, metadata=HIDDEN)
    is_paid: bool = field(default=False, metadata=HIDDEN)


@dataclass(eq=False)
class Payment(Row):
    """A payment to a vendor (payments.csv). Several invoices: no invoice_no, and remittance lines."""

    payment_id: str
    paid_on: date
    vendor_id: str
    vendor_name: str
    invoice_no: str
    amount: int
    currency: str
    method: str
    reference: str
    to_account: str
    prepared_by: str
    approved_by: str
    lines: list[tuple[Invoice, int, str]] = field(default_factory=list, metadata=HIDDEN)
    clears_on: date | None = field(default=None, metadata=HIDDEN)
    banked: int | None = field(default=None, metadata=HIDDEN)  # what the bank takes, where that differs
    written: bool = field(default=True, metadata=HIDDEN)  # approved by e-mail when it is large
    voids: Payment | None = field(default=None, metadata=HIDDEN)  # the payment that this one takes back
    ordered_on: date | None = field(default=None, metadata=HIDDEN)  # when a purchase was approved beforehand
    marked: bool = field(default=False, metadata=HIDDEN)  # taken for something planted

    @property
    def seller(self) -> Vendor | None:
        """Give the vendor behind it."""
        return self.lines[0][0].seller if self.lines else None


@dataclass(eq=False)
class Remittance(Row):
    """Which invoice a payment pays, and how much of it (remittance.csv)."""

    remittance_id: str
    payment_id: str
    invoice_ref: str
    amount: int
    currency: str
    memo: str = ""


@dataclass(eq=False)
class BankLine(Row):
    """A line of a bank statement (bank_*.csv)."""

    line_id: str
    value_date: date
    type: str
    description: str
    reference: str
    amount: int
    balance: int = 0


@dataclass(eq=False)
class Posting(Row):
    """A journal line (ledger.csv). `amount` is debit less credit; the file has a column for each."""

    posting_id: str
    journal_id: str
    posted_on: date
    posted_at: datetime
    entered_on: date
    account: str
    party: str
    reference: str
    description: str
    amount: int
    prepared_by: str
    approved_by: str


@dataclass(eq=False)
class Journal:
    """A journal: balanced postings of one day under one number."""

    posted_on: date
    lines: list[tuple[str, int]]
    description: str
    party: str = ""
    reference: str = ""
    prepared_by: str = "E06"
    approved_by: str = "E03"
    entered_on: date | None = None
    at: tuple[int, int] | None = None  # hour and minute
    settles: Payment | None = None
    postings: list[Posting] = field(default_factory=list)


@dataclass(eq=False)
class Mail(Row):
    """A message (emails.csv)."""

    message_id: str
    thread_id: str
    sent_at: datetime
    sender: str
    recipients: str
    subject: str
    body: str


@dataclass(eq=False)
class Meeting(Row):
    """A calendar event (events.csv)."""

    event_id: str
    starts_at: datetime
    ends_at: datetime
    title: str
    person_id: str
    attendees: str
    location: str


@dataclass(eq=False)
class StockLine(Row):
    """A line of the stockroom's count (stock.csv)."""

    item_no: str
    item: str
    category: str
    warehouse: str
    town: str
    state: str
    unit: str
    quantity: str
    unit_cost: int
    stock_value: int
    counted_on: date


@dataclass(eq=False)
class Label:
    """What a row (or a source, by name) is: planted, part of something planted, or honest and only like it.

    Rows of one group are one error: to find any of them is to find it.
    """

    row: object
    expect: Literal["found", "part", "quiet"]
    kind: str
    group: str
    note: str


@dataclass
class Year:
    """Everything that happened, and what we know about it."""

    staff: list[Employee]
    vendors: list[Vendor]
    charges: list[Charge] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    bank: list[BankLine] = field(default_factory=list)
    savings: list[BankLine] = field(default_factory=list)
    journals: list[Journal] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    stock: list[StockLine] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    def wrong(self, rows: object, kind: str, note: str = "", *, also: Iterable[object] = ()) -> None:
        """Label a planted error: its row or rows, and those that a finding may name instead."""
        group = self._next(kind)
        self.labels += [Label(row, "found", kind, group, note) for row in _several(rows)]
        self.labels += [Label(row, "part", kind, group, note) for row in also]

    def honest(self, rows: object, kind: str, note: str = "") -> None:
        """Label a look-alike that nobody should be bothered with."""
        group = self._next(kind)
        self.labels += [Label(row, "quiet", kind, group, note) for row in _several(rows)]

    def _next(self, kind: str) -> str:
        return f"{kind}-{1 + len({label.group for label in self.labels if label.kind == kind})}"

    def vendor(self, name: str) -> Vendor:
        """Give a vendor by the beginning of its name."""
        return next(vendor for vendor in self.vendors if vendor.vendor_name.startswith(name))

    def person(self, person_id: str) -> Employee:
        """Give an employee by number."""
        return next(employee for employee in self.staff if employee.person_id == person_id)


def _several(rows: object) -> list[object]:
    return list(rows) if isinstance(rows, list | tuple) else [rows]
