"""What a row without its other side is called: money in no book, an entry that no bank line bears out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from tools.core import formatting

_ELSE: Final = "has no counterpart"
# Of a row's kind: the kinds that could explain it, and what it is when none does.
_LACKS: Final = {
    "bank": ({"ledger", "payment", "invoice", "card", "receipt"}, "is in no book"),
    "ledger": ({"bank"}, "is on no bank statement"),
    "payment": ({"bank", "invoice"}, "is borne out by no other book"),
    "invoice": ({"payment", "bank"}, "has no payment"),
}

# Of a row's kind: the rows that the other book ends with.
_ENDS: Final = {"ledger": "bank line", "payment": "bank line", "bank": "entry in the books"}


def lacking(row: Mapping[str, Any], kinds: Collection[str]) -> str:
    """Say what an open row lacks: where the other book ends before it, that.

    row: kind, break_reason and other_until, as of suspect. kinds: of the sources that these books have.
    """
    last = row.get("other_until")
    if row.get("break_reason") != "later_period" or last is None:
        return lacks(str(row.get("kind")), kinds)
    ends = _ENDS.get(str(row.get("kind")), "row of the other book")
    return f"is later than the last {ends}, of {formatting.short_day(last)}"


def lacks(kind: str, kinds: Collection[str]) -> str:
    """Say what a row lacks. kinds: of the sources that these books have."""
    others, words = _LACKS.get(kind, (set(), _ELSE))
    return words if others & set(kinds) else _ELSE
