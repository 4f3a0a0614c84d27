"""The synthetic ledger is a snapshot like any other, and its truth refers to rows that it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.synthetic import Shape, write
from tools.books.engine import Books
from tools.core.settings import Settings


@pytest.mark.parametrize(("shape", "kinds"), [("books", 6), ("pair", 2)])
def test_the_snapshot_opens_as_books(tmp_path: Path, shape: Shape, kinds: int) -> None:
    """Every row has its own key, a date and an amount, in as many kinds as the shape promises."""
    rows = write(tmp_path, 2000, shape=shape)
    with Books.open(tmp_path, Settings(engine_threads=1)) as books:
        (counts,) = books.rows(
            "SELECT count(*) AS n, count(DISTINCT row_key) AS keys, count(posted_day) AS dated, "
            "count(amount_minor) AS amounts, count(DISTINCT kind) AS kinds FROM txn"
        )
    assert counts == {"n": rows, "keys": rows, "dated": rows, "amounts": rows, "kinds": kinds}


def test_the_same_seed_gives_the_same_rows(tmp_path: Path) -> None:
    """Two writes agree row for row; another seed gives other amounts."""
    sums = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write(tmp_path / name, 500, seed=seed)
        with Books.open(tmp_path / name, Settings(engine_threads=1)) as books:
            sums.append(books.rows("SELECT sum(hash(row_key, amount_minor)) AS h FROM txn"))
    assert (sums[0] == sums[1], sums[0] == sums[2]) == (True, False)


def test_the_truth_names_rows_that_exist(tmp_path: Path) -> None:
    """Every true pair is a bank line and a ledger line of the snapshot, every ledger line at most once."""
    write(tmp_path, 2000, shape="pair")
    with Books.open(tmp_path, Settings(engine_threads=1)) as books:
        books.connection.read_parquet(str(tmp_path / "truth.parquet")).create_view("truth")
        (counts,) = books.rows(
            "SELECT count(*) AS n, count(DISTINCT t.left_id) AS lefts, count(l.row_key) AS found_left, "
            "count(b.row_key) AS found_right FROM truth t "
            "LEFT JOIN txn l ON l.txn_id = t.left_id LEFT JOIN txn b ON b.txn_id = t.right_id"
        )
    assert len(set(counts.values())) == 1
