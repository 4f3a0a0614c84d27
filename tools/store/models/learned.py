"""What the desk goes by: versions of the rules, names of vendors."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tools.store.columns import Base


class RuleVersion(Base):
    """The rules as they stood: every run names one by its digest."""

    __tablename__ = "rule_version"

    digest: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    author: Mapped[str]
    reason: Mapped[str]
    diff: Mapped[str]
    saved_at: Mapped[datetime]


class Alias(Base):
    """Another name under which a vendor was met, with the ways that it was learned."""

    __tablename__ = "alias"

    entity: Mapped[str] = mapped_column(primary_key=True)
    alias_key: Mapped[str] = mapped_column(primary_key=True)
    vendor_key: Mapped[str] = mapped_column(primary_key=True)
    seen: Mapped[int]
    confidence: Mapped[float]
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
