"""What was claimed, written by the rows' keys where a book is short enough to look them up by their place."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from tools.engine import Books
from tools.reconciliation import items

_CLAIMS: Final = 2_000_000
_ROWS: Final = 4_000_000  # postings, whose keys are held at once
_KEYS: Final = ("row_key", "txn_id")


def record(books: Books) -> bool:
    """Write all pairs' claims as matches; in a longer book do nothing, and say so.

    A row's number is its place in the snapshot's file: taking keys by place is half the work of joining them.
    """
    path = books.folder / "txn.parquet"
    if books.count("settled") > _CLAIMS or not path.is_file() or pq.read_metadata(path).num_rows > _ROWS:
        return False
    claims, keys = books.query("SELECT * FROM settled"), pq.read_table(path, columns=list(_KEYS))
    for name in _KEYS:
        column = pa.concat_arrays(keys[name].chunks) if len(keys) else pa.array([], keys[name].type)
        for side in ("left", "right"):
            taken = [column.take(part) for part in claims[f"{side}_id"].chunks]
            claims = claims.append_column(f"{side}_{name}", pa.chunked_array(taken, column.type))
    books.connection.register("keyed", claims)
    books.execute(items.text("record_keyed").format(**_grouped(claims)))
    books.connection.unregister("keyed")
    return True


def _grouped(claims: pa.Table) -> dict[str, str]:
    """Give the SQL of a match's first key: that of its group, where any claims are grouped."""
    if claims["grouped"].null_count == len(claims):
        return {"first_key": "c.left_row_key", "groups": ""}
    joined = f"LEFT JOIN ({items.text('first_keyed')}) g ON g.pair = c.pair AND g.grouped = c.grouped"
    return {"first_key": "coalesce(g.first_key, c.left_row_key)", "groups": joined}
