"""Requests to people, their decisions, and the notices that go out."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tools.store.columns import BIG_KEY, Base, CleanText

Verdict = Literal["approve", "reject", "modify", "skip", "retry"]


class Approval(Base):
    """A request to people: what is asked, of how many, and whether it is still open."""

    __tablename__ = "approval"
    __table_args__ = (
        UniqueConstraint("run_id", "kind", "attempt", name="approval_once"),
        Index("approval_by_age", "status", "requested_at"),
    )

    request_id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
    kind: Mapped[str]  # gate, flags
    attempt: Mapped[int]
    risk: Mapped[str]
    payload: Mapped[dict[str, Any]]
    needs: Mapped[dict[str, Any]]  # flag or subject -> how many different people have to agree
    barred: Mapped[dict[str, Any]]  # flag or subject -> users who may not decide it
    status: Mapped[str]  # open, closed
    outcome: Mapped[str]
    requested_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]  # when it goes to a senior role, too
    escalated_at: Mapped[datetime | None]


class Decision(Base):
    """What one person said about one subject of a request."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("request_id", "subject", "by", name="decision_once"),)

    decision_id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("approval.request_id"))
    subject: Mapped[str]
    verdict: Mapped[Verdict] = mapped_column(CleanText())
    by: Mapped[str]
    role: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str]
    changes: Mapped[dict[str, Any]]  # what "modify" asks for


class OutboxMessage(Base):
    """A notice to deliver at least once under a message id that does not change."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("run_id", "kind", "recipient", name="outbox_once"),
        Index("outbox_by_age", "status", "next_try_at"),
        Index("outbox_by_recipient", "recipient", "status"),
        Index("outbox_by_batch", "batch"),
    )

    message_id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
    kind: Mapped[str]
    recipient: Mapped[str]
    payload: Mapped[dict[str, Any]]
    status: Mapped[str]  # queued, sent, given_up
    batch: Mapped[str]  # the message that it goes out in, once a sender took it: it never changes again
    owner: Mapped[str]  # the sender that holds it until next_try_at
    attempts: Mapped[int]
    failures: Mapped[int]
    error: Mapped[str]
    queued_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
