"""Workers as real processes: killed, stopped, raced and cut off, they lose no task and do none twice."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from importlib.metadata import version
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import psycopg
import pytest

from graph.runtime.worker import EXIT_LOST
from tests.processes import start
from tests.tasks.task_clock import pass_time
from tests.tasks.task_workers import DEATHS, marks, run_worker, until
from tools.runs import tasks
from tools.store import Store

LONG, SHORT = 600.0, 1.0  # seconds of a lease: one that never ends here, one that does
RACE = 60
_OTHER_SESSIONS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
CUT_SESSIONS = f"SELECT count(pg_terminate_backend(pid)) {_OTHER_SESSIONS}"
LISTENERS = f"SELECT count(*) {_OTHER_SESSIONS} AND query LIKE 'LISTEN%'"
WAKE_UPS = "SELECT count(*) FROM procrastinate_jobs"

Start = Callable[..., ForkServerProcess]


@pytest.fixture
def worker(url: str, tmp_path: Path) -> Iterator[Start]:
    """Start a worker in a folder of its own; what still runs at the end is killed."""
    children: list[ForkServerProcess] = []

    def run(name: str, lease_seconds: float, death: str = "", **options: object) -> ForkServerProcess:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        outputs = folder / "out", folder / "err"
        environment = {**os.environ, "DATABASE_URL": url}
        child = start(
            _live,
            url,
            name,
            lease_seconds,
            death,
            options,
            cwd=folder,
            environment=environment,
            outputs=outputs,
        )
        children.append(child)
        return child

    yield run
    for child in children:
        if child.exitcode is None:
            child.kill()
        child.join()


def _live(url: str, name: str, lease_seconds: float, death: str, options: dict[str, Any]) -> None:
    run_worker(url, name, lease_seconds, death, **options)


def exit_code_of(child: ForkServerProcess) -> int | None:
    """Wait for a worker's end and give its exit code."""
    child.join(90)
    return child.exitcode


def statuses(store: Store) -> list[str]:
    """Give the status of each task that is work."""
    return [task.status for task in tasks.list_tasks(store) if task.kind != "mark"]


@pytest.mark.postgresql_for("the claim is committed", "the end is committed")
@pytest.mark.parametrize("death", [death for death in DEATHS if death])
def test_a_worker_killed_at_any_point_loses_nothing(store: Store, worker: Start, death: str) -> None:
    """Its task is done by the next worker, or was done: once, and never none."""
    tasks.enqueue(store, "quick", {}, key="k")
    assert exit_code_of(worker("dead", LONG, death)) == -signal.SIGKILL
    tasks.expire_leases(store, "dead")
    assert exit_code_of(worker("next", LONG, once=True)) == 0
    assert statuses(store) == ["succeeded"]
    done_before = death in ("after the work", "before the end is committed")
    assert marks(store) == {"k": 2 if done_before else 1}  # its function may run twice, its end comes once


def test_a_stalled_worker_wakes_without_authority(store: Store, worker: Start, tmp_path: Path) -> None:
    """Stopped past its lease, it finds its task another's: it stops there and has written nothing."""
    tasks.enqueue(store, "slow", {}, key="k")
    stalled = worker("stalled", SHORT)
    until((tmp_path / "stalled" / "begun-1").exists)
    os.kill(_pid(stalled), signal.SIGSTOP)
    pass_time(store, 60)
    successor = worker("successor", LONG, once=True)
    until((tmp_path / "successor" / "begun-2").exists)
    (tmp_path / "stalled" / "go").touch()
    os.kill(_pid(stalled), signal.SIGCONT)
    stalled.terminate()
    assert exit_code_of(stalled) in (0, EXIT_LOST)  # as its work or its heartbeat was the first to find out
    assert not (tmp_path / "stalled" / "done-1").exists()
    assert marks(store) == {}
    (tmp_path / "successor" / "go").touch()
    assert exit_code_of(successor) == 0
    task = next(task for task in tasks.list_tasks(store) if task.kind == "slow")
    assert (task.status, task.worker, task.attempt) == ("succeeded", "successor", 2)
    assert marks(store) == {"k": 1}


def test_a_stalled_worker_that_nobody_replaced_goes_on(store: Store, worker: Start, tmp_path: Path) -> None:
    """Its completion beats the loss of its lease, while the task is still its own."""
    tasks.enqueue(store, "slow", {}, key="k")
    stalled = worker("stalled", SHORT, once=True)
    until((tmp_path / "stalled" / "begun-1").exists)
    os.kill(_pid(stalled), signal.SIGSTOP)
    pass_time(store, 60)
    (tmp_path / "stalled" / "go").touch()
    os.kill(_pid(stalled), signal.SIGCONT)
    assert exit_code_of(stalled) == 0
    assert (statuses(store), marks(store)) == (["succeeded"], {"k": 1})


def test_two_workers_do_each_of_many_tasks_once(store: Store, worker: Start) -> None:
    """Racing over the same tasks, both work, and no task has two attempts."""
    with store.begin():
        for number in range(RACE):
            tasks.enqueue(store, "quick", {"number": number}, key=str(number))
    pair = [worker(name, LONG, once=True) for name in ("one", "two")]
    assert [exit_code_of(child) for child in pair] == [0, 0]
    assert marks(store) == {str(number): 1 for number in range(RACE)}
    rows = [task for task in tasks.list_tasks(store) if task.kind == "quick"]
    assert {(task.status, task.attempt) for task in rows} == {("succeeded", 1)}
    assert {task.worker for task in rows} == {"one", "two"}


def test_a_run_that_is_busy_costs_no_attempt(store: Store, worker: Start, tmp_path: Path) -> None:
    """Its task waits for as long as another process works on it, however often that is seen."""
    tasks.enqueue(store, "busy", {}, key="k", max_attempts=1)
    assert exit_code_of(worker("first", LONG, once=True)) == 0
    assert [(task.status, task.attempt) for task in tasks.list_tasks(store)] == [("ready", 0)]
    pass_time(store, 60)
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "go").touch()
    assert exit_code_of(worker("second", LONG, once=True)) == 0
    assert (statuses(store), marks(store)) == (["succeeded"], {"k": 1})


def test_a_worker_that_is_to_end_finishes_its_task(store: Store, worker: Start, tmp_path: Path) -> None:
    """SIGTERM: what it has is done and recorded, what waits stays for others."""
    for key in ("a", "b"):
        tasks.enqueue(store, "slow", {}, key=key)
    child = worker("leaving", LONG)
    until((tmp_path / "leaving" / "begun-1").exists)
    os.kill(_pid(child), signal.SIGTERM)
    (tmp_path / "leaving" / "go").touch()
    assert exit_code_of(child) == 0
    assert (sorted(statuses(store)), marks(store)) == (["ready", "succeeded"], {"a": 1})


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_lost_database_connection_loses_no_work(store: Store, worker: Start, tmp_path: Path) -> None:
    """Every connection of the worker is cut in the middle of its task: it goes on and ends it."""
    tasks.enqueue(store, "slow", {}, key="k")
    child = worker("cut", SHORT * 3)
    until((tmp_path / "cut" / "begun-1").exists)
    for _ in range(3):
        until(lambda: _count(store, CUT_SESSIONS) > 0)
    (tmp_path / "cut" / "go").touch()
    until(lambda: statuses(store) == ["succeeded"])
    os.kill(_pid(child), signal.SIGTERM)
    assert exit_code_of(child) == 0
    assert marks(store) == {"k": 1}


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_an_idle_worker_is_woken(store: Store, worker: Start) -> None:
    """On PostgreSQL procrastinate carries the wake-up: the worker takes the task without looking for it."""
    child = worker("idle", LONG, look_seconds=3600.0)
    until(lambda: _count(store, LISTENERS) > 0)
    tasks.enqueue(store, "quick", {}, key="k")
    until(lambda: statuses(store) == ["succeeded"])
    until(lambda: _count(store, WAKE_UPS) == 0)
    os.kill(_pid(child), signal.SIGTERM)
    assert exit_code_of(child) == 0


def _pid(child: ForkServerProcess) -> int:
    assert child.pid is not None
    return child.pid


def _count(store: Store, query: str) -> int:
    place = store.url.set(drivername="postgresql").render_as_string(hide_password=False)
    schema = f"-c search_path=procrastinate_{version('procrastinate').replace('.', '_')}"
    with psycopg.connect(place, autocommit=True, options=schema) as connection:
        row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return int(row[0])
