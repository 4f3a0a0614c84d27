"""Seeded card books with their truth: charges, and a bank that pays each statement at once.

The closing day, the days to payment, the people, merchants and amounts change with the seed.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

Row = dict[str, Any]

_MERCHANTS = (
    "Anker Stationery,Bellweather Air,Copper Kettle,Dune Hosting,Easel Design,Ferry Lines,Garnet Fuel,"
    "Harbour Inn,Ivory Books,Juniper Taxi,Kiln Coffee,Lantern Cloud"
).split(",")
_CATEGORIES = ("Travel", "Meals", "Software", "Office")


@dataclass
class CardBook:
    """Charges and payments in the making; `days` tells each statement's charges by its payment's key."""

    seed: int
    months: int = 8
    rows: list[Row] = field(default_factory=list)
    statements: dict[str, list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.closing = self.chance.choice([31, 31, 28, 25, 15])
        self.lag = self.chance.choice([0, 1, 5, 12, 20])
        people = ("Ada", "Ben", "Cleo", "Dov")[: self.chance.randint(2, 4)]
        self.cards = {name: f"{self.chance.randrange(10_000):04}" for name in people}
        for nth in range(self.months):
            self._statement(nth)

    def _statement(self, nth: int) -> None:
        until = self._close(nth)
        length = (until - self._close(nth - 1)).days
        charges = [
            self.charge(until - timedelta(days=self.chance.randrange(length)))
            for _ in range(self.chance.randint(12, 30))
        ]
        paid = until + timedelta(days=self.lag)
        key = f"pay{nth}"
        self.statements[key] = charges
        self.rows += [
            *charges,
            {"row_key": key, "txn_id": key, "source": "bank", "kind": "bank", "posted_on": paid,
             "description": "Card payment", "amount_minor": -sum(c["amount_minor"] for c in charges)},
        ]  # fmt: skip

    def _close(self, nth: int) -> date:
        year, month = 2025 + nth // 12, nth % 12 + 1
        return date(year, month, min(self.closing, monthrange(year, month)[1]))

    def charge(self, day: date, merchant: str = "", *, least: int = 500, most: int = 90_000) -> Row:
        """Make a charge of a known merchant, or of the one given."""
        at = self.chance.randrange(len(_MERCHANTS))
        person = self.chance.choice([*self.cards])
        self.number = getattr(self, "number", 0) + 1
        key = f"c{self.number:04}"
        return {
            "row_key": key, "txn_id": key, "source": "card", "kind": "card", "posted_on": day,
            "vendor_name": merchant or _MERCHANTS[at], "category": _CATEGORIES[at % len(_CATEGORIES)],
            "person_id": person, "card_last4": self.cards[person], "line": self.number,
            "amount_minor": self.chance.randint(least, most),
        }  # fmt: skip

    def within(self, key: str) -> date:
        """Give a day of a statement's period."""
        day: date = self.chance.choice(self.statements[key])["posted_on"]
        return day

    def drop(self, *keys: str) -> None:
        """Take rows out of the books."""
        self.rows = [row for row in self.rows if row["row_key"] not in keys]
