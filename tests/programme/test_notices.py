"""What people are sent about a programme names task, person, reason and what to do; so do the listings."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from desk.cli.app import app
from desk.notices import text
from tests.programme.desks import PASSES, Task, do_all, start, write
from tools.store import Store, outbox

WRONG = "def test_it():\n    assert 1 == 2\n"


def test_a_notice_says_who_is_to_do_what_and_why(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task that failed and one that a person is to do: no id alone, nothing said twice, no empty sum."""
    monkeypatch.setenv("TIEOUT_NOTIFY", '{"all": {"url": "json://127.0.0.1:9/"}}')
    tasks: list[Task] = [
        {"id": "A1", "name": "Totals", "test": WRONG},
        {"id": "A2", "test": PASSES, "depends_on": ["A1"]},
        {"id": "P1", "name": "Cash counted", "hours": 1, "preparer": "riley", "procedure": "Count it."},
    ]
    run_id = start(write(tmp_path, tasks, people={"riley": {}})).run_id
    do_all(store)
    queued = outbox.pending(store)
    assert queued
    bodies = [text.write("m", [notice]).body for notice in queued]
    (failed,) = (body for body in bodies if "A1: Totals" in body)
    assert "1 task of small failed (MEDIUM, small)" in failed
    assert "It failed (calculation error): assert 1 == 2. It was tried once. A2 waits for it." in failed
    assert failed.count("the failure is accepted") == 1
    assert "at risk" not in failed
    (owed,) = (body for body in bodies if "P1" in body)
    assert "riley is to do P1: Cash counted" in owed
    assert "Why: Count it. It is planned to end by" in owed
    assert f"tieout programme status --run {run_id}" in owed
    listed = CliRunner().invoke(app, ["approvals"], env={"COLUMNS": "160"})
    assert (listed.exit_code, "A1: Totals" in listed.stdout) == (0, True), listed.output
