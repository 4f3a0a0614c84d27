"""The tables of the store. Money is integer minor units; times are aware, in UTC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tools import money
from tools.store.columns import BIG_KEY, Base, CleanText

RunStatus = Literal["open", "waiting", "paused", "closed", "failed", "abandoned"]
ClaimState = Literal["open", "closed", "abandoned"]
FlagStatus = Literal["proposed", "approved", "rejected", "skipped", "withdrawn"]
Review = Literal["confirmed", "false_positive", "needs_information"]
Verdict = Literal["approve", "reject", "modify", "skip", "retry", "continue", "stop"]

LIVE: tuple[RunStatus, ...] = ("open", "waiting", "paused", "failed")  # still hold their windows
_TEXT = CleanText()  # said aloud where the annotation is a Literal


class Run(Base):
    """One audit cycle."""

    __tablename__ = "run"
    __table_args__ = (Index("run_by_thread", "thread_id"), Index("run_by_status", "status", "started_at"))

    run_id: Mapped[str] = mapped_column(primary_key=True)
    thread_id: Mapped[str]
    entity: Mapped[str]
    status: Mapped[RunStatus] = mapped_column(_TEXT)
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
    state: Mapped[ClaimState] = mapped_column(_TEXT)


class OpenItem(Base):
    """An unmatched row carried forward to later runs until one matches it."""

    __tablename__ = "open_item"

    entity: Mapped[str] = mapped_column(primary_key=True)
    pair: Mapped[str] = mapped_column(primary_key=True)
    row_key: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    since_run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))


class Case(Base):
    """Suspects that belong together."""

    __tablename__ = "audit_case"
    __table_args__ = (Index("case_by_run", "run_id"),)

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
        Index("flag_by_exposure", "exposure_minor"),
        Index("flag_by_vendor", "vendor"),
        Index("flag_by_row", "row_key"),
    )

    flag_id: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(unique=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
    case_id: Mapped[str | None]
    row_key: Mapped[str]
    txn_id: Mapped[str | None]
    source: Mapped[str]
    file: Mapped[str | None]
    line: Mapped[int | None]
    vendor: Mapped[str | None]
    posted_on: Mapped[date | None]
    amount_minor: Mapped[int]
    exposure_minor: Mapped[int]
    currency: Mapped[str]
    severity: Mapped[str]
    risk: Mapped[str]
    score: Mapped[int]
    confidence: Mapped[float]
    status: Mapped[FlagStatus] = mapped_column(_TEXT)
    explanation: Mapped[str]
    tests: Mapped[list[Any]]
    documents: Mapped[list[Any]]
    components: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    review: Mapped[Review | None] = mapped_column(_TEXT)
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
    __table_args__ = (UniqueConstraint("flag_id", "once", name="flag_event_once"),)

    event_id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=True)
    flag_id: Mapped[str] = mapped_column(ForeignKey("flag.flag_id"))
    run_id: Mapped[str]
    kind: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str]
    details: Mapped[dict[str, Any]]
    once: Mapped[str | None]  # what a replay must not write again


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
    needs: Mapped[dict[str, Any]]  # subject -> how many different people have to agree
    barred: Mapped[dict[str, Any]]  # subject -> users who may not decide it
    status: Mapped[str]  # open, closed
    outcome: Mapped[str]
    requested_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Decision(Base):
    """What one person said about one subject of a request."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("request_id", "subject", "by", name="decision_once"),)

    decision_id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("approval.request_id"))
    subject: Mapped[str]
    verdict: Mapped[Verdict] = mapped_column(_TEXT)
    by: Mapped[str]
    role: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str]
    changes: Mapped[dict[str, Any]]  # what "modify" asks for


class TrailEntry(Base):
    """One link of a run's hash chain. Triggers refuse to change or delete it."""

    __tablename__ = "trail"
    __table_args__ = (
        UniqueConstraint("run_id", "once", name="trail_once"),
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


class OutboxMessage(Base):
    """A notice to deliver at least once under a message id that does not change."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("run_id", "kind", "recipient", name="outbox_once"),
        Index("outbox_by_age", "status", "next_try_at"),
    )

    message_id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
    kind: Mapped[str]
    recipient: Mapped[str]
    payload: Mapped[dict[str, Any]]
    status: Mapped[str]  # queued, sent
    attempts: Mapped[int]
    error: Mapped[str]
    queued_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


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
