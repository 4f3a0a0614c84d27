"""Workers for tests: kinds that leave marks, and ways to die in the middle of a task.

Each attempt that is done leaves a task of kind "mark" in the store, under the lease and with its end: how
often a task was done is how many marks it has. Files in the worker's folder tell how far it came.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from graph.runtime import worker
from graph.runtime.worker import Job, TaskKind, Worker, work
from tools.core import settings
from tools.runs import leases, tasks, wake_ups
from tools.runs.thread_lock import BusyThreadError
from tools.store import Store, open_store

TIMEOUT_SECONDS = 60.0


def mark(job: Job) -> Mapping[str, Any]:
    """Do the task at once."""
    _mark(job)
    return {"by": os.getpid()}


def wait_for_go(job: Job) -> Mapping[str, Any]:
    """Say that the task has begun, and do it once the file `go` is there."""
    Path(f"begun-{job.lease.attempt}").touch()
    until(lambda: Path("go").exists())
    job.check()
    _mark(job)
    Path(f"done-{job.lease.attempt}").touch()
    return {"by": os.getpid()}


def _mark(job: Job) -> None:
    with leases.fenced(job.store, job.lease):
        key = f"mark {job.lease.key} {job.lease.attempt}"
        tasks.enqueue(job.store, "mark", {"key": job.lease.key}, key=key)


def busy(job: Job) -> Mapping[str, Any]:
    """Meet a run that another process works on, until the file `go` is there."""
    if not Path("go").exists():
        raise BusyThreadError("another process is working on this run.")
    _mark(job)
    return {}


KINDS = (TaskKind("quick", mark), TaskKind("slow", wait_for_go), TaskKind("busy", busy))


def run_worker(
    url: str,
    name: str,
    lease_seconds: float,
    death: str = "",
    *,
    once: bool = False,
    look_seconds: float = 0.5,
) -> None:
    """Work until SIGTERM, or be killed at a point of DEATHS."""
    setattr(wake_ups, "LOOK_SECONDS", look_seconds)  # noqa: B010 - a constant is not assigned to otherwise
    store = open_store(url)
    DEATHS[death]()
    drain = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: drain.set())
    Path("ready").touch()
    work(
        Worker(
            name=name,
            store=store,
            settings=settings.load(),
            kinds=KINDS,
            lease_seconds=lease_seconds,
            drain=drain,
            once=once,
        )
    )


def until(happened: Callable[[], bool]) -> None:
    """Wait for something, and fail when it does not happen."""
    end = time.monotonic() + TIMEOUT_SECONDS
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def marks(store: Store) -> dict[str, int]:
    """Count how often each task was done."""
    counts: dict[str, int] = {}
    for task in tasks.list_tasks(store):
        if task.kind == "mark":
            counts[task.parameters["key"]] = counts.get(task.parameters["key"], 0) + 1
    return counts


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _replace(place: object, name: str, before: bool, after: bool) -> None:
    act = getattr(place, name)

    def dying_call(*arguments: object, **named: object) -> object:
        if before:
            _die()
        value = act(*arguments, **named)
        if after and value is not False:
            _die()
        return value

    setattr(place, name, dying_call)


DEATHS: dict[str, Callable[[], None]] = {
    "": lambda: None,
    "before the claim is committed": lambda: _replace(tasks, "_lease", before=False, after=True),
    "after the claim": lambda: _replace(worker, "_claim", before=False, after=True),
    "before the work is committed": lambda: _replace(tasks, "insert_new", before=False, after=True),
    "after the work": lambda: _replace(leases, "succeed", before=True, after=False),
    "before the end is committed": lambda: _replace(leases, "_end", before=False, after=True),
    "after the end": lambda: _replace(worker, "_succeeded", before=False, after=True),
}
