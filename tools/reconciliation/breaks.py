"""What did not match: each break with its reason, its nearest candidate, why that was none, and its age."""

from __future__ import annotations

from tools.engine import Books
from tools.ledger.sources import Pair
from tools.reconciliation import items


def record(books: Books, pair: Pair) -> None:
    """Append the pair's matches and breaks to the result tables."""
    values = {
        "pair": pair.name,
        "as_of": books.manifest.as_of,
        "window": pair.window_days,
        "tolerance": pair.tolerance,
    }
    books.execute(items.text("record"), values)
    for side in items.SIDES:
        books.execute(items.text("record_offset").format(side=side), values)
    if pair.mode == "statement":
        books.execute(items.text("break_statement"), values)
        return
    needed, wanted = items.where(pair.required_for, "i")
    for side, other, condition in (("left", "right", needed), ("right", "left", "true")):
        document = pair.mode == "documents" and side == "left"
        sql = items.text("break_row").format(side=side, other=other, condition=condition)
        books.execute(sql, {**values, **wanted, "missing": "missing_receipt" if document else "missing"})
