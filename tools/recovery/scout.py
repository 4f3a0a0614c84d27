"""Find what is owed, and keep it as claims: once a party, kind and documents, over all runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from tools.checks.rules_file import load_rules
from tools.core import money, settings
from tools.core.clock import clock
from tools.recovery import books as recovery_books
from tools.recovery import (
    from_flags,
    from_receivables,
    from_statements,
    from_utility,
    known_invoices,
    prospects,
    states,
)
from tools.recovery.drafts import CREDIT, OWED, ClaimDraft
from tools.rules.recovery import RecoveryRules
from tools.store import Store, open_store
from tools.store.models import (
    AuditRun,
    Flag,
    FlagEvent,
    RecoveryClaim,
    RecoveryEvent,
    RecoveryItem,
    RecoveryParty,
)
from tools.store.writes import in_batches, insert_new

_ALSO_STATED: Final = ("unapplied_payment", "double_payment")  # by a vendor, of what our flags may have


class Scouted(NamedTuple):
    """What a search came to: claims that are new, known before, and left out, with the reason."""

    fresh: int
    known: int
    too_small: int


def scout(run_id: str) -> Scouted:
    """Find claims in the run's books and in the flags of its entity, and keep those that are new.

    A run that was started for prospects looks for those alone.
    """
    limits = settings.load()
    store, rules = open_store(limits.database_url), load_rules(limits.rules).recovery
    with recovery_books.open_books(limits, run_id) as opened:
        as_of = recovery_books.day_of(recovery_books.sources_of(limits, run_id))
        search = prospects.search_of(store, run_id)
        if search is not None:
            return keep(store, run_id, prospects.claims(limits, opened, search, rules), rules)
        entity = opened.manifest.entity
        known_invoices.follow(store, opened, as_of, rules)
        flags = confirmed(store, entity)
        drafts = [
            *from_flags.claims(opened, flags),
            *from_statements.claims(opened, rules.cut_off_days),
            *from_receivables.claims(opened, as_of, rules.grace_days, known_invoices.claimed(store, entity)),
            *from_utility.claims(opened),
        ]
    return keep(store, run_id, _once(drafts), rules)


def confirmed(store: Store, entity: str) -> list[Flag]:
    """Give the flags of an entity that a person approved, or reviewed as confirmed, and nobody refuted."""
    by_person = exists().where(
        FlagEvent.flag_id == Flag.flag_id, FlagEvent.kind == "approved", FlagEvent.by != "rule"
    )
    query = (
        select(Flag)
        .join(AuditRun, AuditRun.run_id == Flag.run_id)
        .where(AuditRun.entity == entity, Flag.status == "approved")
        .where(or_(Flag.review == "confirmed", Flag.review.is_(None) & by_person))
        .order_by(Flag.flag_id)
    )
    with store.read() as session:
        return list(session.scalars(query))


def _once(drafts: Iterable[ClaimDraft]) -> list[ClaimDraft]:
    """Leave out what another source of the same money has found already: a flag's posting goes first."""
    unclaimed: list[ClaimDraft] = []
    rows: set[str] = set()
    for draft in drafts:
        own = {item.row_key for item in draft.items if item.row_key and item.role != CREDIT}
        if draft.kind in _ALSO_STATED and draft.items[0].source == "statement" and own & rows:
            continue
        rows |= own
        unclaimed.append(draft)
    return unclaimed


def keep(store: Store, run_id: str, drafts: Sequence[ClaimDraft], rules: RecoveryRules) -> Scouted:
    """Write claims that are new with their parties and items; of known ones, what came back meanwhile."""
    large = [draft for draft in drafts if _decimal(draft) >= rules.least]
    with store.begin() as session:
        before = _claims_before(session, [draft.claim_id for draft in large])
        fresh = [draft for draft in large if draft.claim_id not in before]
        insert_new(session, RecoveryParty, _unique("party_id", [_party(draft) for draft in fresh]))
        session.flush()
        insert_new(
            session, RecoveryClaim, _unique("claim_id", [_claim(run_id, draft, rules) for draft in fresh])
        )
        items = [item.as_row(draft.claim_id) for draft in fresh for item in draft.items]
        insert_new(session, RecoveryItem, _unique("item_id", items))
        states.events(session, [_new(draft) for draft in fresh])
        for draft in large:
            if draft.claim_id in before:
                _lessen(session, before[draft.claim_id], draft)
    return Scouted(len(fresh), len(large) - len(fresh), len(drafts) - len(large))


def _decimal(draft: ClaimDraft) -> Decimal:
    return money.to_decimal(draft.amount_minor, draft.currency)


def _claims_before(session: Session, claim_ids: Sequence[str]) -> dict[str, RecoveryClaim]:
    claims: dict[str, RecoveryClaim] = {}
    for batch in in_batches(claim_ids):
        rows = session.scalars(select(RecoveryClaim).where(RecoveryClaim.claim_id.in_(batch)))
        claims.update({claim.claim_id: claim for claim in rows})
    return claims


def _lessen(session: Session, claim: RecoveryClaim, draft: ClaimDraft) -> None:
    """Take over what came back since a claim was made: the letters name what is open now.

    What was booked on the claim as money already is not taken off a second time.
    """
    if claim.status in states.CLOSED or not any(item.role == CREDIT for item in draft.items):
        return
    booked = _booked(session, claim.claim_id)
    since = [item for item in draft.items if item.role == CREDIT and item.row_key not in booked]
    owed = sum(item.amount_minor for item in draft.items if item.role == OWED)
    amount = owed - sum(item.amount_minor for item in since)
    if amount >= claim.amount_minor:
        return
    before, claim.amount_minor = claim.amount_minor, amount
    claim.low_minor = min(claim.low_minor, claim.amount_minor)
    claim.high_minor = min(claim.high_minor, claim.amount_minor)
    insert_new(session, RecoveryItem, [item.as_row(claim.claim_id) for item in since])
    session.flush()
    details = {"from": before, "to": amount}
    once = f"amount:{amount}"
    states.event(session, claim.claim_id, "amount_changed", by="tieout", details=details, once=once)


def _booked(session: Session, claim_id: str) -> frozenset[str]:
    """Give the postings that were booked on a claim as its money."""
    query = select(RecoveryEvent.details).where(
        RecoveryEvent.claim_id == claim_id, RecoveryEvent.kind == "money"
    )
    return frozenset(str(details.get("row_key", "")) for details in session.scalars(query))


def _new(draft: ClaimDraft) -> dict[str, Any]:
    details = {"kind": draft.kind, "amount_minor": draft.amount_minor, "currency": draft.currency}
    return states.event_row(draft.claim_id, "new", by="tieout", details=details, once="new")


def _unique(key: str, rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return list({row[key]: row for row in rows}.values())


def _party(draft: ClaimDraft) -> dict[str, Any]:
    party = draft.party
    unknown = dict.fromkeys(("timezone", "language", "consumer"), "")
    place = {name: getattr(party, name) for name in ("city", "state", "country", "industry")}
    return {
        "party_id": draft.party_id,
        "entity": draft.entity,
        "role": party.role,
        "party_key": party.key,
        "name": party.name,
        "external_id": party.external_id,
        "added_at": clock().now(),
        **place,
        **unknown,
    }


def _claim(run_id: str, draft: ClaimDraft, rules: RecoveryRules) -> dict[str, Any]:
    now, amount = clock().now(), draft.amount_minor
    return {
        "claim_id": draft.claim_id,
        "fingerprint": draft.fingerprint,
        "run_id": run_id,
        "party_id": draft.party_id,
        "entity": draft.entity,
        "kind": draft.kind,
        "title": draft.title,
        "basis": draft.basis,
        "status": "new",
        "status_at": now,
        "amount_minor": amount,
        "low_minor": amount if draft.low_minor is None else draft.low_minor,
        "high_minor": amount if draft.high_minor is None else draft.high_minor,
        "recovered_minor": 0,
        "currency": draft.currency,
        "arisen_on": draft.arisen_on or now.date(),
        "risk": risk_of(draft, rules),
        "hold": draft.hold,
        "not_before": None,
        "level": 0,
        "thread_id": "",
        "approved_by": "",
        "opened_at": now,
        "closed_at": None,
        "outcome": "",
        "note": "",
    }


def risk_of(draft: ClaimDraft, rules: RecoveryRules) -> str:
    """Give the risk of writing about a claim: own parties by amount, prospects always CRITICAL."""
    if draft.party.role == "prospect":
        return "CRITICAL"
    return "HIGH" if _decimal(draft) > rules.limit else "MEDIUM"
