"""Workers that the Server has of its own, as processes: who is alone at the desk starts nothing else.

They take tasks as those of `tieout work` do, and end with the Server, however it ends.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from graph.runtime.worker_pool import PoolScale, WorkerPool
from tools.core import settings
from tools.store import open_store

_log = structlog.stdlib.get_logger(__name__)


@contextmanager
def working(number: int) -> Iterator[None]:
    """Keep so many workers going for the enclosed code; 0 leaves the tasks to `tieout work`."""
    if not number:
        yield
        return
    program = [sys.executable, "-m", "desk.worker_process"]
    store = open_store(settings.load().database_url)
    pool = WorkerPool(store, lambda name: [*program, name], PoolScale(number))
    thread = threading.Thread(target=_keep, args=(pool,), name="workers", daemon=True)
    thread.start()
    try:
        yield
    finally:
        pool.drain.set()
        thread.join()


def _keep(pool: WorkerPool) -> None:
    code = pool.run()
    if code:
        _log.error("the Server's workers could not begin; tasks wait for 'tieout work'", code=code)
