"""Which claims a letter is due on now, and why the others have to wait.

due(session, rules, now) -> list[Due]
why_not(...) -> str                          the same conditions again, in the transaction that sends
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tools.recovery import suppressions
from tools.recovery.states import WRITTEN
from tools.rules.recovery import RecoveryRules
from tools.store.models import Contact, Letter, LetterStatus, RecoveryClaim, RecoveryParty
from tools.store.writes import in_batches

UNDER_WAY: tuple[LetterStatus, ...] = ("draft", "approved", "queued")


class Due(NamedTuple):
    """A claim that a letter is due on, its party, and the address that it goes to."""

    claim: RecoveryClaim
    party: RecoveryParty
    contact: Contact
    last_sent: datetime | None


def due(session: Session, rules: RecoveryRules, now: datetime, entity: str = "") -> list[Due]:
    """List the claims on which the next letter is due, oldest first."""
    under_way = select(Letter.claim_id).where(Letter.status.in_(UNDER_WAY))
    query = (
        select(RecoveryClaim, RecoveryParty)
        .join(RecoveryParty, RecoveryParty.party_id == RecoveryClaim.party_id)
        .where(RecoveryClaim.status.in_(WRITTEN), RecoveryClaim.claim_id.not_in(under_way))
        .order_by(RecoveryClaim.arisen_on, RecoveryClaim.claim_id)
    )
    if entity:
        query = query.where(RecoveryClaim.entity == entity)
    rows = session.execute(query).all()
    sent = last_sent(session, [claim.claim_id for claim, _ in rows])
    ready = [
        (claim, party)
        for claim, party in rows
        if not claim_waits(
            claim, party, rules, now.date(), DueStep(claim.level + 1, sent.get(claim.claim_id))
        )
    ]
    addresses = surest_addresses(session, {party.party_id for _, party in ready}, now)
    return [
        Due(claim, party, addresses[party.party_id], sent.get(claim.claim_id))
        for claim, party in ready
        if party.party_id in addresses
    ]


class DueStep(NamedTuple):
    """The letter that would be next: its level, and when the one before it was sent."""

    level: int
    last_sent: datetime | None


def claim_waits(
    claim: RecoveryClaim, party: RecoveryParty, rules: RecoveryRules, today: date, step: DueStep
) -> str:
    """Say why no letter of a level goes out on a claim now, or "" where one may."""
    conditions = (
        (claim.status not in WRITTEN, f"the claim is {claim.status}"),
        (claim.amount_minor <= claim.recovered_minor, "nothing is open any more"),
        (bool(claim.hold), f"on hold: {claim.hold}"),
        (claim.not_before is not None and today < claim.not_before, f"not before {claim.not_before}"),
        (party.consumer == "yes" and not rules.consumers, "the party is a private person"),
        (step.level > len(rules.levels), "every letter is written"),
    )
    failed = next((why for fails, why in conditions if fails), "")
    return failed or _too_early(claim, rules, today, step)


def _too_early(claim: RecoveryClaim, rules: RecoveryRules, today: date, step: DueStep) -> str:
    level, last = rules.levels[step.level - 1], step.last_sent
    if claim.kind != "prospect" and (today - claim.arisen_on).days < level.age_days:
        return f"the earliest open item is not {level.age_days} days old"
    if last is not None and (today - last.date()).days < level.gap_days:
        return f"the letter before is not {level.gap_days} days old"
    return ""


def last_sent(session: Session, claim_ids: Sequence[str]) -> dict[str, datetime]:
    """Give when the last letter on each claim was sent."""
    query = (
        select(Letter.claim_id, func.max(Letter.sent_at))
        .where(Letter.status == "sent")
        .group_by(Letter.claim_id)
    )
    sent: dict[str, datetime] = {}
    for batch in in_batches(claim_ids):
        rows = session.execute(query.where(Letter.claim_id.in_(batch)))
        sent.update((row[0], row[1]) for row in rows if row[1])
    return sent


def surest_addresses(session: Session, party_ids: Collection[str], now: datetime) -> dict[str, Contact]:
    """Give the surest address of each party that holds and is not suppressed; none where there is none."""
    valid: list[Contact] = []
    for batch in in_batches(sorted(party_ids)):
        query = select(Contact).where(Contact.kind == "email", Contact.status == "valid")
        valid += session.scalars(query.where(Contact.party_id.in_(batch)))
    valid = [contact for contact in valid if contact.expires_at is None or contact.expires_at > now]
    refused = suppressions.refused(session, [contact.value for contact in valid])
    surest: dict[str, Contact] = {}
    for contact in sorted(valid, key=lambda contact: (-contact.confidence, contact.contact_id)):
        if contact.value not in refused:
            surest.setdefault(contact.party_id, contact)
    return surest
