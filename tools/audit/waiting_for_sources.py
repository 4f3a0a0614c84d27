"""Wait for what a run needs and is away; a longer wait pauses the run in the store."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tools.core.errors import UnreachableError
from tools.core.retries import PausedError, patiently
from tools.core.settings import Settings
from tools.store import Store, desk_requests, runs

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
    waits: list[UnreachableError] = []

    def counted(seconds: float, error: UnreachableError) -> None:
        waits.append(error)
        if waiting:
            waiting(seconds, error)

    try:
        result = patiently(work, settings, tries=tries, waiting=counted)
    except PausedError as paused:
        _note(store, run_id, paused.tries, str(paused), success=False)
        at = paused.next_try_at
        runs.pause(store, run_id, attempts=paused.tries, next_try_at=at, error=str(paused))
        raise
    if waits or tries:
        _note(store, run_id, tries + len(waits), str(waits[-1]) if waits else "", success=True)
    if runs.get(store, run_id).status == "paused":
        runs.record(store, run_id, status="open", error="", next_try_at=None)
    return result


def _note(store: Store, run_id: str, tries: int, error: str, *, success: bool) -> None:
    """Put the waits for a source beside what else was tried against errors (tools/runs/recovery_table.py)."""
    desk_requests.note_attempt(
        store, run_id, step="source", error_type="TOOL_ERROR", strategy="EXPONENTIAL_BACKOFF", number=tries,
        success=success, error=error,
    )  # fmt: skip
