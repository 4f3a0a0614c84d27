"""Row keys: the same over runs, file splits and row orders, and different for repeats."""

from __future__ import annotations

import csv
import random
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.conftest import SETTINGS, write_sources
from tools.books.engine import Books
from tools.ledger import Window, read
from tools.ledger import sources as declared

Row = tuple[str, str, str, str]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["A1", "A2", ""]),
        st.sampled_from(["2025-01-02", "2025-01-03", "nonsense"]),
        st.sampled_from(["1.00", "1", "2.505", "-3.10", "N/A"]),
        st.sampled_from(["Acme, Inc.", "Bö", "a\nb", '"quoted"', ""]),
    ),
    max_size=12,
)
CARD = {
    "kind": "card",
    "path": "card_*.csv",
    "columns": {"txn_id": "id", "posted_on": "date", "amount": "amount", "vendor_name": "vendor"},
}


@settings(max_examples=4, deadline=None)
@given(rows=ROWS, shuffled=st.randoms(use_true_random=False), cut=st.integers(0, 12))
def test_order_and_file_splits_change_no_key(rows: list[Row], shuffled: random.Random, cut: int) -> None:
    """The same rows in another order and in two files have the same keys, each once."""
    moved = list(rows)
    shuffled.shuffle(moved)
    whole, parts = keys([rows]), keys([moved[:cut], moved[cut:]])
    assert whole == parts
    assert len(whole) == len(set(whole))


@settings(max_examples=4, deadline=None)
@given(rows=ROWS)
def test_rows_in_are_rows_out(rows: list[Row]) -> None:
    """Canonical and rejected rows are together what was written; a repeat counts as often as it stands."""
    bad = sum(row[1] == "nonsense" for row in rows)
    assert len(keys([rows])) == len(rows) - bad


def keys(files: Sequence[Sequence[Row]]) -> list[str]:
    """Write the files, read them, and give the sorted row keys."""
    with tempfile.TemporaryDirectory() as folder:
        for number, rows in enumerate(files):
            with (Path(folder) / f"card_{number}.csv").open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([("id", "date", "amount", "vendor"), *rows])
        sources = declared.load(write_sources(Path(folder), {"card": CARD}))
        read(sources, Window({}, date(2030, 1, 1)), SETTINGS, Path(folder) / "snapshot")
        with Books.open(Path(folder) / "snapshot", SETTINGS) as books:
            return [row["row_key"] for row in books.rows("SELECT row_key FROM txn ORDER BY row_key")]
