"""What a worker writes about its task: each write names the token of its claim, or writes nothing.

heartbeat(store, lease)                      the lease begins anew
succeed(store, lease, result)                also after the lease's time, while nobody else claimed the task
fail(store, lease, error, retry_seconds=)    due again later, or failed for good
hand_back(store, lease, wait_seconds=)       ready again, the attempt not counted
fenced(store, lease)                         a transaction in which the lease cannot be lost

A write that meets another token raises LostLeaseError: the worker has lost its authority, and stops.
The token is the fencing token of Kleppmann, Designing Data-Intensive Applications, chapter 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tools.core.errors import TieoutError
from tools.runs.wake_ups import wake
from tools.store import Store
from tools.store.models import Task, TaskStatus
from tools.store.store_time import store_time
from tools.store.writes import changed_rows


class LostLeaseError(TieoutError):
    """A worker no longer has the task that it writes about."""


@dataclass(frozen=True)
class Lease:
    """A task as its worker has it. token: fresh at each claim; seconds: how long silence is allowed."""

    task_id: str
    kind: str
    key: str
    parameters: Mapping[str, Any]
    run_id: str | None
    attempt: int
    max_attempts: int
    token: str = field(repr=False)
    seconds: float


def heartbeat(store: Store, lease: Lease) -> None:
    """Say that the worker is alive: its lease begins anew. Raises LostLeaseError."""
    with store.begin() as session:
        now = store_time(session)
        expires = now + timedelta(seconds=lease.seconds)
        _write(session, lease, heartbeat_at=now, lease_expires_at=expires)


def succeed(store: Store, lease: Lease, result: Mapping[str, Any]) -> None:
    """End the task with its result, JSON. Raises LostLeaseError once another worker has it.

    Said again, after an answer that got lost, it changes nothing.
    """
    with store.begin() as session:
        _end(session, lease, "succeeded", result=dict(result), error="")


def fail(store: Store, lease: Lease, error: str, *, retry_seconds: float | None = None) -> TaskStatus:
    """Record why an attempt failed; give "ready" when another follows, "failed" when none does.

    retry_seconds: after how long it may be tried again; None: never. Raises LostLeaseError.
    """
    with store.begin() as session:
        if retry_seconds is None or lease.attempt >= lease.max_attempts:
            _end(session, lease, "failed", error=error)
            return "failed"
        later = store_time(session) + timedelta(seconds=retry_seconds)
        _write(session, lease, status="ready", error=error, not_before=later)
        wake(session, lease.task_id, retry_seconds)
        return "ready"


def hand_back(store: Store, lease: Lease, *, wait_seconds: float = 0.0) -> None:
    """Leave the task to the next worker, as if it had not been taken. Raises LostLeaseError."""
    with store.begin() as session:
        later = store_time(session) + timedelta(seconds=wait_seconds)
        _write(session, lease, status="ready", attempt=lease.attempt - 1, not_before=later)
        wake(session, lease.task_id, wait_seconds)


@contextmanager
def fenced(store: Store, lease: Lease) -> Iterator[Session]:
    """Open a transaction for what the task writes in the store: it commits only under the lease.

    Nobody can claim the task before it ends. Raises LostLeaseError before anything is written.
    """
    with store.begin() as session:
        row = select(Task.task_id).where(*_authority(lease)).with_for_update()
        if session.scalar(row) is None:
            raise _lost(lease)
        yield session


def _authority(lease: Lease) -> tuple[Any, ...]:
    return (Task.task_id == lease.task_id, Task.lease_token == lease.token, Task.status == "running")


def _end(session: Session, lease: Lease, status: TaskStatus, **columns: object) -> None:
    _write(session, lease, status=status, ended_at=store_time(session), **columns)


def _write(session: Session, lease: Lease, **columns: object) -> None:
    statement = update(Task).where(*_authority(lease)).values(columns)
    if changed_rows(session, statement):
        return
    same = (Task.task_id == lease.task_id, Task.lease_token == lease.token)
    status = session.scalar(select(Task.status).where(*same))
    if status is None or status != columns.get("status"):
        raise _lost(lease)


def _lost(lease: Lease) -> LostLeaseError:
    return LostLeaseError(
        f"attempt {lease.attempt} lost its authority: the task is another worker's, or was cancelled.",
        place=f"task {lease.task_id}",
    )
