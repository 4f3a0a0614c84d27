"""The two sides of a pair as one narrow table, what is still open of it, and what has been claimed.

A row is addressed by its number in the snapshot (`posting.id`) and its side, 0 for left and 1 for right:
integers join faster than keys. Amounts are turned so that a left row and its right row carry the same sign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tools.books.engine import Books, quoted
from tools.checks.reconciliation.proposals import CLAIM, KIN
from tools.ledger.sources import Pair, Sources

SIDES: Final = (0, 1)
NAMES: Final = ("left", "right")
_ALIASES: Final = "alias.alias_key"
NEAR_DAYS: Final = 60  # within which another row counts as near


def prepare(books: Books) -> None:
    """Give the postings their numbers, once for all pairs, and see which aliases are known."""
    books.execute(text("party_words"))
    if books.has(_ALIASES):
        books.execute(text("alias_in_force"))
    path = books.folder / "txn.parquet"
    if path.is_file():
        numbered = books.connection.read_parquet(str(path), file_row_number=True)
        numbered.project("file_row_number AS id, * EXCLUDE (file_row_number)").create_view("posting")
    else:
        books.execute("CREATE OR REPLACE VIEW posting AS SELECT t.rowid AS id, t.* FROM txn t")
    books.execute("CREATE OR REPLACE TEMP TABLE named_currency AS SELECT DISTINCT currency FROM posting")


def load(books: Books, sources: Sources, pair: Pair) -> None:
    """Fill `item` with the pair's rows, history too: a partner may be audited already."""
    left, values = where(pair.left_where, "t", "left")
    right, more = where(pair.right_where, "t", "right")
    values |= more | {
        "left": pair.left,
        "right": pair.right,
        "sign": 1 if sources.sign(pair) == "same" else -1,
        "currencies": currencies(books),
    }
    books.execute(text("item").format(left=left, right=right, **_party_sql(books)), values)
    books.create("claim", CLAIM)
    books.create("kin", KIN)


def currencies(books: Books) -> list[str]:
    """Give the currencies of the books; an item's code is the place in this list, counted from one."""
    rows = books.rows("SELECT currency FROM named_currency WHERE currency IS NOT NULL ORDER BY currency")
    return [row["currency"] for row in rows]


def narrow(books: Books, *, among: str = "open", since: int = 0, more: int | None = None) -> int:
    """Leave in `open` what nothing has claimed yet, and give how many claims there are.

    since: how many there were when it was last so; more: how many have come since, counted where not given.
    `among` is "open", or "item" to begin anew.
    """
    claims = books.count("claim") if more is None else since + more
    if among == "open":
        if claims > since:
            books.execute(text("open"), {"since": since})
        return claims
    books.connection.register("unclaimed", pa.table({"id": _unclaimed(books)}))
    books.execute(text("reopen"))
    books.connection.unregister("unclaimed")
    return claims


def _unclaimed(books: Books) -> NDArray[np.int32]:
    ids = books.query("SELECT id FROM item")["id"].to_numpy()
    claimed = books.query("SELECT left_id, right_id FROM claim")
    is_claimed = np.zeros(int(ids.max(initial=0)) + 1, bool)
    for name in claimed.column_names:
        is_claimed[claimed[name].to_numpy()] = True
    return np.asarray(ids[~is_claimed[ids]], np.int32)


def widen(books: Books) -> None:
    """Put into `wide` what is open, with all that it says."""
    books.execute(text("wide").format(**_party_sql(books)))


def _party_sql(books: Books) -> dict[str, str]:
    """Give the SQL of what a posting's party is called, and of the join with known aliases, if any."""
    if not books.has(_ALIASES):
        return {"means": "NULL", "aliases": ""}
    join = "LEFT JOIN alias_in_force a ON a.alias_key = party_words(t.vendor_key, t.description)"
    return {"means": "a.vendor_key", "aliases": join}


@cache
def text(name: str) -> str:
    """Give the SQL of a pass: tools/checks/reconciliation/sql/<name>.sql."""
    return (resources.files("tools.checks.reconciliation.sql") / f"{name}.sql").read_text(encoding="utf-8")


def where(filters: Mapping[str, Sequence[str]], table: str, prefix: str) -> tuple[str, dict[str, Any]]:
    """Give the SQL condition "each column has one of its accepted values", and the values to bind."""
    parts = [
        f"list_contains(${prefix}_{n}, CAST({table}.{quoted(column)} AS VARCHAR))"
        for n, column in enumerate(filters)
    ]
    values = {f"{prefix}_{n}": list(accepted) for n, accepted in enumerate(filters.values())}
    return " AND ".join(["true", *parts]), values
