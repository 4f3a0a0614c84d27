"""What did not match: each break with its reason, its nearest candidate, why that was none, and its age."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tools.engine import Books
from tools.ledger.sources import Pair
from tools.reconciliation import items, named, near, vocabulary

_EPOCH: Final = date(1970, 1, 1)
_REACH: Final = 60  # days within which a candidate counts as near
_CROWD: Final = 200  # rows of one amount, or one vendor and size; among more, none is nearest
_SMALL: Final = 25_000  # minor units up to which a bank's own fee or interest is an ordinary reconciling item
_LONGEST_CLEARING: Final = 31  # days
_WIDE: Final = 0.25  # share of the amount within which a difference between two rows of one name is named


def record(books: Books, pair: Pair) -> None:
    """Append the pair's matches and breaks to the result tables."""
    if pair.mode != "statement":
        _settle(books)
    values = {"pair": pair.name, **_days(books, pair)}
    books.execute(items.text("record"), values)
    for side in items.SIDES:
        books.execute(items.text("record_offset").format(side=side), values)
    if pair.mode == "statement":
        books.execute(items.text("break_statement"), values)
        return
    _rows(books, pair, values)


def _settle(books: Books) -> None:
    """Let the first of twins be the matched one, and see whether matched rows name one party."""
    for side, other in (("left", "right"), ("right", "left")):
        books.execute(items.text("first_posted").format(side=side, other=other))
    items.narrow(books)
    named.check(books)


def _rows(books: Books, pair: Pair, values: Mapping[str, Any]) -> None:
    needed, wanted = items.where(pair.required_for, "i")
    plan = (("left", "right", needed), ("right", "left", "true"))
    for side, other, condition in plan:
        sql = items.text("near").format(side=side, other=other, condition=condition)
        books.execute(sql, {**wanted, "crowd": _CROWD, "reach": _REACH})
    _slips(books, pair)
    _words(books)
    for side, other, condition in plan:
        document = pair.mode == "documents" and side == "left"
        sql = items.text("break_row").format(side=side, other=other, condition=condition)
        missing = "missing_receipt" if document else "missing"
        books.execute(
            sql, {**values, **wanted, "small": _SMALL, "missing": missing, "window": pair.window_days}
        )


def _days(books: Books, pair: Pair) -> dict[str, int]:
    """Give the day as of which open rows are judged, and the days that clearing ordinarily takes."""
    today = (date.fromisoformat(books.manifest.as_of) - _EPOCH).days
    (seen,) = books.rows(items.text("clearing"))
    last = today if seen["last"] is None else seen["last"]
    horizon = today if today - last <= _LONGEST_CLEARING else last  # books that end long before are old books
    return {"today": horizon, "clears": min(max(pair.window_days, seen["clears"] or 0), _LONGEST_CLEARING)}


def _slips(books: Books, pair: Pair) -> None:
    """Name the differences between open rows and their nearest: transposed digits, a fee ..."""
    table = books.query(items.text("slips"))
    left, right = (np.asarray(table[name].to_numpy(), np.int64) for name in ("amount", "other"))
    reasons = near.difference(left, right, max(pair.tolerance, _WIDE))
    reason = pa.array([near.REASONS[at] if at >= 0 else None for at in reasons], pa.string())
    books.connection.register("slip", pa.table({"id": table["id"], "side": table["side"], "reason": reason}))


def _words(books: Books) -> None:
    """Find the open rows that call themselves a fee or interest."""
    words = {"fee": sorted(vocabulary.FEES), "interest": sorted(vocabulary.INTEREST)}
    table = books.query(items.text("said"), words)
    books.connection.register("said", table)
