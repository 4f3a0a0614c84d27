"""Lines of a bank that a list of payments does not claim to show: no breaks of that pair.

What a ledger is held against already, breaks there alone. Without a ledger, money that comes in is in no list
of payments: how many lines that are is said, and none of them is called missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tools.books.engine import Books
from tools.checks.reconciliation.sides import items
from tools.ledger.sources import Pair, Sources


@dataclass(frozen=True)
class Uncovered:
    """The bank's side of a pair with payments; is_booked: a ledger is held against the bank, too."""

    side: int
    source: str
    is_booked: bool


def uncovered(sources: Sources, pair: Pair) -> Uncovered | None:
    """Say which side of a pair shows more than the other claims to; None where both are whole books."""
    names = (pair.left, pair.right)
    kinds = [sources.sources[name].kind for name in names]
    if sorted(kinds) != ["bank", "payment"]:
        return None
    side = kinds.index("bank")
    return Uncovered(side, names[side], _is_booked(sources, names[side]))


def set_aside(books: Books, pair: Pair, bank: Uncovered) -> list[dict[str, Any]]:
    """Take what the other side does not claim to show out of `missing`; say what nothing else shows.

    Gives pair, source, currency, rows and amount_minor (as the bank signs it).
    """
    lines = [] if bank.is_booked else books.rows(items.text("uncovered"), {"side": bank.side})
    books.execute(items.text("covered"), {"side": bank.side, "is_booked": bank.is_booked})
    return [{"pair": pair.name, "source": bank.source, **row} for row in lines]


def _is_booked(sources: Sources, bank: str) -> bool:
    """Whether a ledger is held against a bank as a whole."""
    kinds = {name: source.kind for name, source in sources.sources.items()}
    return any(
        pair.mode == "full" and bank in names and "ledger" in {kinds[name] for name in names}
        for pair in sources.pairs
        for names in [(pair.left, pair.right)]
    )
