"""Memory is bounded by a setting: with little of it tests spill to disk, and find the same."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from benchmarks import synthetic
from tools.books.engine import Books
from tools.checks.catalogue import loaded
from tools.checks.runner import run_tests
from tools.core.settings import Settings
from tools.rules.model import Rules
from tools.rules.test_header import CheckName

# 1,500,000 texts of 64 characters in order: twice what the small limit holds.
SORTED = """
    SELECT count(*) AS n, max(place) AS last
    FROM (SELECT h, row_number() OVER (ORDER BY h) AS place
          FROM (SELECT sha256(CAST(i AS VARCHAR)) AS h FROM range(1500000) t(i)))
"""


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write books of 150,000 rows once."""
    folder = tmp_path_factory.mktemp("books") / "snapshot"
    synthetic.write(folder, 150_000)
    return folder


def _digest(snapshot: Path, check: CheckName, limit: str) -> str:
    with Books.open(snapshot, Settings(engine_memory_limit=limit, engine_threads=2)) as books:
        results = run_tests(books, loaded(check), Rules())
        assert [result.reason for result in results if result.status == "failed"] == []
        return books.digest("finding")


@pytest.mark.exhaustive
@pytest.mark.parametrize("check", ["quality", "anomaly"])
def test_little_memory_finds_the_same(snapshot: Path, check: CheckName) -> None:
    """A twentieth of the memory changes no finding, and no test fails for want of it."""
    assert _digest(snapshot, check, "2GB") == _digest(snapshot, check, "100MB")


def test_what_does_not_fit_goes_to_disk(snapshot: Path) -> None:
    """The engine writes what is more than its memory beside the run, and clears it away."""
    with Books.open(snapshot, Settings(engine_memory_limit="60MB", engine_threads=2)) as books:
        assert books.rows(SORTED) == [{"n": 1_500_000, "last": 1_500_000}]
        (setting,) = books.rows("SELECT current_setting('temp_directory') AS place")
    assert setting["place"] == str(snapshot.parent / "spill")
    assert not list(snapshot.parent.glob("spill/*"))


def test_a_table_longer_than_memory_has_a_digest(snapshot: Path) -> None:
    """What is digested need not fit into memory, nor be in any order."""
    hashed = "CREATE VIEW long AS SELECT sha256(CAST(i AS VARCHAR)) AS h FROM range("
    digests = []
    for limit, numbers in (("60MB", "0, 1500000) t(i)"), ("2GB", "1499999, -1, -1) t(i)")):
        with Books.open(snapshot, Settings(engine_memory_limit=limit, engine_threads=2)) as books:
            books.execute(hashed + numbers)
            digests.append(books.digest("long"))
            books.execute("CREATE VIEW short AS SELECT unnest([3, 1, 2]) AS n")
            assert hashlib.sha256(b"{'n': 1}\n{'n': 2}\n{'n': 3}").hexdigest() == books.digest("short")
    assert digests[0] == digests[1]
