"""What a row without its other side is called: money in no book, an entry that no bank line bears out."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

_ELSE: Final = "has no counterpart"
# Of a row's kind: the kinds that could explain it, and what it is when none does.
_LACKS: Final = {
    "bank": ({"ledger", "payment", "invoice", "card", "receipt"}, "is in no book"),
    "ledger": ({"bank"}, "is on no bank statement"),
    "payment": ({"bank", "invoice"}, "is borne out by no other book"),
    "invoice": ({"payment", "bank"}, "has no payment"),
}


def lacks(kind: str, kinds: Collection[str]) -> str:
    """Say what a row lacks. kinds: of the sources that these books have."""
    others, words = _LACKS.get(kind, (set(), _ELSE))
    return words if others & set(kinds) else _ELSE
