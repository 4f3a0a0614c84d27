"""Seeded receipts for the charges of a card book, with their truth: which receipt is for which charge.

A receipt is written days before the charge is posted, under the merchant's whole name; a tip is added on the
slip after it was printed; one charge may have two receipts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from tests.reconciliation.cardbook import CardBook, Row

NEEDED = ("Travel", "Meals")


@dataclass
class ReceiptBook:
    """Charges and receipts. linked: receipts name their charge. tips: meals are charged with a tip."""

    seed: int
    linked: bool = True
    tips: bool = False
    halves: bool = False
    rows: list[Row] = field(default_factory=list)
    pairs: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.chance = Random(1000 + self.seed)
        charges = [row for row in CardBook(self.seed, months=4).rows if row["kind"] == "card"]
        width = self.chance.choice([9, 12, 22])
        for charge in charges:
            charged = charge["amount_minor"]
            if charge["category"] in NEEDED:
                self._receipts(charge)
            name = str(charge["vendor_name"])[:width].strip()
            self.rows.append({**charge, "vendor_name": name, "amount_minor": charged})

    def _receipts(self, charge: Row) -> None:
        amount = charge["amount_minor"]
        if self.tips and charge["category"] == "Meals" and self.chance.random() < 0.7:
            amount = round(amount / (1 + self.chance.choice([0.1, 0.15, 0.18, 0.2])))
        parts = [amount]
        if self.halves and amount > 2000 and self.chance.random() < 0.1:
            first = self.chance.randint(amount // 4, 3 * amount // 4)
            parts = [first, amount - first]
        for nth, part in enumerate(parts):
            self._receipt(charge, nth, part)

    def _receipt(self, charge: Row, nth: int, amount: int) -> None:
        key = f"r{charge['row_key']}{'ab'[nth]}"
        self.pairs.add((charge["row_key"], key))
        self.rows.append(
            {"row_key": key, "txn_id": key, "source": "receipt", "kind": "receipt", "amount_minor": amount,
             "posted_on": charge["posted_on"] - timedelta(days=self.chance.choice([0, 0, 1, 1, 2])),
             "vendor_name": charge["vendor_name"], "person_id": charge["person_id"],
             "linked_id": charge["txn_id"] if self.linked else None}
        )  # fmt: skip

    def lose(self, count: int) -> set[str]:
        """Lose the receipts of so many charges; give the charges."""
        charges = self.chance.sample(sorted({charge for charge, _ in self.pairs}), count)
        lost = {receipt for charge, receipt in self.pairs if charge in charges}
        self.pairs = {pair for pair in self.pairs if pair[1] not in lost}
        self.rows = [row for row in self.rows if row["row_key"] not in lost]
        return set(charges)
