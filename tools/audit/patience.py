"""Wait for what a run needs and is away; a longer wait pauses the run in the store."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tools.core.errors import UnreachableError
from tools.core.retries import PausedError, patiently
from tools.core.settings import Settings
from tools.store import Store, runs

T = TypeVar("T")


def pausing(
    store: Store,
    run_id: str,
    work: Callable[[], T],
    settings: Settings,
    waiting: Callable[[float, UnreachableError], None] | None = None,
) -> T:
    """Do `work` with the waits of `patiently`; raises PausedError once the run is put aside in the store.

    A run that goes on after it was put aside is open again.
    """
    tries = runs.get(store, run_id).attempts
    try:
        result = patiently(work, settings, tries=tries, waiting=waiting)
    except PausedError as paused:
        at = paused.next_try_at
        runs.pause(store, run_id, attempts=paused.tries, next_try_at=at, error=str(paused))
        raise
    if runs.get(store, run_id).status == "paused":
        runs.record(store, run_id, status="open", error="", next_try_at=None)
    return result
