"""Receipts that name their charge and have two digits exchanged; beside tips, fees and receipts in parts."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

from benchmarks.planted.book import PlantedBook, PlantedRow
from benchmarks.planted.card_book import CardBook
from benchmarks.planted.shape import Shape


def transposed_receipt(rng: random.Random, shape: Shape) -> PlantedBook:
    """Plant receipts with two neighbouring digits of their amount exchanged."""
    books = CardBook(rng, replace(shape, ids=True, order="days"))
    book = books.book(books.honest(min(shape.rows, 1_500)))
    receipts = []
    planted = set(rng.sample(range(len(book.rows["card"])), max(3, len(book.rows["card"]) // 60)))
    for number, charge in enumerate(book.rows["card"]):
        receipt = PlantedRow({
            "receipt_id": f"R{number:06d}", "date": charge.cells["date"], "vendor": charge.cells["merchant"],
            "amount": charge.cells["amount"], "charge_id": charge.cells["id"],
        })  # fmt: skip
        if number in planted and (swapped := _swapped(rng, charge.cells["amount"])):
            receipt.cells["amount"] = swapped
            charge.event = receipt.event = f"swapped {number}"
        receipts.append(receipt)
    book.rows["receipts"] = receipts
    columns = {"txn_id": "receipt_id", "posted_on": "date", "vendor_name": "vendor", "amount": "amount",
               "linked_id": "charge_id"}  # fmt: skip
    book.declared["receipts"] = {"kind": "receipt", "columns": columns}
    book.pairs = [{"name": "card_to_receipt", "left": "card", "right": "receipts", "mode": "documents"}]
    return book


def _swapped(rng: random.Random, amount: str) -> str:
    """Exchange two different neighbouring digits, "" where there are none; the first stays no zero."""
    places = [
        n for n in range(len(amount) - 1)
        if amount[n : n + 2].isdigit() and amount[n] != amount[n + 1] and not (n == 0 and amount[1] == "0")
    ]  # fmt: skip
    if not places:
        return ""
    place = rng.choice(places)
    swapped = amount[:place] + amount[place + 1] + amount[place] + amount[place + 2 :]
    return swapped if Decimal(swapped) != Decimal(amount) else ""
