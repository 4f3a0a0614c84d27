"""Tasks: work put down in the store for whichever worker is free, on this machine or another.

enqueue(store, kind, parameters, key=, ...) -> Task   the same key again: the same task
claim(store, worker, kinds, lease_seconds=, on_failed=) -> Lease | None   the next due, under a fresh token
due(store, kinds, task_id=) -> bool                   whether a claim would get something
cancel(store, task_id)                                its worker loses its authority
expire_leases(store, worker) -> int                   of a worker that is known to be dead
get, list_tasks, count_by_status                      to look at
forget(store, kinds, days) -> int                     delete what ended long ago

A worker that has a task writes through tools/runs/leases.py. Time is the store's (see store_time).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from tools.core.errors import RunError
from tools.runs.leases import Lease
from tools.runs.wake_ups import wake
from tools.store import Store
from tools.store.models import ENDED, Task, TaskStatus
from tools.store.store_time import store_time
from tools.store.writes import changed_rows, insert_new

LEASE_SECONDS: Final = 60.0  # a worker that is silent for longer has lost its task
MAX_ATTEMPTS: Final = 3
_TURN = (Task.priority.desc(), Task.created_at, Task.task_id)
_log = structlog.stdlib.get_logger(__name__)


def enqueue(
    store: Store,
    kind: str,
    parameters: Mapping[str, Any],
    *,
    key: str = "",
    run_id: str | None = None,
    priority: int = 0,
    max_attempts: int = MAX_ATTEMPTS,
    delay_seconds: float = 0.0,
    requested_by: str = "",
) -> Task:
    """Put a task down, once for each idempotency key, and wake a worker; give the task as it stands.

    parameters: JSON. run_id: the run that asks for it. requested_by: the user who does, as authenticated:
    what the task starts is theirs, whatever account the worker has. Joins this thread's open transaction.
    Raises RunError when the key is that of another kind of work.
    """
    task_id = uuid.uuid4().hex
    key = key or task_id
    with store.begin() as session:
        now = store_time(session)
        row = {
            "task_id": task_id,
            "idempotency_key": key,
            "kind": kind,
            "parameters": dict(parameters),
            "run_id": run_id,
            "requested_by": requested_by,
            "status": "ready",
            "priority": priority,
            "attempt": 0,
            "max_attempts": max_attempts,
            "not_before": now + timedelta(seconds=delay_seconds),
            "worker": "",
            "result": {},
            "error": "",
            "created_at": now,
        }
        insert_new(session, Task, [row])
        task = session.scalars(select(Task).where(Task.idempotency_key == key)).one()
        if (task.kind, task.parameters, task.requested_by) != (kind, dict(parameters), requested_by):
            raise RunError(f"the key '{key}' is that of another task ({task.kind} {task.task_id}).")
        if task.task_id == task_id:
            wake(session, task_id, delay_seconds)
        return task


def of_key(store: Store, key: str) -> Task | None:
    """Give the task with an idempotency key, if there is one."""
    with store.read() as session:
        return session.scalars(select(Task).where(Task.idempotency_key == key)).one_or_none()


def claim(
    store: Store,
    worker: str,
    kinds: Sequence[str],
    *,
    lease_seconds: float = LEASE_SECONDS,
    on_failed: Callable[[Task], None] = lambda _: None,
) -> Lease | None:
    """Take the next task that is due, or one whose worker fell silent, under a fresh token.

    A task whose last attempt fell silent is failed, not taken; on_failed is called with each such task, in
    the transaction that fails it. No two workers get one task: SQLite has one writer, PostgreSQL skips rows
    that another claims.
    """
    if not due(store, kinds):  # so that who finds nothing writes nothing
        return None
    with store.begin() as session:
        now = store_time(session)
        while task := _next(session, kinds, now):
            if task.attempt < task.max_attempts:
                return _lease(task, worker, now, lease_seconds)
            task.status, task.ended_at = "failed", now
            task.error = f"its worker ({task.worker}) fell silent in attempt {task.attempt}, the last one"
            session.flush()
            on_failed(task)
            now = store_time(session)  # what that put down is due
    return None


def due(store: Store, kinds: Sequence[str], task_id: str = "") -> bool:
    """Say whether a task (or that one) is there for a worker to take."""
    with store.read() as session:
        query = select(Task.task_id).where(_is_due(kinds, store_time(session))).limit(1)
        if task_id:
            query = query.where(Task.task_id == task_id)
        return session.scalar(query) is not None


def cancel(store: Store, task_id: str) -> Task:
    """Cancel a task that has not ended; a worker that has it loses its authority at its next word.

    Raises RunError for one that has ended.
    """
    with store.begin() as session:
        open_task = (Task.task_id == task_id, Task.status.in_(("ready", "running")))
        values = {"status": "cancelled", "ended_at": store_time(session), "lease_token": None}
        rows = changed_rows(session, update(Task).where(*open_task).values(values))
        task = get(store, task_id)
        if not rows:
            raise RunError(f"task {task_id} has ended: it is {task.status}.")
        return task


def retry(store: Store, task_id: str) -> Task:
    """Try a failed task once more, with its own parameters: the same entry goes on, up to 3 times in all.

    Raises RunError for one that has not failed, or was tried as often.
    """
    with store.begin() as session:
        task = session.get(Task, task_id, with_for_update=True)
        if task is None or task.status != "failed":
            status = "not there" if task is None else task.status
            raise RunError(f"task {task_id} is {status}, not failed.", remedy="See: tieout tasks")
        if task.attempt >= MAX_ATTEMPTS:
            raise RunError(f"task {task_id} was tried {task.attempt} times.", remedy="Start it anew.")
        task.status, task.error, task.ended_at = "ready", "", None
        task.max_attempts, task.not_before = task.attempt + 1, store_time(session)
        session.flush()
        wake(session, task_id, 0)
        return task


def expire_leases(store: Store, worker: str) -> int:
    """End the leases of a worker that is known to be dead, so that nobody waits for them."""
    with store.begin() as session:
        values = {"lease_expires_at": store_time(session)}
        having = update(Task).where(Task.worker == worker, Task.status == "running")
        return changed_rows(session, having.values(values))


def get(store: Store, task_id: str) -> Task:
    """Give a task, by its id or the start of it. Raises RunError when none or several fit."""
    query = select(Task).where(Task.task_id.startswith(task_id, autoescape=True)).limit(2)
    with store.read() as session:
        rows = list(session.scalars(query))
    if len(rows) != 1:
        count = "several tasks begin" if rows else "there is no task that begins"
        raise RunError(f"{count} with '{task_id}'.", remedy="'tieout tasks' lists them.")
    return rows[0]


def list_tasks(store: Store, *, status: TaskStatus | None = None, limit: int | None = None) -> list[Task]:
    """List tasks, the newest first."""
    query = select(Task).order_by(Task.created_at.desc(), Task.task_id).limit(limit)
    if status:
        query = query.where(Task.status == status)
    with store.read() as session:
        return list(session.scalars(query))


def busy(store: Store, worker_names: Sequence[str]) -> set[str]:
    """Give which of these workers have a task."""
    query = select(Task.worker).where(Task.worker.in_(worker_names), Task.status == "running")
    with store.read() as session:
        return {str(name) for name in session.scalars(query)}


def waiting(store: Store) -> int:
    """Count the tasks that are due and that no worker has."""
    with store.read() as session:
        query = select(func.count()).where(Task.status == "ready", Task.not_before <= store_time(session))
        return int(session.scalar(query) or 0)


def open_of_run(store: Store, run_id: str, kind: str) -> list[Task]:
    """Give the tasks of a kind that a run asked for and that have not ended."""
    query = select(Task).where(
        Task.run_id == run_id, Task.kind == kind, Task.status.in_(("ready", "running"))
    )
    with store.read() as session:
        return list(session.scalars(query))


def list_open(store: Store, kind: str) -> list[Task]:
    """List the tasks of a kind that have not ended, the oldest first."""
    query = select(Task).where(Task.kind == kind, Task.status.in_(("ready", "running"))).order_by(*_TURN)
    with store.read() as session:
        return list(session.scalars(query))


def of_keys(store: Store, keys: Sequence[str]) -> dict[str, Task]:
    """Give tasks by their idempotency keys; a key without one is left out."""
    query = select(Task).where(Task.idempotency_key.in_(keys))
    with store.read() as session:
        return {task.idempotency_key: task for task in session.scalars(query)}


def count_by_status(store: Store) -> dict[str, int]:
    """Count tasks by status."""
    query = select(Task.status, func.count()).group_by(Task.status)
    with store.read() as session:
        return {str(row[0]): int(row[1]) for row in session.execute(query)}


def forget(store: Store, kinds: Sequence[str], days: float) -> int:
    """Delete tasks of these kinds that ended more than so many days ago; give how many."""
    with store.begin() as session:
        before = store_time(session) - timedelta(days=days)
        old = and_(Task.kind.in_(kinds), Task.status.in_(ENDED), Task.ended_at < before)
        return changed_rows(session, delete(Task).where(old))


def _is_due(kinds: Sequence[str], now: datetime) -> ColumnElement[bool]:
    ready = and_(Task.status == "ready", Task.not_before <= now)
    silent = and_(Task.status == "running", Task.lease_expires_at <= now)
    return and_(Task.kind.in_(kinds), or_(ready, silent))


def _next(session: Session, kinds: Sequence[str], now: datetime) -> Task | None:
    query = select(Task).where(_is_due(kinds, now)).order_by(*_TURN).limit(1)
    return session.scalar(query.with_for_update(skip_locked=True))


def _lease(task: Task, worker: str, now: datetime, lease_seconds: float) -> Lease:
    if task.status == "running":
        _log.warning("task_reassigned", task=task.task_id, kind=task.kind, silent=task.worker, worker=worker)
    task.status, task.worker, task.lease_token = "running", worker, uuid.uuid4().hex
    task.attempt, task.started_at, task.heartbeat_at = task.attempt + 1, now, now
    task.lease_expires_at = now + timedelta(seconds=lease_seconds)
    return Lease(
        task_id=task.task_id,
        kind=task.kind,
        key=task.idempotency_key,
        parameters=task.parameters,
        run_id=task.run_id,
        attempt=task.attempt,
        max_attempts=task.max_attempts,
        token=task.lease_token,
        seconds=lease_seconds,
    )
