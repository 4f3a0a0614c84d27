"""Errors planted in books of payments, each kind beside what looks like it and is honest."""

from __future__ import annotations

import random
from dataclasses import replace

from benchmarks.planted import amounts
from benchmarks.planted.book import PlantedBook, PlantedRow
from benchmarks.planted.payment_book import PLACEHOLDERS, PaymentBook
from benchmarks.planted.shape import Shape


def invoice_lines(rng: random.Random, shape: Shape) -> PlantedBook:
    """Plant nothing: lines of invoices, placeholders for numbers, rents, payments after a reversal."""
    books = PaymentBook(rng, shape)
    return books.book(books.honest(shape.rows))


def paid_twice(rng: random.Random, shape: Shape) -> PlantedBook:
    """Plant invoices that were paid again days later, one number in three written otherwise."""
    books = PaymentBook(rng, shape)
    rows = books.honest(shape.rows)
    plain = [
        row
        for row in rows
        if not row.look_alike
        and row.cells["invoice_no"] not in PLACEHOLDERS
        and row.cells["date"] < "2025-11"
        and row.cells["merchant"] not in books.vendors[:2]
    ]
    for number, row in enumerate(rng.sample(plain, max(3, shape.rows // 150))):
        row.event = f"paid twice {number}"
        cells = {**row.cells, "date": amounts.moved(row.cells["date"], rng.randrange(4, 45))}
        if rng.random() < 0.33:
            cells["invoice_no"] = _otherwise(rng, cells["invoice_no"])
        rows.append(PlantedRow(cells, event=row.event))
    return books.book(rows)


def paid_twice_by_bank(rng: random.Random, shape: Shape) -> PlantedBook:
    """Plant the same where there is a bank feed alone: the payee and the number stand in its text.

    Lines of one invoice are not in it: a bank pays their sum.
    """
    book = paid_twice(rng, replace(shape, order="days"))
    entries = [row for row in book.rows["payment"] if row.look_alike != "line of one invoice"]
    lines = [replace(row, cells=_bank_line(row)) for row in entries]
    columns = {"txn_id": "bank_id", "posted_on": "date", "description": "text", "amount": "amount"}
    declared = {"bank": {"kind": "bank", "columns": columns}}
    return PlantedBook(book.shape, {"bank": lines}, declared)


def _bank_line(row: PlantedRow) -> dict[str, str]:
    cells = row.cells
    amount = cells["amount"][1:] if cells["amount"].startswith("-") else f"-{cells['amount']}"
    text = f"PAYMENT {cells['merchant'].upper()} {cells['invoice_no']}"
    return {"bank_id": f"B{cells['ref']}", "date": cells["date"], "text": text, "amount": amount}


def _otherwise(rng: random.Random, number: str) -> str:
    return rng.choice((number.lower(), number.replace("-", " "), f"{number}.", number.replace("/", "-")))
