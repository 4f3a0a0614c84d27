"""Tasks: work that outlives the process that asked for it, and the one that does it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tools.store.columns import Base, CleanText

TaskStatus = Literal["ready", "running", "succeeded", "failed", "cancelled"]
ENDED: tuple[TaskStatus, ...] = ("succeeded", "failed", "cancelled")


class Task(Base):
    """A piece of work, and the lease of the worker that has it."""

    __tablename__ = "task"
    __table_args__ = (
        Index("task_by_turn", "status", "priority", "created_at"),
        Index("task_by_worker", "worker", "status"),
    )

    task_id: Mapped[str] = mapped_column(primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    run_id: Mapped[str | None] = mapped_column(ForeignKey("run.run_id"))  # the run that asked for it
    requested_by: Mapped[str] = mapped_column(server_default="")  # as authenticated; "" the desk itself
    status: Mapped[TaskStatus] = mapped_column(CleanText())
    priority: Mapped[int]  # the higher goes first
    attempt: Mapped[int]  # how often a worker took it
    max_attempts: Mapped[int]
    not_before: Mapped[datetime]
    lease_token: Mapped[
        str | None
    ]  # fresh at each claim; stays after the end, so that a repeated end is known
    lease_expires_at: Mapped[datetime | None]
    worker: Mapped[str]
    heartbeat_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any]]
    error: Mapped[str]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]  # of the last attempt
    ended_at: Mapped[datetime | None]
