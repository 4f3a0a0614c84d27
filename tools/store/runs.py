"""Runs: start, look up, change status. Closing and abandoning is in claims.py.

start(store, ...) -> Run            idempotent: a thread's live run is given back
get(store, run_id) -> Run           RunError when there is none
find(store, name) -> Run            "last", a run id, or the beginning of one
of_thread(store, thread_id) -> Run | None
list_runs(store, status=, limit=, offset=) -> list[Run]
set_status(store, run_id, status, ...)     never out of closed or abandoned
record(store, run_id, **columns)    snapshot, counts, window ... as they become known
pause(store, run_id, attempts, next_try_at, error)   a source is away; due_again(store) lists what to take up
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.core.errors import RunError
from tools.store import trail
from tools.store.database import Store, lock
from tools.store.models import LIVE, Run, RunStatus

FINAL = ("closed", "abandoned")


def start(
    store: Store,
    *,
    thread_id: str,
    started_by: str,
    run_id: str = "",
    entity: str = "",
    sources_path: str = "",
    sources_digest: str = "",
    rules_digest: str = "",
    parent_run_id: str | None = None,
) -> Run:
    """Open a run, or give back the live one of this thread.

    Raises RunError when the thread's live run was started over other sources.
    """
    with store.begin() as session:
        lock(session, f"thread:{thread_id}")
        live = _live(session, thread_id)
        if live is not None:
            return _same(live, sources_digest)
        at = clock().now()
        run = Run(
            run_id=run_id or f"{at:%Y%m%d}-{secrets.token_hex(3)}",
            thread_id=thread_id,
            entity=entity,
            status="open",
            started_by=started_by,
            started_at=at,
            sources_path=sources_path,
            sources_digest=sources_digest,
            rules_digest=rules_digest,
            parent_run_id=parent_run_id,
            snapshot_uri="",
            snapshot_sha256="",
            counts={},
            outcome="",
            error="",
            attempts=0,
        )
        session.add(run)
        session.flush()
        trail.start(store, run.run_id, started_by, {"sources": sources_path, "entity": entity})
        return run


def get(store: Store, run_id: str) -> Run:
    """Give a run. Raises RunError when there is none of that id."""
    with store.read() as session:
        found = session.get(Run, run_id)
        if found is None:
            raise RunError(f"there is no run '{run_id}'.", remedy="'tieout runs' lists them.")
        return found


def find(store: Store, name: str) -> Run:
    """Give the run that a person means: "last", its id, or the beginning of its id.

    The last one is the newest that read anything: not one that was refused, as another held its window.
    Raises RunError when none or several fit.
    """
    refused = (Run.status == "abandoned") & (Run.snapshot_uri == "")
    query = select(Run).order_by(refused, Run.started_at.desc(), Run.run_id.desc()).limit(2)
    if name != "last":
        query = query.where(Run.run_id.startswith(name, autoescape=True))
    with store.read() as session:
        exact = session.get(Run, name)
        found = [exact] if exact else list(session.scalars(query))
    if not found and name == "last":
        raise RunError("there are no runs yet.", remedy="'tieout audit SOURCES' starts one.")
    if not found or (len(found) > 1 and name != "last"):
        count = "several runs begin" if found else "there is no run that begins"
        raise RunError(f"{count} with '{name}'.", remedy="'tieout runs' lists them.")
    return found[0]


def of_thread(store: Store, thread_id: str) -> Run | None:
    """Give the newest run of a thread."""
    query = select(Run).where(Run.thread_id == thread_id).order_by(Run.started_at.desc()).limit(1)
    with store.read() as session:
        return session.scalar(query)


def list_runs(
    store: Store, *, status: RunStatus | None = None, limit: int = 50, offset: int = 0
) -> list[Run]:
    """List runs, newest first."""
    query = select(Run).order_by(Run.started_at.desc(), Run.run_id.desc()).limit(limit).offset(offset)
    if status:
        query = query.where(Run.status == status)
    with store.read() as session:
        return list(session.scalars(query))


def set_status(store: Store, run_id: str, status: RunStatus, *, error: str = "", outcome: str = "") -> Run:
    """Change a live run's status ("closed" and "abandoned" are claims.close and claims.abandon).

    Raises RunError for a run that has ended.
    """
    if status in FINAL:
        raise ValueError(f"a run is {status} by tools.store.claims, with its windows")
    return record(store, run_id, status=status, error=error, outcome=outcome, next_try_at=None)


def record(store: Store, run_id: str, **columns: Any) -> Run:  # noqa: ANN401 - any column's value
    """Write columns of a live run: snapshot_uri, snapshot_sha256, counts, window_from, window_to ...

    Raises RunError for a run that has ended.
    """
    with store.begin() as session:
        run = live(session, run_id)
        for name, value in columns.items():
            if name not in Run.__mapper__.column_attrs:
                raise TypeError(f"a run has no column {name}")
            setattr(run, name, value)
        session.flush()
        return run


def pause(store: Store, run_id: str, *, attempts: int, next_try_at: datetime | None, error: str) -> Run:
    """Put a run aside until `next_try_at`, after so many attempts; None waits for a person."""
    return record(store, run_id, status="paused", attempts=attempts, next_try_at=next_try_at, error=error)


def due_again(store: Store, now: datetime | None = None) -> list[Run]:
    """List paused runs whose next try is due, the longest waiting first."""
    query = (
        select(Run)
        .where(Run.status == "paused", Run.next_try_at <= (now or clock().now()))
        .order_by(Run.next_try_at)
    )
    with store.read() as session:
        return list(session.scalars(query))


def live(session: Session, run_id: str) -> Run:
    """Give a run that has not ended, locked for this transaction. Raises RunError otherwise."""
    run = session.get(Run, run_id, with_for_update=True)
    if run is None:
        raise RunError(f"there is no run '{run_id}'.", remedy="'tieout runs' lists them.")
    if run.status in FINAL:
        raise RunError(f"run {run_id} is {run.status}.", remedy="Start another with 'tieout audit'.")
    return run


def _live(session: Session, thread_id: str) -> Run | None:
    query = select(Run).where(Run.thread_id == thread_id, Run.status.in_(LIVE))
    return session.scalar(query.order_by(Run.started_at.desc()).limit(1))


def _same(run: Run, sources_digest: str) -> Run:
    if run.sources_digest != sources_digest:
        raise RunError(
            f"thread {run.thread_id} has run {run.run_id} ({run.status}) over other sources.",
            remedy=f"Resume it, or give its window back: 'tieout abandon {run.run_id}'.",
        )
    return run
