"""The two sides of a pair as item tables, what is still open of them, and what has been claimed.

Items are addressed by their rowid in `item_left` and `item_right`: integers join faster than keys.
Amounts are turned so that a left row and its right row carry the same sign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any, Final

from tools.engine import Books, quoted
from tools.ledger.sources import Pair, Sources
from tools.reconciliation.claims import CLAIM, KIN

SIDES: Final = ("left", "right")
_SCOPES: Final = ("window", "open", "history")  # a partner may be audited already; only breaks are new


def load(books: Books, sources: Sources, pair: Pair) -> None:
    """Fill item_left and item_right with the pair's rows, and empty what is claimed."""
    for side, source, wanted, sign in (
        ("left", pair.left, pair.left_where, 1),
        ("right", pair.right, pair.right_where, 1 if sources.sign(pair) == "same" else -1),
    ):
        condition, values = where(wanted, "t")
        values |= {"source": source, "sign": sign, "scopes": list(_SCOPES)}
        books.execute(text("items").format(side=side, condition=condition), values)
    books.create("claim", CLAIM)
    books.create("kin", KIN)
    narrow(books)


def narrow(books: Books) -> None:
    """Leave in open_left and open_right what nothing has claimed yet."""
    for side in SIDES:
        books.execute(text("narrow").format(side=side))


def text(name: str) -> str:
    """Give the SQL of a pass: tools/reconciliation/passes/<name>.sql."""
    return (resources.files("tools.reconciliation.passes") / f"{name}.sql").read_text(encoding="utf-8")


def where(wanted: Mapping[str, Sequence[str]], table: str) -> tuple[str, dict[str, Any]]:
    """Give the SQL condition "each column has one of its accepted values", and the values to bind."""
    parts = [
        f"CAST({table}.{quoted(column)} AS VARCHAR) IN (SELECT unnest($where_{n}))"
        for n, column in enumerate(wanted)
    ]
    values = {f"where_{n}": list(accepted) for n, accepted in enumerate(wanted.values())}
    return " AND ".join(["true", *parts]), values
