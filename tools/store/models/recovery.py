"""Recovery: what is owed, by whom, what was written about it, and what came back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tools.store.columns import BIG_KEY, Base, CleanText

ClaimStatus = Literal[
    "new",
    "enriched",
    "scored",
    "approved",
    "contacted",
    "replied",
    "meeting_booked",
    "won",
    "lost",
    "no_response",
    "archived",
]
LetterStatus = Literal["draft", "approved", "rejected", "queued", "sent", "cancelled"]
PartyRole = Literal["vendor", "customer", "prospect"]


class RecoveryParty(Base):
    """Whoever owes: a vendor, a customer, a prospect."""

    __tablename__ = "recovery_party"
    __table_args__ = (UniqueConstraint("entity", "role", "party_key", name="recovery_party_once"),)

    party_id: Mapped[str] = mapped_column(primary_key=True)
    entity: Mapped[str]
    role: Mapped[PartyRole] = mapped_column(CleanText())
    party_key: Mapped[str]  # the normalised name
    name: Mapped[str]
    external_id: Mapped[str]  # as the books number it
    city: Mapped[str]
    country: Mapped[str]  # ISO 3166
    state: Mapped[str]
    industry: Mapped[str]
    timezone: Mapped[str]  # IANA; empty where it is not known
    language: Mapped[str]
    consumer: Mapped[str]  # "yes" where the party is a private person
    added_at: Mapped[datetime]


class RecoveryClaim(Base):
    """What one party owes for one reason: the amount, its basis, and how far the claim has come."""

    __tablename__ = "recovery_claim"
    __table_args__ = (
        Index("recovery_claim_by_party", "party_id", "status"),
        Index("recovery_claim_by_status", "status", "amount_minor"),
    )

    claim_id: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(unique=True)  # party, kind, documents
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
    party_id: Mapped[str] = mapped_column(ForeignKey("recovery_party.party_id"))
    entity: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    basis: Mapped[str]  # in law or contract
    status: Mapped[ClaimStatus] = mapped_column(CleanText())
    status_at: Mapped[datetime]
    amount_minor: Mapped[int]
    low_minor: Mapped[int]
    high_minor: Mapped[int]
    recovered_minor: Mapped[int]
    currency: Mapped[str]
    arisen_on: Mapped[date]  # of the earliest item that is open
    risk: Mapped[str]
    hold: Mapped[str]  # why no letter goes out: dispute, question, promise; empty where none
    not_before: Mapped[date | None]
    level: Mapped[int]  # letters sent
    thread_id: Mapped[str]  # Message-ID of the first letter
    approved_by: Mapped[str]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str]
    note: Mapped[str]


class RecoveryItem(Base):
    """A posting that a claim rests on: what was owed, paid, credited, and where it stands in the books."""

    __tablename__ = "recovery_item"
    __table_args__ = (Index("recovery_item_by_claim", "claim_id"),)

    item_id: Mapped[str] = mapped_column(primary_key=True)
    claim_id: Mapped[str] = mapped_column(ForeignKey("recovery_claim.claim_id"))
    role: Mapped[str]  # owed, basis, credit
    document: Mapped[str]
    reference: Mapped[str]
    dated_on: Mapped[date | None]
    due_on: Mapped[date | None]
    amount_minor: Mapped[int]
    currency: Mapped[str]
    row_key: Mapped[str]
    source: Mapped[str]
    file: Mapped[str]
    line: Mapped[int | None]
    flag_id: Mapped[str]
    note: Mapped[str]


class ClaimScore(Base):
    """How much a claim is worth: its chance, expected value and tier, as one run saw it."""

    __tablename__ = "claim_score"
    __table_args__ = (Index("claim_score_by_claim", "claim_id", "scored_at"),)

    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    claim_id: Mapped[str] = mapped_column(ForeignKey("recovery_claim.claim_id"), primary_key=True)
    scored_at: Mapped[datetime]
    probability: Mapped[float]
    expected_minor: Mapped[int]
    tier: Mapped[str]  # high, medium, low


class ClaimFeature(Base):
    """What a score rests on, by name."""

    __tablename__ = "claim_feature"

    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    claim_id: Mapped[str] = mapped_column(ForeignKey("recovery_claim.claim_id"), primary_key=True)
    features: Mapped[dict[str, Any]]


class Contact(Base):
    """An address or number of a party: where it comes from, until when it may be kept, how sure it is."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("party_id", "kind", "value", name="contact_once"),)

    contact_id: Mapped[str] = mapped_column(primary_key=True)
    party_id: Mapped[str] = mapped_column(ForeignKey("recovery_party.party_id"))
    kind: Mapped[str]  # email, phone
    value: Mapped[str]
    name: Mapped[str]
    position: Mapped[str]
    source: Mapped[str]
    legal_basis: Mapped[str]
    confidence: Mapped[float]
    status: Mapped[str]  # valid, ambiguous, hard_bounce
    soft_bounces: Mapped[int]
    fetched_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


class Letter(Base):
    """A letter about a claim: drafted, approved, and sent once."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("claim_id", "level", "attempt", name="letter_once"),
        Index("letter_by_status", "status", "drafted_at"),
    )

    letter_id: Mapped[str] = mapped_column(primary_key=True)
    claim_id: Mapped[str] = mapped_column(ForeignKey("recovery_claim.claim_id"))
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
    level: Mapped[int]
    attempt: Mapped[int]  # the next one of a level, after a rejected or cancelled one
    language: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    template_body: Mapped[str]  # as the template gave it
    amount_minor: Mapped[int]
    currency: Mapped[str]
    status: Mapped[LetterStatus] = mapped_column(CleanText())
    message_id: Mapped[str]
    in_reply_to: Mapped[str]
    headers: Mapped[dict[str, Any]]
    approved_by: Mapped[str]
    edited_by: Mapped[str]
    note: Mapped[str]  # why it was cancelled or waits
    doubled: Mapped[int]  # tries that may have been accepted before their process died
    drafted_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]


class RecoveryEvent(Base):
    """What happened to a claim or its letters."""

    __tablename__ = "recovery_event"
    __table_args__ = (
        UniqueConstraint("claim_id", "once", name="recovery_event_once"),
        Index("recovery_event_by_time", "at"),
        Index("recovery_event_by_kind", "kind", "at"),
    )

    event_id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=True)
    claim_id: Mapped[str] = mapped_column(ForeignKey("recovery_claim.claim_id"))
    kind: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    details: Mapped[dict[str, Any]]
    once: Mapped[str | None]  # what a replay must not write again


class SuppressedAddress(Base):
    """An address or domain that no letter goes to; the digest stays when the address is erased."""

    __tablename__ = "suppression"

    digest: Mapped[str] = mapped_column(primary_key=True)  # SHA-256 of the address in lower case
    address: Mapped[str]
    reason: Mapped[str]  # opt_out, complaint, hard_bounce, soft_bounces, by_hand
    by: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str]


class Reply(Base):
    """A mail that came in, kept as it came, and what it was read to be."""

    __tablename__ = "reply"
    __table_args__ = (Index("reply_by_claim", "claim_id", "received_at"), Index("reply_by_status", "status"))

    reply_id: Mapped[str] = mapped_column(primary_key=True)  # SHA-256 of the raw mail
    claim_id: Mapped[str | None] = mapped_column(ForeignKey("recovery_claim.claim_id"))
    letter_id: Mapped[str | None] = mapped_column(ForeignKey("letter.letter_id"))
    received_at: Mapped[datetime]
    sender: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]  # without what it quotes
    kind: Mapped[str]
    reason: Mapped[str]
    code: Mapped[str]  # RFC 3463
    hard: Mapped[str]  # yes, no, or empty where it is no bounce
    sentiment: Mapped[str]  # positive, neutral, negative
    confidence: Mapped[float]
    status: Mapped[str]  # applied, unsure, settled, ignored
    decided_by: Mapped[str]
    raw: Mapped[str]  # base64


class FeeEntry(Base):
    """A line of the fee ledger: a contingency fee on what came back, or a write-off."""

    __tablename__ = "fee_entry"
    __table_args__ = (UniqueConstraint("claim_id", "once", name="fee_entry_once"),)

    entry_id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=True)
    claim_id: Mapped[str] = mapped_column(ForeignKey("recovery_claim.claim_id"))
    kind: Mapped[str]  # fee, write_off
    base_minor: Mapped[int]
    rate_e4: Mapped[int]  # ten-thousandths
    amount_minor: Mapped[int]
    currency: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str]
    once: Mapped[str]
