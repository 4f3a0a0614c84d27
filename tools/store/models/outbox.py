"""The notices that go out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tools.store.columns import Base


class OutboxMessage(Base):
    """A notice to deliver at least once under a message id that does not change."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("origin_kind", "origin_id", "kind", "recipient", name="outbox_once"),
        Index("outbox_by_age", "status", "next_try_at"),
        Index("outbox_by_recipient", "recipient", "status"),
        Index("outbox_by_batch", "batch"),
    )

    message_id: Mapped[str] = mapped_column(primary_key=True)
    origin_kind: Mapped[str]  # what it is about: run, desk, ...
    origin_id: Mapped[str]
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
