"""One worker of a pool, as a process of its own: `python -m desk.worker_process NAME [--once]`.

It drains when its standard input closes: the pool asks so, and the pool's death does the same.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

from desk.cli.failures import guarded


def run_worker(name: str, *, once: bool) -> None:
    """Work under a name until the pool lets go, or until nothing is due."""
    # Late: what cannot be imported is an error to be told like any other.
    from desk.cli.startup import begin  # noqa: PLC0415 - imported when used
    from desk.task_kinds import KINDS, Ticks  # noqa: PLC0415 - imported when used
    from desk.worker_signs import Alive  # noqa: PLC0415 - imported when used
    from graph.runtime.worker import Worker, work  # noqa: PLC0415 - imported when used
    from tools.core.garbage import look_seldom  # noqa: PLC0415 - imported when used
    from tools.store import open_store  # noqa: PLC0415 - imported when used

    look_seldom()
    settings = begin()
    store = open_store(settings.database_url)
    worker = Worker(name=name, store=store, settings=settings, kinds=KINDS, once=once, prepare=Ticks(store))
    signal.signal(signal.SIGTERM, lambda *_: worker.drain.set())
    threading.Thread(target=_follow, args=(worker.drain,), name="pool", daemon=True).start()
    with Alive(store, name, settings.metrics_seconds):
        work(worker)


def _follow(drain: threading.Event) -> None:
    """Drain once the pool has let go of the pipe; a graph under way stops at its step's end."""
    while os.read(0, 1):
        pass
    drain.set()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(guarded(lambda: run_worker(sys.argv[1], once="--once" in sys.argv[2:])))
