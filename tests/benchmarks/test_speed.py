"""Speed is measured in fresh processes; what can't be run says so instead of stopping the others."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from benchmarks.speed import report
from benchmarks.speed.checks import against_truth
from benchmarks.speed.cycle import checkpoint_bytes
from benchmarks.speed.fresh import Timed, run
from benchmarks.synthetic import write


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give small synthetic books."""
    folder = tmp_path_factory.mktemp("books") / "snapshot"
    write(folder, 1000)
    return folder


@pytest.mark.exhaustive
def test_a_check_is_timed_in_a_process_of_its_own(books: Path) -> None:
    """A timed check says how long it took, how much memory its process held, and what it found."""
    timed = run("check", 1000, "anomaly", str(books), repeats=1)
    assert timed.error == ""
    assert timed.median > 0
    assert timed.peak > 10
    assert timed.facts["failed"] == []


def test_a_job_that_fails_says_why() -> None:
    """A job's error is its result; it isn't tried again."""
    timed = run("scan", 1, "quality", "/no/such/folder", repeats=3)
    assert timed.seconds == []
    assert "No files found" in timed.error


def test_starting_is_timed() -> None:
    """What starting costs has a figure for the graph, the tools and the help; their modules exist."""
    timed = run("imports", 0, repeats=1)
    assert timed.error == ""
    assert list(report.imports(timed).columns[0].cells) == ["graph", "tools", "help"]


def test_a_start_that_fails_is_told() -> None:
    """The table of starting says why it is empty."""
    table = report.imports(Timed("imports", 0, error="No module named 'x'"))
    assert list(table.columns[1].cells) == ["No module named 'x'"]


def test_a_peer_that_is_not_installed_is_named_as_such() -> None:
    """The table says so, and the other lines stand."""
    ours = Timed("pairs", 10, [1.0], [50.0], {"precision": 1.0, "recall": 1.0})
    missing = Timed("splink", 10, error="ModuleNotFoundError: No module named 'splink'")
    table = report.peers([("link", ours, missing)])
    assert "not installed" in list(table.columns[5].cells)


def test_checkpoint_bytes_are_those_of_the_values(tmp_path: Path) -> None:
    """Every value of every table counts, in bytes."""
    path = tmp_path / "checkpoints.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE checkpoints (id TEXT, value BLOB)")
        connection.execute("INSERT INTO checkpoints VALUES ('abc', ?)", [b"1234567"])
    connection.close()
    assert checkpoint_bytes(path) == 10


def test_pairs_are_held_against_the_truth(books: Path) -> None:
    """All true pairs found is precision and recall of one."""
    with duckdb.connect() as connection:
        pairs = connection.read_parquet(str(books / "truth.parquet")).project("left_id, right_id")
        scores = against_truth(connection, pairs, str(books))
    assert scores == {"precision": 1.0, "recall": 1.0}


@pytest.mark.exhaustive
def test_the_command_writes_tables_and_json(tmp_path: Path) -> None:
    """`python -m benchmarks.speed` on a small size prints its tables and writes every figure."""
    out = tmp_path / "speed.json"
    options = "--rows 500 --no-peers --no-cycle --repeats 1 --checks anomaly --json".split()
    completed = subprocess.run(
        [sys.executable, "-m", "benchmarks.speed", *options, str(out)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "times the scan" in completed.stdout
    assert [check["job"] for check in json.loads(out.read_text())["checks"]] == ["anomaly"]
