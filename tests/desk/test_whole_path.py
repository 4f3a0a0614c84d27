"""From the sample's books to flags that two people approved, as processes of their own."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.desk.shell import tieout, tieout_process
from tests.processes import ROOT

Command = Callable[..., subprocess.CompletedProcess[str]]
DAY = ("--as-of", "2025-12-31")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Give a folder with a copy of the sample."""
    shutil.copytree(
        ROOT / "samples", tmp_path / "samples", ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )
    return tmp_path


def run(
    desk: Path, *arguments: str, user: str | None = None, command: Command = tieout
) -> tuple[int, Any, str]:
    """Run a command with --json, as a sample user where one is named."""
    token = f"sample-token-{user}" if user else ""
    completed = command(*arguments, "--json", cwd=desk, TIEOUT_USERS="samples/users.yaml", TIEOUT_TOKEN=token)
    return completed.returncode, json.loads(completed.stdout) if completed.stdout else None, completed.stderr


def statuses(page: dict[str, Any]) -> set[str]:
    """Give the states of a run's flags, of the severities that people decide on."""
    return {state for row in page["flags"] if row["severity"] != "INFO" for state in row["statuses"]}


def test_from_the_sample_to_approved_flags(desk: Path) -> None:
    """The audit stops at a person (3), the sample's users approve it (0), its trail verifies."""
    code, page, errors = run(desk, "audit", "samples/sources.yaml", *DAY, command=tieout_process)
    run_id, request = page["run"]["run_id"], page["asks"]
    assert (code, page["run"]["status"], statuses(page)) == (3, "waiting", {"proposed"})
    assert "Reconciling: " in errors
    assert any(subject["quorum"] == 2 for subject in request["subjects"])

    code, page, _ = run(desk, "approve", run_id, "--all", "--note", "seen", user="dana")
    assert (code, statuses(page)) == (3, {"proposed", "approved"})
    assert {vote["by"] for subject in page["asks"]["subjects"] for vote in subject["signed"]} == {"dana"}

    code, page, _ = run(desk, "approve", run_id, "--all", user="omar")
    assert (code, page["run"]["status"], statuses(page), page["asks"]) == (0, "closed", {"approved"}, None)
    assert run(desk, "verify")[:2] == (0, [])


@pytest.mark.exhaustive
@pytest.mark.timeout(600)  # ten processes
def test_what_cannot_be_done_on_that_way_is_refused(desk: Path) -> None:
    """A second audit, nobody's word, a second word of one person, a word too late; by fresh processes."""
    _, page, _ = run(desk, "audit", "samples/sources.yaml", *DAY, command=tieout_process)
    run_id = page["run"]["run_id"]
    assert run(desk, "resume", run_id)[0] == 3
    code, _, errors = run(desk, "audit", "samples/sources.yaml", *DAY)
    assert (code, f"are held by run {run_id}, which is waiting." in errors) == (1, True)
    code, _, errors = run(desk, "approve", run_id)
    assert (code, "Set TIEOUT_TOKEN, or give --token-file." in errors) == (1, True)
    assert run(desk, "approve", run_id, "--all", user="dana")[0] == 3
    code, _, errors = run(desk, "approve", run_id, user="dana")
    assert (code, "it needs another person too." in errors) == (1, True)
    assert run(desk, "approve", run_id, "--all", user="omar", command=tieout_process)[0] == 0
    code, _, errors = run(desk, "approve", run_id, user="omar")
    assert (code, f"run {run_id} is closed; nothing is left to decide." in errors) == (1, True)
    assert run(desk, "verify", command=tieout_process)[:2] == (0, [])


@pytest.mark.exhaustive
def test_a_second_audit_of_the_sample_raises_nothing(desk: Path) -> None:
    """Once its flags are approved, the same books ask nothing; by default small books show it."""
    _, page, _ = run(desk, "audit", "samples/sources.yaml", *DAY)
    for user in ("dana", "omar"):
        code, _, _ = run(desk, "approve", page["run"]["run_id"], "--all", user=user)
    assert code == 0
    code, page, _ = run(desk, "audit", "samples/sources.yaml", *DAY)
    assert (code, page["flags"], page["asks"]) == (0, [], None)
