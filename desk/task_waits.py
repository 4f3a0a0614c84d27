"""Wait a moment for a task that a page put down, and say how it stands: a small one has ended by then."""

from __future__ import annotations

import time
from typing import Final, Literal

from tools.core.errors import RunError
from tools.runs import tasks
from tools.store import Store, workers
from tools.store.models import ENDED, Task

Came = Literal["done", "running", "waiting"]
_LOOK_SECONDS: Final = 0.2


def wait(store: Store, task_id: str, seconds: float) -> Came:
    """Give "done", "running" or, where no worker is there to take it, "waiting".

    Raises RunError with the reason of one that failed.
    """
    end = time.monotonic() + seconds
    while (task := tasks.get(store, task_id)).status not in ENDED:
        if is_unattended(store, task):
            return "waiting"
        if time.monotonic() >= end:
            return "running"
        time.sleep(_LOOK_SECONDS)
    if task.status == "failed":
        raise RunError(f"the run failed: {task.error}", remedy="The run's page has more.")
    return "done"


def is_unattended(store: Store, task: Task) -> bool:
    """Say whether a task waits, and no worker lives that could take it."""
    return task.status == "ready" and not workers.others_alive(store, "")
