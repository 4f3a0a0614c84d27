"""Time what a programme costs beside its tasks: `python -m benchmarks.dispatching [--tasks N] [--workers 4]`.

Worker processes of the desk take the tasks of one programme under leases, begin and end each as a real one,
and wake its graph; only the work itself is left out. Printed: seconds of the clock, and processor seconds of
all processes together, for each task.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import resource
import tempfile
import threading
import time
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Final

import yaml

from desk import logs
from desk.programme_steps import step_kind, wake_programme
from graph.runtime import session
from graph.runtime.worker import Job, TaskKind, Worker, work
from tools.core import settings
from tools.core.environment_variables import with_variables
from tools.programme import records
from tools.programme.completion import Result, TaskStart
from tools.store import Store, open_store, runs

REACH_MS: Final = 50.0
"""To reach for a task, milliseconds."""
TOKEN: Final = "bench"  # noqa: S105 - of a desk that lives for the measurement


def at_once(job: Job, begun: TaskStart) -> Result:
    """Do nothing for a task."""
    del job, begun
    return Result({"pass_rate": 1.0})


KINDS: Final = (step_kind(at_once), TaskKind(records.WAKE, wake_programme))


def measure(folder: Path, tasks: int, workers: int) -> tuple[float, float, float]:
    """Run a programme of so many tasks to its end in `folder`; give seconds of the clock and the processors.

    Of the processors with and without the workers' start.

    Raises RuntimeError where a task was lost or done twice.
    """
    state = session.start(
        {"programme": str(programme_file(folder, tasks, workers))}, graph="programme", token=TOKEN
    )
    before, started = _children(), time.perf_counter()
    spawning = multiprocessing.get_context("spawn")
    starts = spawning.Queue()
    processes = [
        spawning.Process(target=take_all, args=(f"w{number}", state.run_id, starts))
        for number in range(workers)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    spent = time.perf_counter() - started
    store = open_store(settings.load().database_url)
    _require_each_once(store, state.run_id)
    processor = _children() - before
    return spent, processor, processor - sum(starts.get() for _ in processes)


def take_all(name: str, run_id: str, starts: Queue[float]) -> None:
    """Work until the programme has ended; say what the start took of the processor."""
    import graph.programme  # noqa: F401, PLC0415 - loaded at the first wake otherwise

    starts.put(time.process_time())
    logs.configure(settings.load())
    store, drain = open_store(settings.load().database_url), threading.Event()

    def watch() -> None:
        while not drain.wait(1.0):
            if runs.get(store, run_id).status in runs.FINAL:
                drain.set()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    work(Worker(name=name, store=store, settings=settings.load(), kinds=KINDS, drain=drain))


def programme_file(folder: Path, tasks: int, workers: int) -> Path:
    """Write a programme of so many tasks, each behind the one so many before it."""
    names = [f"T{number:04}" for number in range(tasks)]
    listed = [
        {
            "id": name, "name": name, "kind": "command", "command": ["pytest", "x.py"], "seconds": 1,
            "class": "c", "depends_on": [names[at - workers]] if at >= workers else [],
        }
        for at, name in enumerate(names)
    ]  # fmt: skip
    content = {
        "name": "many",
        "plan_approval": "automatic",
        "calendar": {"around_the_clock": True},
        "classes": {"c": {"max_parallel": workers, "resources": {"memory_mb": 1}}},
        "phases": [{"id": "P", "name": "All of them", "tasks": listed}],
    }
    path = folder / "programme.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


def desk_variables(folder: Path, database: str = "") -> dict[str, str]:
    """Give the settings of a desk in a folder, with its one user; SQLite unless a database is named."""
    token = hashlib.sha256(TOKEN.encode()).hexdigest()
    users = f"users:\n  bench: {{name: Bench, roles: [approver], token_sha256: {token}}}\n"
    (folder / "users.yaml").write_text(users, encoding="utf-8")
    return {
        "DATABASE_URL": database or f"sqlite:///{folder}/tieout.db",
        "CHECKPOINT_URL": database or f"sqlite:///{folder}/checkpoints.db",
        "WORKSPACE_URL": str(folder / "runs"),
        "TIEOUT_USERS": str(folder / "users.yaml"),
        "TIEOUT_KEYS": str(folder / "keys"),
        "TIEOUT_LOG_LEVEL": "ERROR",
    }


def _require_each_once(store: Store, run_id: str) -> None:
    standing = records.load(store, run_id)
    ended = [event.step_id for event in records.events_after(store, run_id, 0) if event.kind == "done"]
    if sorted(ended) != sorted(standing.steps) or standing.run.outcome != "completed":
        raise RuntimeError(f"{len(standing.steps)} tasks, {len(ended)} done, {standing.run.outcome}")


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Print what a task costs beside its work."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=1_000)
    parser.add_argument("--workers", type=int, default=4)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with with_variables(desk_variables(folder)):
            spent, processor, beside = measure(folder, chosen.tasks, chosen.workers)
    print(
        f"{chosen.tasks:,} tasks on {chosen.workers} workers, each done once: {spent:.1f} s; a task "
        f"{1_000 * spent / chosen.tasks:.0f} ms of the clock, {1_000 * beside / chosen.tasks:.0f} ms of the "
        f"processors (to reach: {REACH_MS:.0f} ms); {1_000 * processor / chosen.tasks:.0f} with their start"
    )


if __name__ == "__main__":
    main()
