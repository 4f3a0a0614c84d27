"""One left row against one right row, from sure to unsure, each row claimed once."""

from __future__ import annotations

from typing import Final

from tools.engine import Books
from tools.reconciliation import items
from tools.reconciliation.declared import Pair

# text, key columns, same day only, confidence
_STEPS: Final = (
    ("unique", ("currency", "amount", "mark", "day"), True, 0.995),
    ("unique", ("currency", "amount", "name", "day"), True, 0.99),
    ("unique", ("currency", "amount", "mark"), False, 0.98),
    ("unique", ("currency", "amount", "name"), False, 0.97),
    ("unique", ("currency", "amount", "day"), True, 0.9),
    ("unique", ("currency", "amount"), False, 0.85),
    ("nearest", ("currency", "amount", "name"), False, 0.85),
    ("nearest", ("currency", "amount"), False, 0.7),
)


def match(books: Books, pair: Pair) -> None:
    """Claim 1:1 matches of equal amount within the pair's window."""
    for step, key, same_day, confidence in _STEPS:
        values = {
            "pass": "exact" if same_day else "window",
            "confidence": confidence,
            "window": 0 if same_day else pair.window_days,
        }
        filled = " AND ".join(f"{column} IS NOT NULL" for column in key)
        books.execute(items.text(step).format(key=", ".join(key), filled=filled), values)
        items.narrow(books)
