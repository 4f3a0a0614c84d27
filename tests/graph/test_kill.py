"""A run killed with SIGKILL at any node goes on and ends as if nothing had happened."""

from __future__ import annotations

import signal
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from graph.audit import NODES
from tests.graph.drive import drive
from tests.graph.small import settings_of, write_books
from tools.store import open_store
from tools.store.trail import verify

# Where something of its own begins or ends: books read, checks joined, both questions asked and answered.
TELLING = {
    "reconcile:after",
    "apply_decisions:before",
}
POINTS = [
    pytest.param(point, marks=[] if point in TELLING else [pytest.mark.exhaustive])
    for point in (f"{node.__name__}:{moment}" for node in NODES for moment in ("before", "after"))
]


def _flags(folder: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "desk" / "tieout.db") as store:
        return store.execute(
            "SELECT fingerprint, severity, score, status, exposure_minor, explanation FROM flag ORDER BY 1"
        ).fetchall()


def _ended(folder: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "desk" / "tieout.db") as store:
        return store.execute("SELECT status, outcome FROM run").fetchall()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    """Give the flags of a run that nobody killed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    write_books(folder, gate=True)
    completed = drive(folder, settings_of(folder))
    assert completed.returncode == 0, completed.stderr
    assert _ended(folder) == [("closed", "flagged")]
    flags = _flags(folder)
    assert {flag[1] for flag in flags} & {"WARNING", "CRITICAL"}
    return flags


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_run_ends_like_an_undisturbed_one(
    tmp_path: Path, undisturbed: list[tuple[object, ...]], point: str
) -> None:
    """Killed at the node, then resumed: the same flags, every check finished once, the trail unbroken."""
    write_books(tmp_path, gate=True)
    killed = drive(tmp_path, settings_of(tmp_path), point)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    resumed = drive(tmp_path, settings_of(tmp_path))
    assert resumed.returncode == 0, resumed.stderr
    assert _ended(tmp_path) == [("closed", "flagged")]
    assert _flags(tmp_path) == undisturbed
    finished = Counter((tmp_path / "finished").read_text().split())
    checks = {name: times for name, times in finished.items() if name.endswith("-1")}
    assert checks == {"quality-1": 1, "anomaly-1": 1, "reconciliation-1": 1}
    assert verify(open_store(settings_of(tmp_path)["DATABASE_URL"])) == []
