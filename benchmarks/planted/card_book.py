"""An honest book of card charges: merchants with prices, people with habits, subscriptions, twins."""

from __future__ import annotations

import math
import random
from datetime import date
from typing import Final

from benchmarks.planted import amounts, names
from benchmarks.planted.book import PlantedBook, PlantedRow
from benchmarks.planted.shape import Shape

FIRST: Final = date(2025, 1, 2)
DAYS: Final = 355
_CATEGORIES: Final = ("Travel", "Meals", "Office", "Software", "Fuel", "Training")


class CardBook:
    """Makes rows of one shape; merchants are Zipf, a person's amounts are of one size."""

    def __init__(self, rng: random.Random, shape: Shape) -> None:
        self.rng, self.shape = rng, shape
        n = max(8, min(220, round(math.sqrt(shape.rows) * 1.5)))
        self.merchants = names.vendors(rng, shape.language, n)
        self.people = names.people(rng, shape.language, max(3, min(120, shape.rows // 40)))
        self.prices = {name: shape.price * math.exp(rng.gauss(0, 0.7)) for name in self.merchants}
        self.spread = {name: rng.choice((0.25, 0.4, 0.6)) for name in self.merchants}
        self.size = {name: math.exp(rng.gauss(0, 0.25)) for name in self.people}
        self.category = {name: rng.choice(_CATEGORIES) for name in self.merchants}
        self.weights = [1 / (place + 1) for place in range(n)]
        self.fares = {name: rng.uniform(0.5, 2) * self.prices[name] for name in self.merchants[: n // 6]}

    def charge(self, *, merchant: str = "", person: str = "", day: str = "") -> PlantedRow:
        """Give one honest charge, without an id."""
        rng = self.rng
        merchant = merchant or rng.choices(self.merchants, self.weights)[0]
        person = person or rng.choice(self.people)
        amount = self.prices[merchant] * self.size[person] * math.exp(rng.gauss(0, self.spread[merchant]))
        if merchant in self.fares and rng.random() < 0.4:
            amount = self.fares[merchant]
        return self.row(merchant, person, day or amounts.day(rng, self.shape, FIRST, DAYS), amount)

    def row(self, merchant: str, person: str, day: str, amount: float) -> PlantedRow:
        """Give a charge of these values, in the columns of the shape."""
        cells = {"date": day, "merchant": merchant, "amount": amounts.amount_text(amount, self.shape)}
        if self.shape.categories:
            cells["category"] = self.category.get(merchant, "Office")
        number = f"P{self.people.index(person) + 1:03d}" if person in self.people else "P000"
        if self.shape.persons in ("both", "ids"):
            cells["employee_id"] = number
        if self.shape.persons in ("both", "names"):
            cells["cardholder"] = person
        return PlantedRow(cells)

    def honest(self, n: int) -> list[PlantedRow]:
        """Give n charges by day: subscriptions among them, and one in a hundred a twin, bought at once."""
        rows = [self.charge() for _ in range(max(1, n - 24))]
        for merchant in self.rng.sample(self.merchants, 2):
            person, price = self.rng.choice(self.people), self.prices[merchant]
            for month in range(1, 13):
                day = amounts.stamp(self.rng, self.shape, date(2025, month, 5))
                rows.append(self.row(merchant, person, day, price))
        rows.sort(key=lambda row: row.cells["date"])
        twins = {self.rng.randrange(len(rows)) for _ in range(n // 100)}
        return [again for place, row in enumerate(rows) for again in _bought(row, place in twins)]

    def book(self, rows: list[PlantedRow]) -> PlantedBook:
        """Give the book of these rows, numbered in their order where the shape has ids."""
        if self.shape.ids:
            for number, row in enumerate(rows, start=1):
                row.cells = {"id": f"C{number:06d}", **row.cells}
        columns = {
            "txn_id": "id", "posted_on": "date", "vendor_name": "merchant", "amount": "amount",
            "category": "category", "person_id": "employee_id", "person_name": "cardholder",
        }  # fmt: skip
        read = {name: column for name, column in columns.items() if column in rows[0].cells}
        declared = {"card": {"kind": "card", "columns": read}}
        return PlantedBook(self.shape, {"card": rows}, declared)


def _bought(row: PlantedRow, twice: bool) -> list[PlantedRow]:
    if not twice:
        return [row]
    return [PlantedRow(dict(row.cells), look_alike="twin"), PlantedRow(dict(row.cells), look_alike="twin")]
