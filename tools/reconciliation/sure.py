"""What equal keys settle by themselves: one text of SQL for each step, set against set.

A key is an amount with something that says whose it is. It settles a match where it stands once on each side
and the dates are within the pair's window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tools.engine import Books
from tools.ledger.sources import Pair
from tools.reconciliation import items

# key columns, same day only, confidence
_STEPS: Final = (
    (("currency", "amount", "mark", "day"), True, 0.998),
    (("currency", "amount", "name", "day"), True, 0.995),
    (("currency", "amount", "mark"), False, 0.99),
    (("currency", "amount", "name"), False, 0.98),
)


_INVOICED: Final = (
    (("currency", "amount", "invoice", "name"), 0.99),
    (("currency", "amount", "invoice"), 0.97),
)
_ANY_DAY: Final = 36_500


def match_invoices(books: Books) -> None:
    """Claim payments that name an invoice of their amount, whenever they were made."""
    for key, confidence in _INVOICED:
        _run(
            books, key, {"pass": "exact", "confidence": confidence, "earliest": -_ANY_DAY, "latest": _ANY_DAY}
        )


def match(books: Books, pair: Pair) -> None:
    """Claim 1:1 matches of equal amount and equal reference or vendor."""
    for key, same_day, confidence in _STEPS:
        values = {
            "pass": "exact" if same_day else "window",
            "confidence": confidence,
            "latest": 0 if same_day else pair.window_days,
            "earliest": 0 if same_day or pair.one_sided else -pair.window_days,
        }
        _run(books, key, values)


def _run(books: Books, key: Sequence[str], values: Mapping[str, Any]) -> None:
    filled = " AND ".join(f"{column} IS NOT NULL" for column in key)
    books.execute(items.text("unique").format(key=", ".join(key), filled=filled), values)
    items.narrow(books)
