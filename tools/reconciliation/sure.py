"""What equal keys settle by themselves: one text of SQL for each step, set against set.

A key is an amount with something that says whose it is. It settles a match where it stands once on each side
and the dates are within the pair's window.
"""

from __future__ import annotations

from typing import Final

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


def match(books: Books, pair: Pair) -> None:
    """Claim 1:1 matches of equal amount and equal reference or vendor."""
    for key, same_day, confidence in _STEPS:
        values = {
            "pass": "exact" if same_day else "window",
            "confidence": confidence,
            "latest": 0 if same_day else pair.window_days,
            "earliest": 0 if same_day or pair.one_sided else -pair.window_days,
        }
        filled = " AND ".join(f"{column} IS NOT NULL" for column in key)
        books.execute(items.text("unique").format(key=", ".join(key), filled=filled), values)
        items.narrow(books)
