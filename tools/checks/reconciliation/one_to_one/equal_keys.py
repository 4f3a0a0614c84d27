"""What equal keys settle by themselves: one text of SQL for each step, set against set.

A key is an amount with something that says whose it is. It settles a match where it stands once on each side
and the dates are within the pair's window; a reference may take longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tools.books.engine import Books
from tools.checks.reconciliation.one_to_one import same_reference
from tools.checks.reconciliation.sides import items
from tools.ledger.sources import Pair

_ANY_DAY: Final = 36_500


def match(books: Books, pair: Pair, *, among: str = "item") -> None:
    """Claim 1:1 matches of equal amount and equal reference or vendor among the rows of a table."""
    window = {"window": pair.window_days}
    late = _within(max(pair.late_days, pair.window_days), one_sided=pair.one_sided)
    close = _within(pair.window_days, one_sided=pair.one_sided)
    since, whole = books.count("claim"), books.count(among)
    values = {**window, **late, "same_day": 0.998, "confidence": 0.99}
    agreeing = _join(books, ("mark",), values, among=among)
    since = items.narrow(books, among=among, since=since, more=agreeing)
    (keyed,) = books.rows(items.text("keyed"))
    for key, keys in (("name", "name"), ("mark", "mark, day"), ("name", "name, day")):
        if keyed[key]:
            values = {**window, **close, "same_day": 0.995, "confidence": 0.98}
            more = _group(books, key, values, keys=keys)
            since = items.narrow(books, since=since, more=more)
    more = same_reference.match(books, pair, agreeing=agreeing, rows=whole, within=late)
    items.narrow(books, since=since, more=more)
    items.widen(books)
    match_marks(books, "mark", pair)


def match_marks(books: Books, key: str, pair: Pair | None = None) -> None:
    """Claim wide rows whose references agree but for punctuation; on any day where no pair sets limits."""
    days = _within(_ANY_DAY, one_sided=False)
    if pair:
        days = _within(max(pair.late_days, pair.window_days), one_sided=pair.one_sided)
    values = {**days, "window": pair.window_days if pair else 0, "confidence": 0.98}
    since = books.count("claim")
    more = books.execute(items.text("marked").format(key=key), values)
    items.narrow(books, since=since, more=more)


def match_invoices(books: Books) -> None:
    """Claim payments that name an invoice of their amount, whenever they were made."""
    since = books.count("claim")
    for keys, confidence in ((("invoice", "name"), 0.99), (("invoice",), 0.97)):
        values = {**_within(_ANY_DAY, one_sided=False), "window": 0, "same_day": confidence}
        more = _join(books, keys, {**values, "confidence": confidence}, among="open")
        since = items.narrow(books, since=since, more=more)


def _within(days: int, *, one_sided: bool) -> dict[str, int]:
    return {"earliest": 0 if one_sided else -days, "latest": days}


def _join(books: Books, keys: Sequence[str], values: dict[str, Any], *, among: str) -> int:
    """Claim rows that stand alone with their keys, by joining the sides: for keys that few rows share.

    Where they are shared by so many that there are more pairs than rows, the rows are counted instead.
    Gives how many were claimed.
    """
    same = " AND ".join(f"r.{key} IS NOT DISTINCT FROM l.{key}" for key in keys[1:])
    same = " AND ".join(filter(None, (f"r.{keys[0]} = l.{keys[0]}", same)))
    most = books.count(among) + 1
    pairs = books.query(items.text("paired").format(among=among, same=same), {"most": most})
    if len(pairs) == most:
        return _group(books, keys[0], values, keys=", ".join(keys), among=among)
    left, right = (pairs[name].to_numpy() for name in ("left_id", "right_id"))
    only = (np.bincount(left, minlength=1)[left] == 1) & (np.bincount(right, minlength=1)[right] == 1)
    books.connection.register("paired", pairs if only.all() else pairs.filter(pa.array(only)))
    claimed = books.execute(items.text("within").format(pairs="paired"), values)
    books.connection.unregister("paired")
    return claimed


def _group(books: Books, key: str, values: dict[str, Any], *, keys: str, among: str = "open") -> int:
    """Claim rows that stand alone with their keys, by counting the rows of each key; give how many."""
    pairs = f"({items.text('unique').format(key=key, keys=keys, among=among)})"
    return books.execute(items.text("within").format(pairs=pairs), values)
