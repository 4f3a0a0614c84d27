"""A run is shown as it goes, from what the graph streams."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from desk.cli import progress
from desk.cli.progress import Follower, ProgressLines, watching
from tests.desk.shell import environment_with, tieout
from tests.graph.small import settings_of, write_books

TEST = {"progress": "test", "check": "quality", "test": "blank", "findings": 3}
CHECK = {
    "status": "ran",
    "error": "",
    "tests": [{"status": "ran", "findings": 3}, {"status": "failed", "findings": 0}],
}
STREAM = [
    ("tasks", {"name": "open_run", "input": {}}),
    ("custom", {"progress": "read", "source": "card", "rows": 12}),
    ("tasks", {"name": "open_run", "result": {"totals": [{"source": "card", "rows": 12, "rejected": 1}]}}),
    ("updates", {"open_run": {}}),
    ("tasks", {"name": "check_data_quality", "input": {}}),
    ("custom", TEST),
    ("tasks", {"name": "check_data_quality", "result": {"checks": {"quality": CHECK}}}),
    ("tasks", {"name": "route_that_nobody_needs_to_see", "input": {}}),
    ("tasks", {"name": "merge_findings", "input": {}}),
    ("tasks", {"name": "merge_findings", "result": {"merged": {"suspects": 1200, "cases": 7}}}),
    ("tasks", {"name": "enrich", "input": {}}),
    ("tasks", {"name": "enrich", "error": "no\nsuch \x1b[31m file"}),
]


def test_off_a_terminal_each_step_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line when a step begins, one with its counts when it ends, and nothing that a terminal obeys."""
    monkeypatch.setattr("time.monotonic", lambda: 0.0)
    stream = io.StringIO()
    follow = Follower(ProgressLines(Console(file=stream)))
    for mode, chunk in STREAM:
        follow(mode, chunk)
    assert stream.getvalue().splitlines() == [
        "Reading the books ...",
        "Reading the books: 12 rows of 1 source, 1 rejected (0.0 s)",
        "Testing data quality ...",
        "Testing data quality: 1 test ran, 3 findings, 1 failed (0.0 s)",
        "Merging findings into cases ...",
        "Merging findings into cases: 1,200 suspects in 7 cases (0.0 s)",
        "Looking for documents ...",
        "Looking for documents: failed (0.0 s)",
    ]


def test_on_a_terminal_the_lines_move(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step has one line, marked when it is done, within the width of the terminal."""
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=80, color_system=None)
    monkeypatch.setattr(progress, "err", lambda: console)
    with watching() as follow:
        assert follow is not None
        for mode, chunk in STREAM:
            follow(mode, chunk)
    screen = stream.getvalue()
    assert "✓ Testing data quality" in screen
    assert "✗ Looking for documents" in screen
    assert "1 test, 3 findings: blank" in screen or "1 test ran, 3 findings, 1 failed" in screen


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), pytest.param(signal.SIGTERM, 130, marks=pytest.mark.exhaustive)],
)
def test_a_run_that_is_stopped_can_go_on(tmp_path: Path, number: signal.Signals, code: int) -> None:
    """Ctrl-C and SIGTERM say how to go on; resume ends where the run would have ended."""
    write_books(tmp_path)
    settings = settings_of(tmp_path)
    # A test run in a shell's background ignores SIGINT, and so would the audit that it starts.
    listening = "import signal, runpy; signal.signal(signal.SIGINT, signal.default_int_handler);"
    audit = "runpy.run_module('desk.cli', run_name='__main__', alter_sys=True)"
    command = [sys.executable, "-c", f"{listening} {audit}", "audit", "sources.yaml"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment_with(**settings), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert any(line.startswith("Reading the books:") for line in process.stderr)
        process.send_signal(number)
        errors = process.stderr.read()
    assert (process.returncode, "tieout resume 20" in errors, "Traceback" in errors) == (code, True, False)
    assert tieout("resume", "last", cwd=tmp_path, **settings).returncode == 3


def test_an_investigation_says_what_came_of_it() -> None:
    """And who is missing, and why."""
    investigation = {"readings": 6, "cases": 3, "observers": 9, "degraded": ["no answer in 30 s"]}
    outcome = progress.outcome({"investigated": investigation})
    assert outcome == "6 hypotheses of 3 cases by 9 observers, without some: no answer in 30 s"
