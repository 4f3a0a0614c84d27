"""An honest book of payments: invoices with lines, rents, placeholders for numbers, reversals."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from typing import Final

from benchmarks.planted import amounts, names
from benchmarks.planted.book import PlantedBook, PlantedRow
from benchmarks.planted.shape import Shape

FIRST: Final = date(2025, 1, 6)
PLACEHOLDERS: Final = ("REDACTED", "n/a", "see attached", "B00001 000", "none", "pending")


class PaymentBook:
    """Makes payments of one shape; each vendor numbers its invoices in its own form."""

    def __init__(self, rng: random.Random, shape: Shape) -> None:
        self.rng, self.shape = rng, shape
        self.vendors = names.vendors(rng, shape.language, max(10, min(400, shape.rows // 15)))
        self.prices = {name: shape.price * 5 * math.exp(rng.gauss(0, 1)) for name in self.vendors}
        self.forms = {
            name: rng.choice(("{:05d}", "INV-{:04d}", "2025/{:03d}", "R{:06d}")) for name in self.vendors
        }
        self.numbers = {name: rng.randrange(1, 9000) for name in self.vendors}
        self.reference = rng.randrange(10_000_000, 30_000_000)

    def number(self, vendor: str) -> str:
        """Give the vendor's next invoice number; it has other customers, too."""
        self.numbers[vendor] += self.rng.randrange(1, 9)
        return self.forms[vendor].format(self.numbers[vendor])

    def row(self, vendor: str, day: date, amount: float, number: str, *, account: str = "") -> PlantedRow:
        """Give one payment of these values."""
        cells = {
            "date": amounts.stamp(self.rng, self.shape, day),
            "merchant": vendor,
            "supplier_id": f"S{self.vendors.index(vendor) + 1:04d}",
            "invoice_no": number,
            "amount": amounts.amount_text(amount, self.shape),
            "cost_centre": account or f"CC-{self.rng.randrange(100, 180)}",
        }
        return PlantedRow(cells)

    def honest(self, n: int) -> list[PlantedRow]:
        """Give about n payments by day; a fifth are lines of invoices, one in thirty has no real number."""
        rows: list[PlantedRow] = []
        while len(rows) < n:
            vendor = self.rng.choice(self.vendors)
            day = FIRST + timedelta(days=self.rng.randrange(340))
            rows += self._paid(vendor, day)
        for vendor in self.vendors[:2]:
            rent = self.prices[vendor]
            rows += [
                self.row(vendor, date(2025, month, 3), rent, self.number(vendor)) for month in range(1, 13)
            ]
        return rows

    def _paid(self, vendor: str, day: date) -> list[PlantedRow]:
        kind = self.rng.random()
        amount = self.prices[vendor] * math.exp(self.rng.gauss(0, 0.6))
        if kind < 0.06:
            return self._lines(vendor, day)
        if kind < 0.09:
            row = self.row(vendor, day, round(amount), self.rng.choice(PLACEHOLDERS))
            return [row, *(self._repeat(row) if self.rng.random() < 0.3 else ())]
        if kind < 0.11:
            return self._returned(vendor, day, amount)
        return [self.row(vendor, day, amount, self.number(vendor))]

    def _lines(self, vendor: str, day: date) -> list[PlantedRow]:
        number, price = self.number(vendor), self.prices[vendor] / 4
        accounts = [f"CC-{place}" for place in self.rng.sample(range(100, 180), 6)]
        lines = self.rng.randrange(2, 6)
        rows = [self.row(vendor, day, price, number, account=accounts[place]) for place in range(lines)]
        if self.rng.random() < 0.6:
            rows.append(self.row(vendor, day, price * 0.8, number, account=accounts[5]))
        for row in rows:
            row.look_alike = "line of one invoice"
        return rows

    def _repeat(self, row: PlantedRow) -> list[PlantedRow]:
        later = self.row(row.cells["merchant"], FIRST, 0, row.cells["invoice_no"])
        later.cells["date"] = amounts.moved(row.cells["date"], self.rng.randrange(21, 60))
        later.cells["amount"], later.look_alike = row.cells["amount"], "placeholder"
        return [later]

    def _returned(self, vendor: str, day: date, amount: float) -> list[PlantedRow]:
        """Give a payment, its reversal, and the payment again: paid once."""
        number = self.number(vendor)
        rows = [self.row(vendor, day + timedelta(days=3 * place), amount, number) for place in range(3)]
        rows[1].cells["amount"] = "-" + rows[1].cells["amount"]
        for row in rows:
            row.look_alike = "paid again after a reversal"
        return rows

    def book(self, rows: list[PlantedRow]) -> PlantedBook:
        """Give the book of these rows by day, each with a reference; equal days keep their order."""
        rows.sort(key=lambda row: row.cells["date"])
        for row in rows:
            self.reference += self.rng.randrange(1, 3) if row.look_alike != "line of one invoice" else 1
            row.cells = {"ref": str(self.reference), **row.cells}
        columns = {
            "posted_on": "date", "amount": "amount", "vendor_name": "merchant", "vendor_id": "supplier_id",
            "reference": "ref", "invoice_no": "invoice_no", "account": "cost_centre",
        }  # fmt: skip
        declared = {"payment": {"kind": "payment", "columns": columns}}
        return PlantedBook(self.shape, {"payment": rows}, declared)
