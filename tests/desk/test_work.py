"""`tieout work` and `tieout tasks` on a desk with small books."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.desk.shell import environment_with, tieout
from tests.graph.small import TOKENS, settings_of, write_books
from tests.tasks.task_workers import until
from tools.runs import tasks
from tools.store import Store, open_store, runs, trail


@pytest.fixture
def desk(tmp_path: Path) -> tuple[Path, dict[str, str], Store]:
    """Give a desk's folder, its settings, and its store."""
    write_books(tmp_path)
    environment = settings_of(tmp_path)
    return tmp_path, environment, open_store(environment["DATABASE_URL"])


Desk = tuple[Path, dict[str, str], Store]


def pool(desk: Desk, *flags: str) -> subprocess.Popen[bytes]:
    """Start `tieout work`; what it says goes to FOLDER/err."""
    folder, environment, _ = desk
    command = [sys.executable, "-W", "error", "-m", "desk.cli", "work", *flags]
    with (folder / "err").open("wb") as errors:
        return subprocess.Popen(command, cwd=folder, env=environment_with(**environment), stderr=errors)


def test_workers_audit_and_do_what_time_asks_for(desk: Desk) -> None:
    """A task that starts an audit is done once; the tick of the minute is put down and done beside it."""
    folder, environment, store = desk
    parameters = {"graph": "audit", "input": {"sources": str(folder / "sources.yaml")}}
    task = tasks.enqueue(store, "start_graph", parameters, key="audit")
    with pool(desk, "--once", "--workers", "1") as process:
        assert process.wait(120) == 0, (folder / "err").read_text()
    (run,) = runs.list_runs(store)
    task = tasks.get(store, task.task_id)
    assert (task.status, task.result["run_id"], task.result["status"]) == (
        "succeeded",
        run.run_id,
        "waiting",
    )
    assert trail.verify(store) == []
    listed = json.loads(tieout("tasks", "--json", cwd=folder, **environment).stdout)
    assert {(row["kind"], row["status"]) for row in listed} >= {
        ("start_graph", "succeeded"),
        ("tick", "succeeded"),
    }


@pytest.mark.exhaustive
def test_a_worker_does_not_outlive_its_pool(desk: Desk) -> None:
    """The pool is killed: its workers notice and end; SIGTERM ends them with it."""
    folder, _, _ = desk
    for number, code in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, 0)):
        with pool(desk, "--workers", "1") as process:
            (worker,) = workers_of(process)
            process.send_signal(number)
            assert process.wait(90) == code, (folder / "err").read_text()
            until(partial(has_ended, worker))


def test_a_dead_worker_is_replaced(desk: Desk) -> None:
    """Killed, it frees its tasks at once, and another takes its place."""
    _, _, store = desk
    with pool(desk, "--workers", "1") as process:
        (first,) = workers_of(process)
        os.kill(first, signal.SIGKILL)
        until(lambda: bool(set(children(process.pid)) - {first}))
        tasks.enqueue(store, "tick", {}, key="after the death")
        until(lambda: all(task.status == "succeeded" for task in tasks.list_tasks(store)))
        process.terminate()
        assert process.wait(90) == 0


def test_tasks_are_cancelled_by_who_may_decide(desk: Desk) -> None:
    """Anybody may look; to cancel takes an approver, and a task that has not ended."""
    folder, environment, store = desk
    task = tasks.enqueue(store, "tick", {}, key="k")
    short = task.task_id[:8]
    refused = tieout("tasks", "--cancel", short, cwd=folder, **environment, TIEOUT_TOKEN=TOKENS["vera"])
    assert (refused.returncode, refused.stderr) == (
        1,
        "tieout: vera may not cancel or retry tasks. An approver may.\n",
    )
    completed = tieout("tasks", "--cancel", short, cwd=folder, **environment, TIEOUT_TOKEN=TOKENS["dana"])
    assert (completed.returncode, completed.stderr.split()[-1]) == (0, "cancelled.")
    again = tieout("tasks", "--cancel", short, cwd=folder, **environment, TIEOUT_TOKEN=TOKENS["dana"])
    assert again.stderr == f"tieout: task {task.task_id} has ended: it is cancelled.\n"
    assert tieout("tasks", cwd=folder, **environment).stdout.count("cancelled") == 1


@pytest.mark.exhaustive
def test_a_task_of_an_unknown_graph_fails_with_its_reason(desk: Desk) -> None:
    """It is not tried again: nothing would change."""
    folder, environment, store = desk
    tasks.enqueue(store, "start_graph", {"graph": "nonsense", "input": {}}, key="k")
    assert tieout("work", "--once", "--workers", "1", cwd=folder, **environment).returncode == 0
    task = next(task for task in tasks.list_tasks(store) if task.kind == "start_graph")
    assert (task.status, task.attempt) == ("failed", 1)
    assert "there is no graph 'nonsense'" in task.error


def workers_of(process: subprocess.Popen[bytes]) -> list[int]:
    """Wait for a pool's workers and give them."""
    until(lambda: bool(children(process.pid)))
    return children(process.pid)


def has_ended(pid: int) -> bool:
    """Say whether a process has ended."""
    return not Path(f"/proc/{pid}").exists()


def children(parent: int) -> list[int]:
    """Give the processes that a process started."""
    path = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(pid) for pid in path.read_text().split()] if path.exists() else []
