"""Cases and flags, and what happened to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final, Literal

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tools.core import money
from tools.store.columns import BIG_KEY, Base, CleanText

FlagStatus = Literal["proposed", "noted", "approved", "rejected", "skipped", "withdrawn"]
REVIEWABLE: Final[tuple[FlagStatus, ...]] = (
    "proposed",
    "noted",
    "approved",
    "skipped",
)  # a review still counts
Review = Literal["confirmed", "false_positive", "needs_information"]


class Case(Base):
    """Suspects that belong together."""

    __tablename__ = "audit_case"
    __table_args__ = (
        Index("case_by_run", "run_id"),
        Index("case_by_exposure", "exposure_minor", "case_id"),
    )

    case_id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
    title: Mapped[str]
    exposure_minor: Mapped[int]
    currency: Mapped[str]
    severity: Mapped[str]
    status: Mapped[str]
    flags: Mapped[int]
    details: Mapped[dict[str, Any]]


class Flag(Base):
    """What the desk thinks is wrong with a posting. Its status changes; it never goes away."""

    __tablename__ = "flag"
    __table_args__ = (
        Index("flag_by_run", "run_id", "status", "severity"),
        Index("flag_by_exposure", "exposure_base"),
        Index("flag_by_vendor", "vendor"),
        Index("flag_by_row", "row_key"),
        Index("flag_by_case", "case_id", "status"),
        Index("flag_by_severity", "severity", "status", "review", "created_at"),
        Index("flag_by_review", "reviewed_at", "review"),
    )

    flag_id: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(unique=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
    case_id: Mapped[str | None]
    row_key: Mapped[str]
    txn_id: Mapped[str | None]
    source: Mapped[str]
    kind: Mapped[str | None]
    file: Mapped[str | None]
    line: Mapped[int | None]
    vendor: Mapped[str | None]
    person: Mapped[str | None]
    posted_on: Mapped[date | None]
    amount_minor: Mapped[int]
    exposure_minor: Mapped[int]
    currency: Mapped[str]
    exposure_base: Mapped[int]  # the exposure in the entity's currency, minor units: what ranks
    severity: Mapped[str]
    risk: Mapped[str]
    score: Mapped[int]
    confidence: Mapped[float]
    role: Mapped[str | None]  # the senior role that it goes to
    status: Mapped[FlagStatus] = mapped_column(CleanText())
    lead_test: Mapped[str | None]
    partner_key: Mapped[str | None]
    explanation: Mapped[str]
    explained_by: Mapped[str]  # template, or model:NAME
    tests: Mapped[list[Any]]
    documents: Mapped[list[Any]]
    components: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    review: Mapped[Review | None] = mapped_column(CleanText())
    reviewed_by: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]
    review_note: Mapped[str]

    def as_dict(self) -> dict[str, Any]:
        """Give the flag as JSON primitives, with its money also as decimal text."""
        return {
            **super().as_dict(),
            "amount": money.to_text(self.amount_minor, self.currency),
            "exposure": money.to_text(self.exposure_minor, self.currency),
        }


class FlagEvent(Base):
    """What happened to a flag: proposed, seen, judged, decided, reviewed."""

    __tablename__ = "flag_event"
    __table_args__ = (
        UniqueConstraint("flag_id", "once", name="flag_event_once"),
        Index("flag_event_by_kind", "kind", "flag_id", "at"),
    )

    event_id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=True)
    flag_id: Mapped[str] = mapped_column(ForeignKey("flag.flag_id"))
    run_id: Mapped[str]
    kind: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str]
    details: Mapped[dict[str, Any]]
    once: Mapped[str | None]  # what a replay must not write again
