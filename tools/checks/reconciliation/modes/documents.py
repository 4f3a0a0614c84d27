"""Documents: left rows of the listed categories need a right row (a receipt)."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from tools.books.engine import Books
from tools.checks.reconciliation import passes
from tools.checks.reconciliation.batches import one_to_many
from tools.checks.reconciliation.modes import tips
from tools.checks.reconciliation.one_to_one import digit_slips, equal_keys
from tools.checks.reconciliation.sides import items
from tools.ledger.sources import Pair, Sources

_PASSES: Final = (one_to_many.propose, *passes.ONE_TO_ONE, tips.propose)
_TIPS: Final = {"largest": tips.LARGEST, "least": 3, "share": 0.2}  # of a category's documents


def match(books: Books, sources: Sources, pair: Pair) -> None:  # noqa: ARG001 - every mode takes them
    """Claim by what the documents themselves say (linked_id), then by name, amount and date; name tips."""
    if books.has("linked_id"):
        _linked(books, pair)
    items.narrow(books, among="item")
    equal_keys.match(books, pair, among="open")
    passes.match(books, pair, _PASSES)
    books.execute(items.text("tips"), _TIPS)


def _linked(books: Books, pair: Pair) -> None:
    """Claim what names each other: several documents of one row, one of one, then where one is incomplete."""
    sides, tolerance = {"left": pair.left, "right": pair.right}, {"tolerance": pair.tolerance}
    parts = {**tolerance, "largest": tips.LARGEST}
    for step, values in (("in_parts", parts), ("linked", tolerance), ("unreadable", sides)):
        items.narrow(books, among="item")
        books.execute(items.text(step), values)
    _name_swapped_digits(books)


def _name_swapped_digits(books: Books) -> None:
    """Say of documents that name their row where two digits changed places, however small the difference."""
    unequal = books.query(items.text("unequal"))
    amounts = (np.abs(unequal[side].to_numpy()) for side in ("left", "right"))
    swapped = digit_slips.name(*amounts) == "transposed_digits"
    books.connection.register("swapped", unequal.filter(pa.array(swapped)).select(["left_id", "right_id"]))
    books.execute(items.text("swapped"))
    books.connection.unregister("swapped")
