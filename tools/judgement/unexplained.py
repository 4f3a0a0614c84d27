"""What a row without its other side is called: money in no book, an entry that no bank line bears out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
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
_DAY: Final = len("2025-09-30")


def lacking(row: Mapping[str, Any], kinds: Collection[str]) -> str:
    """Say what an open row lacks: where the other book ends before it, that.

    row: kind, break_reason and why_not, as of suspect. kinds: of the sources that these books have.
    """
    if row.get("break_reason") != "later_period" or not row.get("why_not"):
        return lacks(str(row.get("kind")), kinds)
    last = date.fromisoformat(str(row["why_not"])[-_DAY:])
    ends = _ENDS.get(str(row.get("kind")), "row of the other book")
    return f"is later than the last {ends}, of {formatting.short_day(last)}"


def lacks(kind: str, kinds: Collection[str]) -> str:
    """Say what a row lacks. kinds: of the sources that these books have."""
    others, words = _LACKS.get(kind, (set(), _ELSE))
    return words if others & set(kinds) else _ELSE
