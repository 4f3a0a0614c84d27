"""Vendors' statements of account over three years beside our payables, seeded, with what is owed planted.

write(folder, seed) -> {(vendor, document): (kind, minor units)}     invoices, payments, statements as CSV

Planted: credits never taken, payments set off against nothing, invoices paid twice, some of them by the
vendor's account alone, too high a price. Look-alikes: credits and payments of the last days, credits that a
payment was net of, credits booked without their number, payments given back or taken back, part payments,
payments that wait for their invoice, credits taken twice and invoices that we lack (neither is ours).
"""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

VENDORS: Final = 40
MONTHS: Final = 36
STATED: Final = date(2025, 12, 31)
PLANTED: Final = ("missed_credit", "unapplied_payment", "paid_twice", "price_difference", "stated_twice")
LOOK_ALIKES: Final = (
    "in_transit", "late_credit", "net_credit", "unnumbered_credit", "refunded", "credit_twice", "unknown",
    "taken_back", "in_parts", "waiting",
)  # fmt: skip
_EVENTS: Final = 5  # months of a vendor in which something happened
Planted = dict[tuple[str, str], tuple[str, int]]
Row = dict[str, Any]


@dataclass
class _Vendor:
    """A vendor with what our books and its statement have."""

    number: int
    invoices: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Its id in our books."""
        return f"V{self.number:03}"

    @property
    def name(self) -> str:
        """Its name, the same in both books."""
        return f"{chr(65 + self.number % 26)}{'aeiou'[self.number % 5]}rnstone Supply {self.number} Ltd"

    def invoice(self, number: str, day: date, amount: int) -> None:
        """Put an invoice or, below 0, a credit note into our books."""
        row = {"id": f"A{self.number}-{len(self.invoices)}", "invoice": number, "day": day, "amount": amount}
        self.invoices.append({"vendor_id": self.id, "vendor": self.name, **row})

    def pay(self, number: str, day: date, amount: int) -> str:
        """Put a payment into our books; give its number."""
        name = f"P{self.number}-{len(self.payments)}"
        row = {"id": name, "invoice": number, "day": day, "amount": amount}
        self.payments.append({"vendor_id": self.id, "vendor": self.name, **row})
        return name

    def line(self, entry: str, document: str, day: date, amount: int, applied: str = "") -> None:
        """Put a line into the vendor's statement."""
        row = {"document": document, "entry": entry, "applied": applied, "day": day, "amount": amount}
        self.lines.append({"vendor_id": self.id, "vendor": self.name, "stated": STATED, **row})


def write(folder: Path, seed: int) -> Planted:
    """Write the three files, and give what is owed to us: by vendor and document."""
    chance, planted = random.Random(seed), Planted()
    vendors = [_Vendor(number) for number in range(VENDORS)]
    for vendor in vendors:
        kinds = chance.sample(PLANTED, 2) + chance.sample(LOOK_ALIKES, 3)
        months = sorted(chance.sample(range(1, MONTHS - 2), _EVENTS))
        at = dict(zip(months, chance.sample(kinds, _EVENTS), strict=True))
        for month in range(MONTHS):
            _month(vendor, month, at.get(month, ""), planted, chance)
    _save(folder / "invoices.csv", [row for vendor in vendors for row in vendor.invoices])
    _save(folder / "payments.csv", [row for vendor in vendors for row in vendor.payments])
    _save(folder / "statements.csv", [row for vendor in vendors for row in vendor.lines])
    return planted


def _month(vendor: _Vendor, month: int, kind: str, planted: Planted, chance: random.Random) -> None:
    """Bill, pay and state one invoice, and let happen what happens in this month."""
    day = date(2023 + month // 12, month % 12 + 1, chance.randrange(1, 28))
    number, amount = f"IN{vendor.number:02}{month:02}7", chance.randrange(5_000, 900_000)
    price = round(amount * 1.08) if kind == "price_difference" else amount
    credit = chance.randrange(3_000, 5_000) + vendor.number
    net = price - credit if kind == "net_credit" else price
    vendor.line("invoice", number, day, amount)
    if kind != "unknown":
        vendor.invoice(number, day, price)
        paid_on = day + timedelta(days=chance.randrange(20, 35))
        if paid_on <= STATED - timedelta(days=15):
            _settle(vendor, kind, (number, paid_on, net))
    if kind == "price_difference":
        planted[vendor.id, number] = (kind, price - amount)
    _happen(vendor, kind, (number, day, amount, credit), planted)


def _settle(vendor: _Vendor, kind: str, facts: tuple[str, date, int]) -> None:
    """Pay an invoice, in parts where those are looked at; the vendor applies it, or has not yet."""
    number, day, net = facts
    parts = (net // 3, net - net // 3) if kind == "in_parts" else (net,)
    for part in parts:
        paid = vendor.pay(number, day, part)
        applied = "" if kind == "waiting" else number
        vendor.line("payment", paid, day + timedelta(days=1), -part, applied)


def _happen(vendor: _Vendor, kind: str, facts: tuple[str, date, int, int], planted: Planted) -> None:
    number, day, amount, credit = facts
    note, later, recent = f"CN{number[2:]}", day + timedelta(days=9), STATED - timedelta(days=3)
    if kind == "missed_credit":
        vendor.line("credit", note, later, -credit)
        planted[vendor.id, note] = (kind, credit)
    elif kind in ("unapplied_payment", "paid_twice", "refunded"):
        size = amount if kind == "paid_twice" else amount - 1_111
        paid = vendor.pay(number if kind == "paid_twice" else "", later, size)
        vendor.line("payment", paid, later + timedelta(days=1), -size)
        if kind == "refunded":
            vendor.line("refund", f"RF{number[2:]}", later + timedelta(days=30), size)
        else:
            planted[vendor.id, paid] = ("unapplied_payment", size)
    elif kind == "in_transit":
        paid = vendor.pay("", recent, credit * 3)
        vendor.line("payment", paid, recent + timedelta(days=1), -credit * 3)
    elif kind == "late_credit":
        vendor.line("credit", note, recent, -credit)
    elif kind == "net_credit":
        vendor.line("credit", note, later, -credit, number)
    elif kind in ("unnumbered_credit", "credit_twice"):
        vendor.line("credit", note, later, -credit)
        for _ in range(2 if kind == "credit_twice" else 1):
            vendor.invoice(note if kind == "credit_twice" else "", later, -credit)
    elif kind in ("stated_twice", "taken_back"):
        _pay_again(vendor, kind, (number, day + timedelta(days=50), amount), planted)


def _pay_again(vendor: _Vendor, kind: str, facts: tuple[str, date, int], planted: Planted) -> None:
    """Pay an invoice once more, which the vendor sets off against it; or take that payment back."""
    number, day, amount = facts
    paid = vendor.pay(number if kind == "taken_back" else "", day, amount)
    vendor.line("payment", paid, day + timedelta(days=1), -amount, number)
    if kind == "taken_back":
        vendor.line("payment", paid, day + timedelta(days=4), amount, number)
    else:
        planted[vendor.id, paid] = ("double_payment", amount)


def _save(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, "amount": f"{row['amount'] / 100:.2f}"} for row in rows)
