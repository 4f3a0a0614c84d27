"""Runs of graphs; of audits also the windows that they claim, and what they carry forward."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, case
from sqlalchemy.orm import Mapped, mapped_column

from tools.store.columns import Base, CleanText

RunStatus = Literal["open", "waiting", "paused", "closed", "failed", "abandoned"]
AUDIT = "audit"
ClaimState = Literal["open", "closed", "abandoned"]
LIVE: tuple[RunStatus, ...] = ("open", "waiting", "paused", "failed")  # still hold their windows


class Run(Base):
    """One run of a graph on its thread. What only an audit has is in AuditRun."""

    __tablename__ = "run"
    __table_args__ = (
        Index("run_by_thread", "thread_id"),
        Index("run_by_status", "status", "started_at"),
        Index("run_by_kind", "kind", "started_at"),
    )

    run_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column()  # audit, feedback, ...
    graph: Mapped[str]
    thread_id: Mapped[str]
    status: Mapped[RunStatus] = mapped_column(CleanText())
    started_by: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str]
    error: Mapped[str]
    attempts: Mapped[int]  # waits so far for what was away
    next_try_at: Mapped[datetime | None]
    parent_run_id: Mapped[str | None] = mapped_column(ForeignKey("run.run_id"))  # run that it repeats
    counts: Mapped[dict[str, Any]]

    __mapper_args__ = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        "polymorphic_on": case((kind == AUDIT, AUDIT), else_=""),
        "polymorphic_identity": "",
        "with_polymorphic": "*",
    }


class AuditRun(Run):
    """One audit cycle: which books it reads, up to which day, and where its snapshot lies."""

    __tablename__ = "audit_run"
    __mapper_args__ = {"polymorphic_identity": AUDIT}  # noqa: RUF012 - as above

    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    entity: Mapped[str]
    sources_path: Mapped[str]
    sources_digest: Mapped[str]
    rules_digest: Mapped[str]
    window_from: Mapped[date | None]
    window_to: Mapped[date | None]
    snapshot_uri: Mapped[str]
    snapshot_sha256: Mapped[str]


class Watermark(Base):
    """Up to which posting day a source is audited without a gap."""

    __tablename__ = "watermark"

    entity: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    posted_to: Mapped[date]
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))


class WindowClaim(Base):
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
