"""A pool has more workers while they are busy, fewer when they are not, and none that is gone."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graph.runtime import worker_pool
from graph.runtime.worker_pool import PoolScale, WorkerPool
from tools.runs import leases, tasks
from tools.store import Store, open_store, workers

WAITS = [sys.executable, "-S", "-c", "import sys; sys.stdin.read()"]  # until the pool lets go


@pytest.mark.parametrize(
    ("size", "busy", "tasks_wait", "change"),
    [
        (3, 3, True, 1),
        (3, 3, False, 0),
        (6, 6, True, 0),
        (5, 4, True, 0),  # .8 is not above .8
        (4, 2, True, 0),
        (4, 1, True, -1),
        (3, 0, False, 0),
    ],
)
def test_a_pool_grows_when_busy_and_shrinks_when_idle(
    size: int, busy: int, tasks_wait: bool, change: int
) -> None:
    """Between its bounds; busy workers alone are no reason while nothing waits."""
    assert PoolScale(3, 6).change(size, busy, tasks_wait=tasks_wait) == change


@contextmanager
def _running(store: Store, scale: PoolScale, names: list[str]) -> Iterator[None]:
    def command(name: str) -> list[str]:
        names.append(name)
        workers.beat(store, name, "here", 1, memory_mb=1, cpu_percent=1, latency_ms=1)
        return WAITS

    pool = WorkerPool(store, command, scale)
    thread = threading.Thread(target=pool.run)
    thread.start()
    try:
        yield
    finally:
        pool.drain.set()
        thread.join()


def _until(seen: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not seen():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_real_workers_come_go_and_are_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second starts while the first has a task and another waits; a silent one is killed."""
    monkeypatch.setattr(worker_pool, "_SCALE_SECONDS", 0.1)
    store, names = open_store(f"sqlite:///{tmp_path / 'desk.db'}"), list[str]()
    for number in range(2):
        tasks.enqueue(store, "audit", {}, key=f"{number}")
    with _running(store, PoolScale(1, 2), names):
        _until(lambda: len(names) == 1)
        lease = tasks.claim(store, names[0], ["audit"])
        assert lease is not None
        _until(lambda: len(names) == 2)
        second = tasks.claim(store, names[1], ["audit"])
        assert second is not None
        for each in (lease, second):
            leases.succeed(store, each, {})
        time.sleep(0.5)
        assert len(names) == 2
    with _running(store, PoolScale(1, gone_seconds=1), names):
        _until(lambda: len(names) == 4)  # the third never showed that it lives again
    store.close()
