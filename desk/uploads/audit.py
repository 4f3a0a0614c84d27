"""Audit what was sent, as the person who asked for it: a task for workers, not of the Server."""

from __future__ import annotations

import time
from typing import Any, Final

from desk.uploads.folder import UploadFolder
from tools.audit.read_again import BEGINNING
from tools.core.settings import Settings
from tools.runs import tasks
from tools.runs.starting import start_later
from tools.store import Store, runs, workers
from tools.store.models import ENDED, Task

_LOOK_SECONDS: Final = 0.2
_NOTE: Final = "audit.json"


def start(store: Store, settings: Settings, folder: UploadFolder, token: str, *, again: bool = False) -> None:
    """Put the audit of a folder down for the workers; one that was put down and has not failed is not again.

    again: audit all days again, in place of a run that waits over the same company's books.
    Raises IdentityError for one who may not start it.
    """
    note = folder.read(_NOTE)
    if note and not standing(store, folder).get("failed"):
        return
    values = {"sources": str(folder.sources.resolve())}
    values |= {"again_from": BEGINNING} if again else {}
    attempt = int(note.get("attempt", 0)) + 1
    key = f"upload {folder.name} {attempt}"
    task = start_later(store, settings, "audit", values, token=token, key=key)
    folder.write(_NOTE, {"thread": task.task_id, "key": key, "attempt": attempt})


def standing(store: Store, folder: UploadFolder) -> dict[str, Any]:
    """Give how a folder's audit stands: empty before it was asked for, else its thread, and why it failed.

    no_worker: it waits, and nobody is there to take it.
    """
    note = folder.read(_NOTE)
    task = _task(store, note)
    if task is None:
        return note
    failures = {"failed": task.error, "cancelled": "it was cancelled"}
    waits = task.status == "ready" and not workers.others_alive(store, "")
    return {**note, "failed": failures.get(task.status, ""), "no_worker": waits}


def wait(store: Store, folder: UploadFolder, seconds: float) -> None:
    """Wait for a short while, if a worker is there: a small one asks its question by then."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        task = _task(store, folder.read(_NOTE))
        if task is None or task.status in ENDED or not workers.others_alive(store, ""):
            return
        time.sleep(_LOOK_SECONDS)


def run_of(store: Store, folder: UploadFolder) -> str:
    """Give the run of a folder's audit; empty before there is one."""
    thread_id = folder.read(_NOTE).get("thread")
    run = runs.of_thread(store, str(thread_id)) if thread_id else None
    return run.run_id if run else ""


def _task(store: Store, note: dict[str, Any]) -> Task | None:
    return tasks.of_key(store, str(note["key"])) if "key" in note else None
