"""Find whom to write to: the sources in order, for one party; and keep what was learned.

find(run_id, party_id) -> Outcome       once a party and run; a source that fails is named, the next is asked
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from tools.checks.rules_file import load_rules
from tools.core import settings
from tools.core.clock import clock
from tools.core.digest import digest
from tools.core.errors import RunError, TieoutError
from tools.core.retries import PausedError
from tools.recovery import books as recovery_books
from tools.recovery import by_rule, states
from tools.recovery.analyse import TIERS
from tools.recovery.claims import latest_score
from tools.recovery.contacts import books_source, valid, web_sources
from tools.recovery.contacts.draft import ContactDraft, PartyFacts
from tools.store import Store, open_store
from tools.store.models import Contact, RecoveryClaim, RecoveryParty
from tools.store.writes import insert_new

_FACTS: Final = ("city", "state", "country", "timezone", "language", "industry", "consumer")
SURE: Final = 0.9
_log = structlog.get_logger(__name__)


class ContactOutcome(TypedDict):
    """What a search for a party's contacts came to."""

    contacts: int
    """Addresses that letters can go to."""
    asked: dict[str, str]
    """Source -> what it gave, or why it was not asked."""


def attempt(run_id: str, party_id: str) -> ContactOutcome:
    """Do so, and give a failure as a result: the other parties go on."""
    try:
        return find(run_id, party_id)
    except PausedError:
        raise
    except TieoutError as error:
        _log.warning("contacts could not be looked for", party_id=party_id, error=str(error))
        return ContactOutcome(contacts=0, asked={"failed": str(error)})


def find(run_id: str, party_id: str) -> ContactOutcome:
    """Ask each source for a party's contacts, in order, until an address is valid; keep them all."""
    limits = settings.load()
    store = open_store(limits.database_url)
    with store.read() as session:
        party = session.get(RecoveryParty, party_id)
    if party is None:
        raise RunError(f"there is no party '{party_id}'.", remedy="'tieout claims' lists them.")
    results: list[PartyFacts] = []
    with recovery_books.open_books(limits, run_id) as books:
        results.append(books_source.look(books, party))
    results += web_sources.ask(limits, party, _tier(store, party_id), results[0])
    checked = [_checked(draft, party) for result in results for draft in result.contacts]
    _keep(store, party, [draft for draft in checked if draft is not None], results)
    answers = {result.source: result.answer for result in results}
    _note(store, run_id, party_id, answers)
    return ContactOutcome(contacts=len(usable(store, party_id)), asked=answers)


def _checked(draft: ContactDraft, party: RecoveryParty) -> ContactDraft | None:
    if draft.kind == "email":
        address = valid.email(draft.value)
        return _with(draft, address) if address else None
    number = valid.phone(draft.value, party.country or "")
    return _with(draft, number.number) if number else None


def _with(draft: ContactDraft, value: str) -> ContactDraft:
    return ContactDraft(
        draft.kind,
        value,
        draft.source,
        draft.confidence,
        draft.legal_basis,
        draft.name,
        draft.position,
        draft.days,
    )


def _keep(
    store: Store, party: RecoveryParty, drafts: Sequence[ContactDraft], results: Sequence[PartyFacts]
) -> None:
    now = clock().now()
    rows = [
        {
            "contact_id": "C-" + digest([party.party_id, draft.kind, draft.value])[:10],
            "party_id": party.party_id,
            "kind": draft.kind,
            "value": draft.value,
            "name": draft.name,
            "position": draft.position,
            "source": draft.source,
            "legal_basis": draft.legal_basis,
            "confidence": draft.confidence,
            "status": "valid" if draft.confidence >= SURE else "ambiguous",
            "soft_bounces": 0,
            "fetched_at": now,
            "expires_at": now + timedelta(days=draft.days) if draft.days else None,
        }
        for draft in drafts
    ]
    with store.begin() as session:
        _refresh(session, rows)
        insert_new(session, Contact, rows)
        for result in results:
            if result.facts:
                _learn(session, party.party_id, result.facts)
        for row in rows:
            _tell(session, party.party_id, row)


def _refresh(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Take over that a source said again what had run out."""
    for row in rows:
        contact = session.get(Contact, row["contact_id"])
        if contact is not None and contact.expires_at is not None:
            contact.fetched_at, contact.expires_at = row["fetched_at"], row["expires_at"]
    session.flush()


def _tier(store: Store, party_id: str) -> str:
    """Give the highest tier of a party's claims that have not ended."""
    with store.read() as session:
        scores = [latest_score(session, name) for name in _live_claims(session, party_id)]
    tiers = {score.tier for score in scores if score is not None}
    return next((tier for tier in TIERS if tier in tiers), "")


def _learn(session: Session, party_id: str, facts: Mapping[str, Any]) -> None:
    """Take over a party's place, zone and language where they were not known."""
    party = session.get_one(RecoveryParty, party_id)
    for name in _FACTS:
        value = str(facts.get(name) or "")
        if value and not getattr(party, name) and (name != "timezone" or _is_zone(value)):
            setattr(party, name, value)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _note(store: Store, run_id: str, party_id: str, answers: Mapping[str, str]) -> None:
    """Record with each live claim of a party which sources were asked, and which were not, and why."""
    once = f"contacts:{run_id}"
    with store.begin() as session:
        for claim_id in _live_claims(session, party_id):
            states.event(session, claim_id, "contacts_sought", by="tieout", details=answers, once=once)


def _tell(session: Session, party_id: str, row: Mapping[str, Any]) -> None:
    details = {name: row[name] for name in ("kind", "value", "source", "status")}
    once = f"contact:{row['contact_id']}"
    for claim_id in _live_claims(session, party_id):
        states.event(session, claim_id, "contact_found", by="tieout", details=details, once=once)


def _live_claims(session: Session, party_id: str) -> list[str]:
    query = select(RecoveryClaim.claim_id).where(
        RecoveryClaim.party_id == party_id, RecoveryClaim.status.in_(states.LIVE)
    )
    return list(session.scalars(query))


def usable(store: Store, party_id: str) -> list[Contact]:
    """Give a party's mail addresses that letters may go to: valid and not expired, the surest first."""
    query = select(Contact).where(
        Contact.party_id == party_id, Contact.kind == "email", Contact.status == "valid"
    )
    now = clock().now()
    with store.read() as session:
        listed = session.scalars(query.order_by(Contact.confidence.desc(), Contact.contact_id))
        return [contact for contact in listed if contact.expires_at is None or contact.expires_at > now]


def parties_to_ask(entity: str) -> list[str]:
    """Give the parties of claims that are approved, or that the rule may approve; no others."""
    limits = settings.load()
    store = open_store(limits.database_url)
    rules = load_rules(limits.rules)
    with store.read() as session:
        of_rule = by_rule.left_to_rule(session, entity, rules)
        query = (
            select(RecoveryClaim.party_id)
            .where(RecoveryClaim.entity == entity)
            .where(or_(RecoveryClaim.status == "approved", RecoveryClaim.claim_id.in_(of_rule)))
            .distinct()
            .order_by(RecoveryClaim.party_id)
        )
        return list(session.scalars(query))
