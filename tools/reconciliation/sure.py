"""What equal keys settle by themselves: one text of SQL for each step, set against set.

A key is an amount with something that says whose it is. It settles a match where it stands once on each side
and the dates are within the pair's window; a reference may take longer.
"""

from __future__ import annotations

from typing import Any, Final

from tools.engine import Books
from tools.ledger.sources import Pair
from tools.reconciliation import items

_LATE: Final = 20  # business days that a reference may take to clear
_ANY_DAY: Final = 36_500


def match(books: Books, pair: Pair, *, among: str = "item") -> None:
    """Claim 1:1 matches of equal amount and equal reference or vendor among the rows of a table."""
    window = {"window": pair.window_days}
    late = _within(max(_LATE, pair.window_days), one_sided=pair.one_sided)
    close = _within(pair.window_days, one_sided=pair.one_sided)
    _run(books, "mark", {**window, **late, "same_day": 0.998, "confidence": 0.99}, among=among)
    items.narrow(books, among=among)
    for key, keys in (("name", "name"), ("mark", "mark, day"), ("name", "name, day")):
        values = {**window, **close, "same_day": 0.995, "confidence": 0.98}
        _run(books, key, values, keys=keys)
        items.narrow(books)
    items.widen(books)
    match_marks(books, "mark", pair)


def match_marks(books: Books, key: str, pair: Pair | None = None) -> None:
    """Claim wide rows whose references agree but for punctuation; on any day where no pair sets limits."""
    days = _within(_ANY_DAY, one_sided=False)
    if pair:
        days = _within(max(_LATE, pair.window_days), one_sided=pair.one_sided)
    values = {**days, "window": pair.window_days if pair else 0, "confidence": 0.98}
    books.execute(items.text("marked").format(key=key), values)
    items.narrow(books)


def match_invoices(books: Books) -> None:
    """Claim payments that name an invoice of their amount, whenever they were made."""
    for keys, confidence in (("invoice, name", 0.99), ("invoice", 0.97)):
        values = {**_within(_ANY_DAY, one_sided=False), "window": 0, "same_day": confidence}
        _run(books, "invoice", {**values, "confidence": confidence}, keys=keys)
        items.narrow(books)


def _within(days: int, *, one_sided: bool) -> dict[str, int]:
    return {"earliest": 0 if one_sided else -days, "latest": days}


def _run(books: Books, key: str, values: dict[str, Any], *, keys: str = "", among: str = "open") -> None:
    books.execute(items.text("unique").format(key=key, keys=keys or key, among=among), values)
