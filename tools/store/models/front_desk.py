"""What the front desk remembers: contexts of requests, uses of figures, recovery attempts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tools.store.columns import BIG_KEY, Base


class TaskContext(Base):
    """One request at the front desk: what was said, how it was understood, chosen, and what came of it."""

    __tablename__ = "task_context"
    __table_args__ = (
        Index("task_context_by_person", "by", "made_at"),
        Index("task_context_by_expiry", "expires_at"),
    )

    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    thread_id: Mapped[str]
    by: Mapped[str]
    text: Mapped[str]  # masked where the settings have a model
    understanding: Mapped[dict[str, Any]]
    plan: Mapped[dict[str, Any]]  # pattern, agents, risk
    results: Mapped[dict[str, Any]]  # references: query ids, runs, tasks, proposals
    hand_offs: Mapped[list[Any]]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class FigureUse(Base):
    """That a figure was computed: which query, of which snapshot, for whom."""

    __tablename__ = "figure_use"
    __table_args__ = (Index("figure_use_by_figure", "figure", "at"),)

    use_no: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
    figure: Mapped[str]
    query_id: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    books_run_id: Mapped[str]
    snapshot_sha256: Mapped[str]
    rows: Mapped[int]
    by: Mapped[str]
    at: Mapped[datetime]


class RecoveryTry(Base):
    """One attempt to recover from an error: by which strategy, and whether it helped."""

    __tablename__ = "recovery_attempt"
    __table_args__ = (Index("recovery_attempt_by_error", "error_type", "strategy"),)

    attempt_no: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
    step: Mapped[str]
    error_type: Mapped[str]
    strategy: Mapped[str]
    number: Mapped[int]  # of this step's attempts
    success: Mapped[bool]
    error: Mapped[str]
    at: Mapped[datetime]
