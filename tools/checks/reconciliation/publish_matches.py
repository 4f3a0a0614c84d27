"""What was claimed, written by the rows' keys, looked up by the rows' places in the snapshot.

A row's number is its place in the snapshot's file: taking keys by place is half the work of joining them.
In a short book the keys of all rows are held at once, in a longer one those of a pair's rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tools.books.engine import Books
from tools.checks.reconciliation import size_limits
from tools.checks.reconciliation.sides import items

_KEYS: Final = ("row_key", "txn_id")

Keys = tuple[int, Mapping[str, pa.Array]]  # the first row's number, and the keys from there on


def record(books: Books) -> bool:
    """Write all pairs' claims as matches; in a longer book do nothing, and say so."""
    path = books.folder / "txn.parquet"
    if (
        books.count("settled") > size_limits.CLAIMS_AT_ONCE
        or not path.is_file()
        or pq.read_metadata(path).num_rows > size_limits.KEYS_AT_ONCE
    ):
        return False
    keys = 0, _arrays(pq.read_table(path, columns=list(_KEYS)))
    _write(books, books.query("SELECT * FROM settled"), dict.fromkeys(items.NAMES, keys))
    return True


def record_pair(books: Books, pair: str) -> bool:
    """Write one pair's claims as matches, slice by slice; where its rows span too many, say so instead."""
    (ends,) = books.rows(
        "SELECT min(left_id) AS l, max(left_id) AS l_last, min(right_id) AS r, max(right_id) AS r_last "
        "FROM settled WHERE pair = $pair",
        {"pair": pair},
    )
    spans = (ends["l"], ends["l_last"]), (ends["r"], ends["r_last"])
    if max(last - first for first, last in spans) >= size_limits.KEYS_AT_ONCE:
        return False
    keys = {side: (span[0], _between(books, *span)) for side, span in zip(items.NAMES, spans, strict=True)}
    for claims in _slices(books, pair):
        _write(books, claims, keys)
    return True


def _slices(books: Books, pair: str) -> Iterator[pa.Table]:
    """Give a pair's claims: those of groups, which share a key, at once, the others some at a time."""
    yield books.query("SELECT * FROM settled WHERE pair = $pair AND grouped IS NOT NULL", {"pair": pair})
    single = books.query("SELECT * FROM settled WHERE pair = $pair AND grouped IS NULL", {"pair": pair})
    yield from (
        single.slice(at, size_limits.CLAIMS_OF_A_SLICE)
        for at in range(0, len(single), size_limits.CLAIMS_OF_A_SLICE)
    )


def _between(books: Books, first: int, last: int) -> Mapping[str, pa.Array]:
    """Give the keys of the rows from the first to the last, in their order."""
    span = "SELECT row_key, txn_id FROM posting WHERE id BETWEEN $first AND $last"
    books.connection.execute("SET preserve_insertion_order = true")
    table = books.query(span, {"first": first, "last": last})
    books.connection.execute("SET preserve_insertion_order = false")
    return _arrays(table)


def _arrays(table: pa.Table) -> Mapping[str, pa.Array]:
    return {
        name: pa.concat_arrays(table[name].chunks) if len(table) else pa.array([], table[name].type)
        for name in _KEYS
    }


def _write(books: Books, claims: pa.Table, keys: Mapping[str, Keys]) -> None:
    for side, (first, table) in keys.items():
        places = [pc.subtract(part, pa.scalar(first, part.type)) for part in claims[f"{side}_id"].chunks]
        for name in _KEYS:
            values = pa.chunked_array([table[name].take(place) for place in places], table[name].type)
            claims = claims.append_column(f"{side}_{name}", values)
    books.connection.register("keyed", claims)
    books.execute(items.text("record_keyed").format(**_grouped(claims)))
    books.connection.unregister("keyed")


def _grouped(claims: pa.Table) -> dict[str, str]:
    """Give the SQL of a match's first key: that of its group, where any claims are grouped."""
    if claims["grouped"].null_count == len(claims):
        return {"first_key": "c.left_row_key", "groups": ""}
    joined = f"LEFT JOIN ({items.text('first_keyed')}) g ON g.pair = c.pair AND g.grouped = c.grouped"
    return {"first_key": "coalesce(g.first_key, c.left_row_key)", "groups": joined}
