"""Whatever a file holds, its rows are accounted for: canonical, rejected, left out; none vanishes."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.conftest import SETTINGS, write_sources
from tools.books.engine import Books
from tools.ledger import Window, read
from tools.ledger import sources as declared
from tools.ledger.readers import csv_records

CARD = {
    "kind": "card",
    "path": "card.csv",
    "columns": {"txn_id": "id", "posted_on": "date", "amount": "amount", "vendor_name": "vendor"},
    "where": {"kind": ["Card", ""]},
}
CELLS = st.sampled_from(
    [
        "2025-01-02", "2025-02-30", "31.12.2025", "9999-12-31", "1.00", "-2.5", "1.020,00", "(12.30)", "$1,2",
        "99" * 20, "Card", "Fee", "", "-", "N/A", "null", '"', '""', "a\0b", "é", " x ", "5-", "\t", "\r",
        '"a\nb"', "A1",
    ]
)  # fmt: skip
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=6), max_size=15)
WINDOW = Window({"card": date(2025, 1, 1)}, date(2029, 1, 1), 30)


@settings(max_examples=6, deadline=None)
@given(rows=ROWS, encoding=st.sampled_from(["utf-8", "cp1252", "utf-8-sig"]))
def test_rows_in_are_rows_out(rows: list[list[str]], encoding: str) -> None:
    """The control totals count every record, and each is in exactly one place."""
    text = "\n".join([",".join(row) for row in rows]) + "\n"
    totals = totals_of(f"id,date,amount,vendor,kind\n{text}".encode(encoding))
    lines = [line.rstrip("\r") for line in text.split("\n")]
    assert totals["read"] == len(list(csv_records.records(lines, ",", 5, last=True)))
    assert totals["read"] == totals["txn"] + totals["rejected"] + totals["filtered"] + totals["outside"]
    assert totals["outside"] or totals["sum"] == totals["txn_sum"]


@settings(max_examples=6, deadline=None)
@given(data=st.binary(max_size=200))
def test_any_bytes_can_be_read(data: bytes) -> None:
    """Bytes of no meaning under a header that is sound raise nothing and are all accounted for."""
    totals = totals_of(b"id,date,amount,vendor,kind\n" + data)
    assert totals["read"] == totals["txn"] + totals["rejected"] + totals["filtered"] + totals["outside"]


def totals_of(data: bytes) -> dict[str, Any]:
    """Read the bytes as a file of card charges, and count what became of them."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "card.csv").write_bytes(data)
        sources = declared.load(write_sources(folder, {"card": CARD}))
        read(sources, WINDOW, SETTINGS, folder / "snapshot")
        with Books.open(folder / "snapshot", SETTINGS) as books:
            (totals,) = books.rows(
                """SELECT CAST(sum(rows) AS BIGINT) AS read, CAST(sum(filtered) AS BIGINT) AS filtered,
                          CAST(sum(outside) AS BIGINT) AS outside,
                          CAST(coalesce(sum(sum_minor), 0) AS BIGINT) AS sum FROM control_total"""
            )
            (inside,) = books.rows(
                "SELECT count(*) AS txn, CAST(coalesce(sum(amount_minor), 0) AS BIGINT) AS txn_sum FROM txn"
            )
            rejected = books.count("rejected")
    return {**totals, **inside, "rejected": rejected}
