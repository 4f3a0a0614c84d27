"""Documents: left rows of the listed categories need a right row (a receipt)."""

from __future__ import annotations

from tools.engine import Books
from tools.ledger.sources import Pair, Sources
from tools.reconciliation import evident, items, sure


def match(books: Books, sources: Sources, pair: Pair) -> None:  # noqa: ARG001 - every mode takes them
    """Claim by what the documents themselves say (linked_id), then as one_to_one."""
    if books.has("linked_id"):
        books.execute(items.text("linked"), {"tolerance": pair.tolerance})
        items.narrow(books, among="item")
        books.execute(items.text("unreadable"), {"left": pair.left, "right": pair.right})
    items.narrow(books, among="item")
    sure.match(books, pair, among="open")
    evident.match(books, pair, evident.ONE_TO_ONE)
