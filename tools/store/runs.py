"""Runs of graphs: start, look up, change status. Windows of audits are in windows.py.

start(store, ...) -> Run            idempotent: a thread's live run is given back
start_audit(store, ...) -> AuditRun the same, over which books
close(store, run_id, outcome)       end a run that claims no window
get(store, run_id) -> Run           RunError when there is none
find(store, name) -> AuditRun       "last", a run id, or the beginning of an audit's
find_any(store, name) -> Run        the same of any graph
of_thread(store, thread_id) -> Run | None
list_runs(store, kind=, status=, limit=, offset=) -> list[Run]
set_status(store, run_id, status, ...)     never out of closed or abandoned
record(store, run_id, **columns)    snapshot, counts, window ... as they become known
pause(store, run_id, attempts, next_try_at, error)   a source is away; due_again(store) lists what to take up
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.core.errors import RunError
from tools.store import trail
from tools.store.database import Store, lock
from tools.store.models import LIVE, AuditRun, Run, RunStatus

FINAL = ("closed", "abandoned")
_NO_RUN = "'tieout runs' lists them."
AnyRun = TypeVar("AnyRun", bound=Run)


def start(
    store: Store,
    *,
    graph: str,
    thread_id: str,
    started_by: str,
    kind: str = "",
    run_id: str = "",
    details: dict[str, Any] | None = None,
) -> Run:
    """Open a run of a graph, or give back the live one of this thread.

    kind: what sort of run it is; the graph's name where it is absent. details: for the trail.
    """
    with store.begin() as session:
        lock(session, f"thread:{thread_id}")
        live_run = _live(session, thread_id)
        if live_run is not None:
            return live_run
        fresh = Run(kind=kind or graph, **_columns(graph, thread_id, started_by, run_id))
        return _begin(store, session, fresh, details or {})


def start_audit(
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
) -> AuditRun:
    """Open an audit, or give back the live one of this thread.

    Raises RunError when the thread's live run was started over other sources.
    """
    with store.begin() as session:
        lock(session, f"thread:{thread_id}")
        live_run = _live(session, thread_id)
        if live_run is not None:
            return _same(live_run, sources_digest)
        fresh = AuditRun(
            kind="audit",
            entity=entity,
            sources_path=sources_path,
            sources_digest=sources_digest,
            rules_digest=rules_digest,
            snapshot_uri="",
            snapshot_sha256="",
            parent_run_id=parent_run_id,
            **_columns("audit", thread_id, started_by, run_id),
        )
        return _begin(store, session, fresh, {"sources": sources_path, "entity": entity})


def _columns(graph: str, thread_id: str, started_by: str, run_id: str) -> dict[str, Any]:
    at = clock().now()
    return {
        "run_id": run_id or f"{at:%Y%m%d}-{secrets.token_hex(3)}",
        "graph": graph,
        "thread_id": thread_id,
        "status": "open",
        "started_by": started_by,
        "started_at": at,
        "counts": {},
        "outcome": "",
        "error": "",
        "attempts": 0,
    }


def _begin(store: Store, session: Session, fresh: AnyRun, details: dict[str, Any]) -> AnyRun:
    session.add(fresh)
    session.flush()
    trail.start(store, fresh.run_id, fresh.started_by, details)
    return fresh


def close(store: Store, run_id: str, outcome: str) -> Run:
    """End a run that claims no window of the books. Closing again changes nothing."""
    with store.begin() as session:
        run = get(store, run_id)
        if run.status == "closed":
            return run
        run = live(session, run_id)
        run.status, run.outcome, run.ended_at, run.next_try_at = "closed", outcome, clock().now(), None
        session.flush()
        trail.end(store, run_id, "tieout", "closed", {"outcome": outcome})
        return run


def get(store: Store, run_id: str) -> Run:
    """Give a run. Raises RunError when there is none of that id."""
    with store.read() as session:
        run = session.get(Run, run_id)
        if run is None:
            raise RunError(f"there is no run '{run_id}'.", remedy="'tieout runs' lists them.")
        return run


def audit(store: Store, run_id: str) -> AuditRun:
    """Give an audit. Raises RunError when there is none of that id."""
    return _as_audit(get(store, run_id))


def find(store: Store, name: str) -> AuditRun:
    """Give the audit that a person means: "last", its id, or the beginning of its id.

    The last one is the newest that read anything: not one that was refused, as another held its window.
    Raises RunError when none or several fit.
    """
    refused = (AuditRun.status == "abandoned") & (AuditRun.snapshot_uri == "")
    query = select(AuditRun).order_by(refused, Run.started_at.desc(), Run.run_id.desc()).limit(2)
    if name != "last":
        return _as_audit(find_any(store, name))
    with store.read() as session:
        newest = session.scalar(query.limit(1))
    if newest is None:
        raise RunError("there are no runs yet.", remedy="'tieout audit SOURCES' starts one.")
    return newest


def find_any(store: Store, name: str) -> Run:
    """Give the run of any graph that a person means: "last", its id, or how that begins.

    "last" is the last audit, or, where none was begun, the newest run of whatever graph.
    """
    if name == "last":
        newest = list_runs(store, limit=1)
        return find(store, name) if list_audits(store, limit=1) or not newest else newest[0]
    query = select(Run).where(Run.run_id.startswith(name, autoescape=True)).limit(2)
    with store.read() as session:
        exact = session.get(Run, name)
        fitting = [exact] if exact else list(session.scalars(query))
    if len(fitting) != 1:
        count = "several runs begin" if fitting else "there is no run that begins"
        raise RunError(f"{count} with '{name}'.", remedy=_NO_RUN)
    return fitting[0]


def _as_audit(run: Run) -> AuditRun:
    if not isinstance(run, AuditRun):
        raise RunError(f"run {run.run_id} is of {run.graph}, not an audit.", remedy=_NO_RUN)
    return run


def of_thread(store: Store, thread_id: str) -> Run | None:
    """Give the newest run of a thread."""
    query = select(Run).where(Run.thread_id == thread_id).order_by(Run.started_at.desc()).limit(1)
    with store.read() as session:
        return session.scalar(query)


def list_runs(
    store: Store, *, kind: str = "", status: RunStatus | None = None, limit: int = 50, offset: int = 0
) -> list[Run]:
    """List runs of any graph, or of one kind, newest first."""
    query = select(Run).where(Run.kind == kind) if kind else select(Run)
    return _newest(store, query, status, limit, offset)


def list_audits(
    store: Store, *, entity: str = "", status: RunStatus | None = None, limit: int = 50, offset: int = 0
) -> list[AuditRun]:
    """List audits, of one entity where it is named, newest first."""
    query = select(AuditRun).where(AuditRun.entity == entity) if entity else select(AuditRun)
    return _newest(store, query, status, limit, offset)


def _newest(
    store: Store, query: Select[AnyRun], status: RunStatus | None, limit: int, offset: int
) -> list[AnyRun]:
    if status:
        query = query.where(Run.status == status)
    newest = query.order_by(Run.started_at.desc(), Run.run_id.desc()).limit(limit).offset(offset)
    with store.read() as session:
        return list(session.scalars(newest))


def set_status(store: Store, run_id: str, status: RunStatus, *, error: str = "", outcome: str = "") -> Run:
    """Change a live run's status ("closed" and "abandoned" are windows.close and windows.abandon).

    Raises RunError for a run that has ended.
    """
    if status in FINAL:
        raise ValueError(f"a run is {status} by tools.store.windows, with its windows, or by close")
    return record(store, run_id, status=status, error=error, outcome=outcome, next_try_at=None)


def record(store: Store, run_id: str, **columns: object) -> Run:
    """Write columns of a live run: snapshot_uri, snapshot_sha256, counts, window_from, window_to ...

    Raises RunError for a run that has ended.
    """
    with store.begin() as session:
        run = live(session, run_id)
        for name, value in columns.items():
            if name not in type(run).__mapper__.column_attrs:
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


def ended(store: Store, run_ids: Sequence[str]) -> list[str]:
    """Give those of these runs that this store knows and that have ended."""
    query = select(Run.run_id).where(Run.run_id.in_(run_ids), Run.status.in_(FINAL))
    with store.read() as session:
        return list(session.scalars(query))


def live(session: Session, run_id: str) -> Run:
    """Give a run that has not ended, locked for this transaction. Raises RunError otherwise."""
    run = session.get(Run, run_id, with_for_update={"of": Run.__table__})
    if run is None:
        raise RunError(f"there is no run '{run_id}'.", remedy="'tieout runs' lists them.")
    if run.status in FINAL:
        raise RunError(f"run {run_id} is {run.status}.", remedy="Start another with 'tieout audit'.")
    return run


def _live(session: Session, thread_id: str) -> Run | None:
    query = select(Run).where(Run.thread_id == thread_id, Run.status.in_(LIVE))
    return session.scalar(query.order_by(Run.started_at.desc()).limit(1))


def _same(live_run: Run, sources_digest: str) -> AuditRun:
    run = _as_audit(live_run)
    if run.sources_digest != sources_digest:
        raise RunError(
            f"thread {run.thread_id} has run {run.run_id} ({run.status}) over other sources.",
            remedy=f"Resume it, or give its window back: 'tieout abandon {run.run_id}'.",
        )
    return run
