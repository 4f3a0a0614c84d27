"""Audit what was sent, as the person who asked for it: a task for workers, not of the Server."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from desk import task_waits
from desk.uploads.folder import UploadFolder
from tools.audit.read_again import BEGINNING
from tools.core.errors import RunError
from tools.core.settings import Settings
from tools.runs import tasks
from tools.runs.starting import start_later
from tools.store import Store, runs
from tools.store.models import Task

_NOTE: Final = "audit.json"


def start(store: Store, settings: Settings, folder: UploadFolder, token: str, *, again: bool = False) -> None:
    """Put the audit of a folder down for the workers; one that was put down and has not failed is not again.

    again: audit all days again, in place of a run that waits over the same company's books.
    Raises IdentityError for one who may not start it.
    """
    note = folder.read(_NOTE)
    if note and not audit_state(store, folder).get("failed"):
        return
    values = {"sources": str(folder.sources.resolve())}
    values |= {"again_from": BEGINNING} if again else {}
    attempt = int(note.get("attempt", 0)) + 1
    key = f"upload {folder.name} {attempt}"
    task = start_later(store, settings, "audit", values, token=token, key=key)
    folder.write(_NOTE, {"thread": task.task_id, "key": key, "attempt": attempt})


def audit_state(store: Store, folder: UploadFolder) -> dict[str, Any]:
    """Give how a folder's audit stands: empty before it was asked for, else its thread, and why it failed.

    no_worker: it waits, and nobody is there to take it.
    """
    note = folder.read(_NOTE)
    task = _task(store, note)
    if task is None:
        return note
    failures = {"failed": task.error, "cancelled": "it was cancelled"}
    no_worker = task_waits.is_unattended(store, task)
    return {**note, "failed": failures.get(task.status, ""), "no_worker": no_worker}


def wait(store: Store, folder: UploadFolder, seconds: float) -> None:
    """Wait for a short while, if a worker is there: a small one asks its question by then."""
    task = _task(store, folder.read(_NOTE))
    if task is not None:
        with suppress(RunError):  # why it failed is on the folder's page: see standing
            task_waits.wait(store, task.task_id, seconds)


def run_of(store: Store, folder: UploadFolder) -> str:
    """Give the run of a folder's audit; empty before there is one."""
    thread_id = folder.read(_NOTE).get("thread")
    run = runs.of_thread(store, str(thread_id)) if thread_id else None
    return run.run_id if run else ""


def _task(store: Store, note: dict[str, Any]) -> Task | None:
    return tasks.of_key(store, str(note["key"])) if "key" in note else None
