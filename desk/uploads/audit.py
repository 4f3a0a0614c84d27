"""Audit what was sent, as the person who asked for it, in the background of the Server's process."""

from __future__ import annotations

import threading
import uuid
from typing import Final

import structlog

from desk.uploads.folder import UploadFolder
from graph.runtime import session
from tools.audit.read_again import BEGINNING
from tools.core.errors import TieoutError
from tools.store import Store, runs

_log = structlog.get_logger(__name__)
_LOCK: Final = threading.Lock()
_AT_WORK: Final[dict[str, threading.Thread]] = {}


def start(folder: UploadFolder, token: str, *, again: bool = False) -> str:
    """Start the audit of a folder, and give its thread; one that was started is not again.

    again: audit all days again, in place of a run that waits over the same company's books.
    """
    with _LOCK:
        before = folder.read("audit.json")
        if before and not before.get("failed"):
            return str(before["thread"])
        thread_id = str(uuid.uuid4())
        folder.write("audit.json", {"thread": thread_id})
        thread = threading.Thread(
            target=_run, args=(folder, thread_id, token, again), name=f"audit-{folder.name}", daemon=True
        )
        _AT_WORK[thread_id] = thread
        thread.start()
        return thread_id


def wait(thread_id: str, seconds: float) -> None:
    """Wait for a short while: a small one asks its question by then."""
    with _LOCK:
        thread = _AT_WORK.get(thread_id)
    if thread is not None:
        thread.join(seconds)


def run_of(store: Store, folder: UploadFolder) -> str:
    """Give the run of a folder's audit; empty before there is one."""
    thread_id = folder.read("audit.json").get("thread")
    run = runs.of_thread(store, str(thread_id)) if thread_id else None
    return run.run_id if run else ""


def _run(folder: UploadFolder, thread_id: str, token: str, again: bool) -> None:
    values = {"sources": str(folder.sources.resolve())}
    values |= {"again_from": BEGINNING} if again else {}
    try:
        session.start(values, thread_id=thread_id, token=token)
    except TieoutError as error:
        folder.write("audit.json", {"thread": thread_id, "failed": str(error)})
    except Exception:  # noqa: BLE001 - the run's trail has it; whoever looks at the page is told
        _log.exception("an audit failed", thread_id=thread_id)
        why = "The audit failed. What happened is on the run's page, and in the Server's log."
        folder.write("audit.json", {"thread": thread_id, "failed": why})
