"""Workers of the desk: that they live, where, and what they have done.

beat(store, name, ...)             every few seconds
mark_ended(store, name)                  ended in order
list_workers(store) -> list        the newest first
silent(store, names, seconds) -> list
others_alive(store, name) -> bool
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select, update

from tools.store.database import Store
from tools.store.models import Task, WorkerProcess
from tools.store.store_time import store_time
from tools.store.writes import insert_new

ALIVE_SECONDS: Final = 30.0
GONE_SECONDS: Final = 300.0


def beat(
    store: Store, name: str, host: str, pid: int, *, memory_mb: int, cpu_percent: int, latency_ms: int
) -> None:
    """Show that a worker lives, and what it takes; the first time it is entered."""
    with store.begin() as session:
        now = store_time(session)
        row = {"name": name, "host": host, "pid": pid, "started_at": now, "heartbeat_at": now, "done": 0}
        figures = {"memory_mb": memory_mb, "cpu_percent": cpu_percent, "latency_ms": latency_ms}
        insert_new(session, WorkerProcess, [{**row, "failed": 0, **figures}])
        done, failed = (
            session.scalar(
                select(func.count()).select_from(Task).where(Task.worker == name, Task.status == status)
            )
            for status in ("succeeded", "failed")
        )
        counts = {"done": done or 0, "failed": failed or 0, "heartbeat_at": now, "ended_at": None}
        session.execute(update(WorkerProcess).where(WorkerProcess.name == name).values({**counts, **figures}))


def mark_ended(store: Store, name: str) -> None:
    """Note that a worker has ended in order."""
    with store.begin() as session:
        ended = {"ended_at": store_time(session)}
        session.execute(update(WorkerProcess).where(WorkerProcess.name == name).values(ended))


def list_workers(store: Store) -> list[WorkerProcess]:
    """List workers, the newest first."""
    with store.read() as session:
        return list(session.scalars(select(WorkerProcess).order_by(WorkerProcess.started_at.desc())))


def health(store: Store, worker: WorkerProcess) -> str:
    """Say how a worker is: alive, silent, gone or ended."""
    if worker.ended_at:
        return "ended"
    with store.read() as session:
        silent = (store_time(session) - worker.heartbeat_at).total_seconds()
    if silent > GONE_SECONDS:
        return "gone"
    return "silent" if silent > ALIVE_SECONDS else "alive"


def silent(store: Store, names: Sequence[str], seconds: float) -> list[str]:
    """Give which of these workers have not shown for so long that they live, and have not ended."""
    with store.read() as session:
        before = store_time(session) - timedelta(seconds=seconds)
        query = select(WorkerProcess.name).where(
            WorkerProcess.name.in_(names),
            WorkerProcess.ended_at.is_(None),
            WorkerProcess.heartbeat_at < before,
        )
        return [str(name) for name in session.scalars(query)]


def others_alive(store: Store, name: str) -> bool:
    """Say whether another worker than this one lives."""
    with store.read() as session:
        since = store_time(session) - timedelta(seconds=ALIVE_SECONDS)
        query = select(WorkerProcess.name).where(
            WorkerProcess.name != name,
            WorkerProcess.ended_at.is_(None),
            WorkerProcess.heartbeat_at >= since,
        )
        return session.scalar(query.limit(1)) is not None
