"""Read claims: a row each for lists, and a claim with all that belongs to it.

rows(store, ClaimFilter(...)) -> list[dict]     the greatest expected value first
find(store, name) -> RecoveryClaim              its id, or how that begins
dossier(store, name) -> dict                    with party, score, items, contacts, letters, replies, events
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tools.core import money
from tools.core.errors import RunError
from tools.recovery import items
from tools.recovery.expected_value import expected_minor
from tools.recovery.states import CLOSED
from tools.store import Store
from tools.store.columns import Base
from tools.store.models import (
    ClaimFeature,
    ClaimScore,
    ClaimStatus,
    Contact,
    FeeEntry,
    Letter,
    RecoveryClaim,
    RecoveryEvent,
    RecoveryItem,
    RecoveryParty,
    Reply,
)


@dataclass(frozen=True)
class ClaimFilter:
    """Which claims: what is None or empty does not narrow."""

    status: ClaimStatus | None = None
    tier: str = ""
    party: str = ""
    entity: str = ""
    open_only: bool = False
    limit: int = 1000
    offset: int = 0


_OPEN: Final = RecoveryClaim.amount_minor - RecoveryClaim.recovered_minor


def rows(store: Store, criteria: ClaimFilter) -> list[dict[str, Any]]:
    """List claims as rows with their latest score and party, the greatest expected value first."""
    latest = newest_scores()
    query = (
        select(RecoveryClaim, RecoveryParty, ClaimScore)
        .join(RecoveryParty, RecoveryParty.party_id == RecoveryClaim.party_id)
        .outerjoin(latest, latest.c.claim_id == RecoveryClaim.claim_id)
        .outerjoin(
            ClaimScore,
            (ClaimScore.claim_id == RecoveryClaim.claim_id) & (ClaimScore.run_id == latest.c.run_id),
        )
        .order_by(func.coalesce(_OPEN * ClaimScore.probability, 0).desc(), RecoveryClaim.claim_id)
    )
    if criteria.status:
        query = query.where(RecoveryClaim.status == criteria.status)
    if criteria.open_only:
        query = query.where(RecoveryClaim.status.not_in(CLOSED))
    if criteria.tier:
        query = query.where(ClaimScore.tier == criteria.tier)
    if criteria.party:
        query = query.where(RecoveryParty.name.icontains(criteria.party, autoescape=True))
    if criteria.entity:
        query = query.where(RecoveryClaim.entity == criteria.entity)
    with store.read() as session:
        listed = session.execute(query.limit(criteria.limit).offset(criteria.offset)).all()
        return [row(claim, party, score) for claim, party, score in listed]


def newest_scores() -> Any:  # noqa: ANN401 - SQLAlchemy's own generic
    """Give, as a subquery, the run that scored each claim last."""
    ranked = select(
        ClaimScore.claim_id,
        ClaimScore.run_id,
        func.row_number()
        .over(
            partition_by=ClaimScore.claim_id, order_by=(ClaimScore.scored_at.desc(), ClaimScore.run_id.desc())
        )
        .label("place"),
    ).subquery()
    return select(ranked.c.claim_id, ranked.c.run_id).where(ranked.c.place == 1).subquery()


def row(claim: RecoveryClaim, party: RecoveryParty, score: ClaimScore | None) -> dict[str, Any]:
    """Give a claim as a row: amounts as decimal text."""
    code = claim.currency
    left = max(0, claim.amount_minor - claim.recovered_minor)  # of what is open now, not when it was scored
    return {
        **claim.as_dict(),
        "party": party.name,
        "role": party.role,
        "amount": money.to_text(claim.amount_minor, code),
        "recovered": money.to_text(claim.recovered_minor, code),
        "open": money.to_text(left, code),
        "probability": None if score is None else score.probability,
        "expected": None if score is None else money.to_text(expected_minor(left, score.probability), code),
        "tier": "" if score is None else score.tier,
    }


def find(store: Store, name: str) -> RecoveryClaim:
    """Give the claim that a person means by its id, or by how that begins. Raises RunError."""
    with store.read() as session:
        exact = session.get(RecoveryClaim, name)
        query = select(RecoveryClaim).where(RecoveryClaim.claim_id.startswith(name, autoescape=True)).limit(2)
        fitting = [exact] if exact else list(session.scalars(query))
    if len(fitting) != 1:
        count = "several claims begin" if fitting else "there is no claim that begins"
        raise RunError(f"{count} with '{name}'.", remedy="'tieout claims' lists them.")
    return fitting[0]


def dossier(store: Store, name: str) -> dict[str, Any]:
    """Give a claim with all that belongs to it, as JSON primitives."""
    claim = find(store, name)
    with store.read() as session:
        party = session.get_one(RecoveryParty, claim.party_id)
        score = latest_score(session, claim.claim_id)
        scored = None if score is None else session.get(ClaimFeature, (score.run_id, claim.claim_id))
        return {
            **row(claim, party, score),
            "party_row": party.as_dict(),
            "features": dict(sorted(scored.features.items())) if scored else {},
            "items": [
                _money(item) for item in _of(session, RecoveryItem, claim.claim_id, RecoveryItem.role.desc())
            ],
            "contacts": contacts_of(session, claim.party_id),
            "letters": [_money(letter) for letter in _of(session, Letter, claim.claim_id, Letter.level)],
            "replies": [
                {key: value for key, value in reply.items() if key != "raw"}
                for reply in _of(session, Reply, claim.claim_id, Reply.received_at)
            ],
            "events": _of(session, RecoveryEvent, claim.claim_id, RecoveryEvent.event_id),
            "fees": [_money(entry) for entry in _of(session, FeeEntry, claim.claim_id, FeeEntry.entry_id)],
        }


def evidence(store: Store, claim_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Give what each claim rests on: its postings, to file and line, with amounts as decimal text."""
    with store.read() as session:
        items_of = items.of_each(session, claim_ids)
        return {claim_id: [_money(item.as_dict()) for item in rows] for claim_id, rows in items_of.items()}


def latest_score(session: Session, claim_id: str) -> ClaimScore | None:
    """Give a claim's newest score."""
    query = select(ClaimScore).where(ClaimScore.claim_id == claim_id)
    return session.scalar(query.order_by(ClaimScore.scored_at.desc(), ClaimScore.run_id.desc()).limit(1))


def contacts_of(session: Session, party_id: str) -> list[dict[str, Any]]:
    """Give a party's contacts, the surest first."""
    surest_first = (Contact.confidence.desc(), Contact.value)
    query = select(Contact).where(Contact.party_id == party_id).order_by(*surest_first)
    return [contact.as_dict() for contact in session.scalars(query)]


def contacts_and_sources(store: Store, name: str) -> list[dict[str, Any]]:
    """Give the contacts of a claim's party, then each source that gave none, with what it said last."""
    claim = find(store, name)
    with store.read() as session:
        listed = [{**row, "answer": ""} for row in contacts_of(session, claim.party_id)]
        events = _of(session, RecoveryEvent, claim.claim_id, RecoveryEvent.event_id)
    sought = [event["details"] for event in events if event["kind"] == "contacts_sought"]
    columns = ("kind", "value", "name", "position", "status", "legal_basis")
    nothing = {**dict.fromkeys(columns, ""), "confidence": None, "fetched_at": None, "expires_at": None}
    having = {row["source"] for row in listed}
    return listed + [
        {**nothing, "source": source, "answer": answer}
        for source, answer in (sought[-1] if sought else {}).items()
        if source not in having
    ]


def _of(session: Session, model: type[Base], claim_id: str, order: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a column
    query = select(model).where(model.__table__.c.claim_id == claim_id).order_by(order)
    return [row.as_dict() for row in session.scalars(query)]


def _money(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "amount": money.to_text(int(row["amount_minor"]), str(row["currency"]))}
