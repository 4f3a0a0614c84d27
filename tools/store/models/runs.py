"""Runs, the windows that they claim, and what they carry forward."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tools.store.columns import Base, CleanText

RunStatus = Literal["open", "waiting", "paused", "closed", "failed", "abandoned"]
ClaimState = Literal["open", "closed", "abandoned"]
LIVE: tuple[RunStatus, ...] = ("open", "waiting", "paused", "failed")  # still hold their windows


class Run(Base):
    """One audit cycle."""

    __tablename__ = "run"
    __table_args__ = (Index("run_by_thread", "thread_id"), Index("run_by_status", "status", "started_at"))

    run_id: Mapped[str] = mapped_column(primary_key=True)
    thread_id: Mapped[str]
    entity: Mapped[str]
    status: Mapped[RunStatus] = mapped_column(CleanText())
    started_by: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    sources_path: Mapped[str]
    sources_digest: Mapped[str]
    rules_digest: Mapped[str]
    window_from: Mapped[date | None]
    window_to: Mapped[date | None]
    snapshot_uri: Mapped[str]
    snapshot_sha256: Mapped[str]
    counts: Mapped[dict[str, Any]]
    outcome: Mapped[str]
    error: Mapped[str]
    attempts: Mapped[int]  # waits so far for what was away
    next_try_at: Mapped[datetime | None]
    parent_run_id: Mapped[str | None] = mapped_column(ForeignKey("run.run_id"))  # run that it repeats


class Watermark(Base):
    """Up to which posting day a source is audited without a gap."""

    __tablename__ = "watermark"

    entity: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    posted_to: Mapped[date]
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))


class Claim(Base):
    """The window of a source that a run holds; from_day None reaches back to the beginning."""

    __tablename__ = "claim"
    __table_args__ = (Index("claim_by_source", "entity", "source", "state"),)

    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    entity: Mapped[str]
    from_day: Mapped[date | None]
    to_day: Mapped[date]
    state: Mapped[ClaimState] = mapped_column(CleanText())


class OpenItem(Base):
    """An unmatched row carried forward to later runs until one matches it."""

    __tablename__ = "open_item"

    entity: Mapped[str] = mapped_column(primary_key=True)
    pair: Mapped[str] = mapped_column(primary_key=True)
    row_key: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    since_run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
