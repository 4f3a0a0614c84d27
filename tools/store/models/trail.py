"""The hash chains of what was done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tools.store.columns import Base


class TrailEntry(Base):
    """One link of a run's hash chain. Triggers refuse to change or delete it."""

    __tablename__ = "trail"
    __table_args__ = (
        UniqueConstraint("run_id", "once", name="trail_once"),
        Index(
            "trail_by_model",
            *("model", "at", "tokens_in", "tokens_out", "cost"),
            sqlite_where=text("model <> ''"),
        ),
        {"sqlite_with_rowid": False},  # a row number is one more way to replace a row
    )

    run_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    inputs: Mapped[str]
    outputs: Mapped[str]
    sizes: Mapped[str]  # canonical JSON text: it is hashed as it stands
    model: Mapped[str]
    tokens_in: Mapped[int]
    tokens_out: Mapped[int]
    cost: Mapped[str]  # decimal text, dollars
    duration_ms: Mapped[int]
    error: Mapped[str]
    details: Mapped[str]  # canonical JSON text
    once: Mapped[str | None]
    prev_hash: Mapped[str]
    hash: Mapped[str]


class TrailHead(Base):
    """The last link of a run's chain, signed. A trigger lets it only advance."""

    __tablename__ = "trail_head"

    run_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str]
    key_id: Mapped[str]
    signature: Mapped[str]
