"""People who work at the same moment, and readers who leave early: nothing is lost, no run stays open."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.desk.shell import environment_with, tieout
from tests.graph.small import TOKENS, settings_of, write_books
from tests.waiting_desk import copy_waiting_desk
from tools.approvals import requests
from tools.store import Store, flags, open_store, runs, trail


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Give a folder with small books."""
    write_books(tmp_path)
    return tmp_path


def _store(desk: Path) -> Store:
    return open_store(settings_of(desk)["DATABASE_URL"])


def _tieout(desk: Path, user: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return tieout(*arguments, cwd=desk, **settings_of(desk), TIEOUT_TOKEN=TOKENS.get(user, ""))


@pytest.fixture
def waiting(waiting_desk: Path, tmp_path: Path) -> tuple[Path, str]:
    """Give a folder with a desk whose run waits, and the run."""
    copy_waiting_desk(waiting_desk, tmp_path)
    (run,) = runs.list_runs(_store(tmp_path))
    return tmp_path, run.run_id


@pytest.mark.timeout(600)  # processes that wait for each other
def test_two_who_decide_at_the_same_moment_are_both_heard(waiting: tuple[Path, str]) -> None:
    """Two processes approve everything at once, a third reviews: every word is recorded, the run closes."""
    desk, run = waiting
    case = json.loads(_tieout(desk, "", "cases", "--severity", "CRITICAL", "--json").stdout)[0]["case_id"]
    with ThreadPoolExecutor(3) as together:
        approvals = [
            together.submit(_tieout, desk, user, "approve", run, "--all") for user in ("dana", "omar")
        ]
        review = together.submit(_tieout, desk, "kim", "review", "--case", case, "--as", "confirmed")
    assert [approval.result().returncode in (0, 3) for approval in approvals] == [True, True], [
        approval.result().stderr for approval in approvals
    ]
    assert review.result().returncode == 0
    store = _store(desk)
    (request,) = requests.of_run(store, run)
    grave = [flag for flag in flags.find(store, run_id=run, limit=1000) if flag.risk == "CRITICAL"]
    assert {vote.by for vote in requests.decisions(store, request.request_id)} == {"dana", "omar"}
    assert runs.get(store, run).status == "closed"
    assert {flag.status for flag in grave} == {"approved"}
    assert {flag.review for flag in flags.find(store, case_id=case)} == {"confirmed"}
    assert trail.verify(store) == []


@pytest.mark.exhaustive
def test_a_reader_who_leaves_early_ends_no_run_halfway(desk: Path) -> None:
    """`tieout audit 2>&1 | head -1` leaves while the run is going: it is finished all the same."""
    completed = _pipeline(desk, "audit sources.yaml 2>&1 | head -n 1")
    assert len(completed.stdout.splitlines()) == 1
    (run,) = runs.list_runs(_store(desk))
    assert run.status == "waiting"
    assert requests.open_for(_store(desk), run.run_id) is not None


def _pipeline(desk: Path, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{shlex.quote(sys.executable)} -m desk.cli {command}"],
        cwd=desk,
        env=environment_with(**settings_of(desk)),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def test_what_waits_can_be_read_whole_at_80_columns(waiting: tuple[Path, str]) -> None:
    """No title is cut, no line is wider than the screen; who leaves a listing early leaves in peace."""
    desk, run = waiting
    rows: list[dict[str, Any]] = json.loads(_tieout(desk, "", "approvals", "--json").stdout)
    for command in ("approvals", "cases", "show"):
        listing = _tieout(desk, "", command).stdout
        words = " ".join(listing.split())
        assert all(row["title"] in words and row["case_id"] in words for row in rows), listing
        assert max(map(len, listing.splitlines())) <= 80
        assert "…" not in listing
    completed = _pipeline(desk, f"findings {run} --json | head -n 1")
    assert (completed.returncode, completed.stdout, completed.stderr) == (0, "[\n", "")
