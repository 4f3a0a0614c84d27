"""What parties are called: names that the matches of this book tie to a party that is written otherwise."""

from __future__ import annotations

from typing import Any, Final

from tools.engine import Books
from tools.reconciliation import items

_SURE: Final = 0.9  # confidence of a match to learn from
_LONG: Final = 300_000  # matches
_SHARE: Final = 0.9  # of a name's matches that have to be with one party


def learn(books: Books) -> list[dict[str, Any]]:
    """Give said, means (as the party's own book writes it), vendor_id, pair and times, from the matches.

    A long book is not looked through: it has learned them before it was long.
    """
    if books.count("match") > _LONG:
        return []
    return books.rows(items.text("aliases"), {"sure": _SURE, "share": _SHARE})
