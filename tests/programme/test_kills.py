"""Workers and the graph's own process are killed at any moment: nothing is lost, nothing counts twice."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from desk.task_kinds import KINDS
from graph.runtime.worker import Worker, work
from tests.graph.small import settings_of
from tests.postgres import Cluster
from tests.processes import start as fork
from tests.programme.desks import Task, settle, standing_of, start, write
from tools.core import settings
from tools.programme import records
from tools.runs import tasks
from tools.store import Store, open_store, trail

KILLS = 2
TIMEOUT_SECONDS = 150.0
TEST = "import time\n\n\ndef test_it():\n    time.sleep(0.2)\n"


def live(name: str) -> None:
    """Work until killed."""
    limits = settings.load()
    work(Worker(name=name, store=open_store(limits.database_url), settings=limits, kinds=KINDS))


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.exhaustive)])
def test_killed_at_any_moment_every_task_is_done_once(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Two workers, of whom one after another is killed, whatever it is at; each task has one end."""
    monkeypatch.chdir(tmp_path)  # where a desk on PostgreSQL keeps its key
    settle(tmp_path, monkeypatch)
    if engine == "postgresql":
        cluster: Cluster = request.getfixturevalue("postgres")
        monkeypatch.setenv("DATABASE_URL", cluster.url(cluster.create()))
    store = open_store(settings.load().database_url)
    ids = ["A1", "A2", "B1"]
    tasks: list[Task] = [{"id": name, "test": TEST} for name in ids]
    tasks[2]["depends_on"] = ["A1", "A2"]
    run_id = start(write(tmp_path, tasks)).run_id
    environment = {**os.environ, **settings_of(tmp_path), "DATABASE_URL": settings.load().database_url}
    killed = _kill_and_replace(store, run_id, tmp_path, environment)
    ended = standing_of(store, run_id)
    assert ended.statuses == dict.fromkeys(ids, "done")
    assert ended.run.outcome == "completed"
    assert killed >= 1
    ends = Counter(event.step_id for event in records.events_after(store, run_id, 0) if event.kind == "done")
    assert ends == dict.fromkeys(ids, 1)
    assert [problem.what for problem in trail.verify(store)] == []
    store.close()


def _kill_and_replace(store: Store, run_id: str, folder: Path, environment: dict[str, str]) -> int:
    dice = random.Random(7)
    end, number, killed = time.monotonic() + TIMEOUT_SECONDS, 0, 0
    workers: dict[str, BaseProcess] = {}
    try:
        while standing_of(store, run_id).live:
            assert time.monotonic() < end, standing_of(store, run_id).statuses
            while len(workers) < 2:
                number += 1
                outputs = folder / f"out{number}", folder / f"err{number}"
                name = f"w{number}"
                workers[name] = fork(live, name, cwd=folder, environment=environment, outputs=outputs)
            time.sleep(dice.uniform(0.8, 2.5))
            if killed < KILLS:
                name = dice.choice(sorted(workers))
                _kill(store, name, workers.pop(name))
                killed += 1
    finally:
        for name, process in workers.items():
            _kill(store, name, process)
    return killed


def _kill(store: Store, name: str, process: BaseProcess) -> None:
    """Kill a worker, and free its tasks as its pool does."""
    process.kill()
    process.join()
    tasks.expire_leases(store, name)
