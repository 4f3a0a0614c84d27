"""What the desk goes by: versions of the rules, changes that reviews led to, names of vendors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
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


class Proposal(Base):
    """A change of the rules that reviews speak for, with its replay; and what became of it."""

    __tablename__ = "proposal"
    __table_args__ = (Index("proposal_by_status", "status", "made_at"),)

    proposal_id: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[str]
    kind: Mapped[str]  # suppress, loosen, tighten
    test: Mapped[str]
    vendor: Mapped[str]
    status: Mapped[str]  # open, testing, refused, superseded, rejected, applied, rolled_back
    made_at: Mapped[datetime]
    since: Mapped[datetime]  # the reviews that it stands on
    until: Mapped[datetime]
    details: Mapped[dict[str, Any]]  # the change, its counts and replay, what speaks against it
    decided_by: Mapped[str]
    decided_at: Mapped[datetime | None]
    note: Mapped[str]


class RuleChange(Base):
    """A change that was made to the rules file, or taken back."""

    __tablename__ = "rule_change"

    change_id: Mapped[str] = mapped_column(primary_key=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.proposal_id"))
    what: Mapped[str]  # applied, rolled back
    author: Mapped[str]
    reason: Mapped[str]
    before_digest: Mapped[str]
    after_digest: Mapped[str]
    diff: Mapped[str]
    at: Mapped[datetime]


class Alias(Base):
    """Another name under which a vendor was met, with the ways that it was learned."""

    __tablename__ = "alias"

    entity: Mapped[str] = mapped_column(primary_key=True)
    alias_key: Mapped[str] = mapped_column(primary_key=True)
    vendor_key: Mapped[str] = mapped_column(primary_key=True)
    seen: Mapped[int]
    confidence: Mapped[float]
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
