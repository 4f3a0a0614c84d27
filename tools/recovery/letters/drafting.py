"""Draft the letters that are due: once a claim and level, from its template."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tools.checks.rules_file import load_rules
from tools.core import money, settings
from tools.core.clock import clock
from tools.core.digest import digest
from tools.core.errors import SourcesError
from tools.core.settings import Settings
from tools.ledger import sources as sources_file
from tools.ledger.sources import Entity
from tools.recovery import books, items, states
from tools.recovery.contacts import valid
from tools.recovery.letters import text
from tools.recovery.letters.due import Due, due
from tools.store import Store, open_store, runs
from tools.store.models import Letter
from tools.store.writes import insert_new

PAY_DAYS: Final = 14  # from a letter to the day that it names


def write_letters(run_id: str, entity: str) -> int:
    """Draft every letter that is due on an entity's claims; give how many drafts of this run there are."""
    limits = settings.load()
    store, rules = open_store(limits.database_url), load_rules(limits.rules).recovery
    sender: Entity | None = None
    with store.begin() as session:
        for letter_due in due(session, rules, clock().now(), entity):
            claim = letter_due.claim
            sender = sender or sender_of(store, limits, run_id)
            row = draft(session, run_id, letter_due, sender, limits)
            insert_new(session, Letter, [row])
            details = {"letter_id": row["letter_id"], "level": row["level"]}
            once = f"drafted:{row['letter_id']}"
            states.event(session, claim.claim_id, "drafted", by="tieout", details=details, once=once)
        query = select(func.count()).select_from(Letter)
        return session.scalar(query.where(Letter.run_id == run_id, Letter.status == "draft")) or 0


def sender_of(store: Store, limits: Settings, run_id: str) -> Entity:
    """Give who writes: the entity as its sources file has it now. Raises SourcesError without an address."""
    path = Path(str(runs.get(store, run_id).counts.get("sources", "")))
    entity = sources_file.load(path).entity if path.is_file() else books.sources_of(limits, run_id).entity
    if not entity.address:
        # CAN-SPAM, 16 CFR 316, and honest dealing: whoever writes says where they are.
        raise SourcesError(
            "the entity has no postal address, and letters carry one.",
            place=f"{path}: entity.address",
            remedy="Write it there, and go on: tieout resume RUN.",
        )
    return entity


def draft(session: Session, run_id: str, letter_due: Due, entity: Entity, limits: Settings) -> dict[str, Any]:
    """Give the row of a letter: its text, where it goes, and its place in the claim's thread."""
    claim, party, contact = letter_due.claim, letter_due.party, letter_due.contact
    party.timezone, party.country = party.timezone or entity.timezone, party.country or entity.country or ""
    level, now = claim.level + 1, clock().now()
    query = (
        select(func.count())
        .select_from(Letter)
        .where(Letter.claim_id == claim.claim_id, Letter.level == level)
    )
    attempt = (session.scalar(query) or 0) + 1
    letter_id = f"{claim.claim_id.replace('K-', 'L-')}-{level}-{attempt}"
    facts = text.Facts(
        claim_id=claim.claim_id,
        kind=claim.kind,
        role=party.role,
        language=party.language or "en",
        level=level,
        open_minor=claim.amount_minor - claim.recovered_minor,
        currency=claim.currency,
        items=items.as_rows(session, claim),
        person=contact.name,
        entity=entity.name,
        address=entity.address,
        last_sent=letter_due.last_sent.date() if letter_due.last_sent else None,
        pay_by=(now + timedelta(days=PAY_DAYS)).date(),
        preferences=limits.preferences_url,
    )
    written = text.write(facts)
    sender = limits.letters_from or entity.email
    return {
        "letter_id": letter_id,
        "claim_id": claim.claim_id,
        "run_id": run_id,
        "level": level,
        "attempt": attempt,
        "language": facts.language,
        "recipient": contact.value,
        "subject": written.subject,
        "body": written.body,
        "template_body": written.body,
        "amount_minor": facts.open_minor,
        "currency": claim.currency,
        "status": "draft",
        "message_id": f"<{letter_id}.{digest(letter_id)[:12]}@{valid.domain_of(sender) or 'tieout.invalid'}>",
        "in_reply_to": claim.thread_id,
        "headers": _headers(party.role, limits) | {"From": sender},
        "approved_by": "",
        "edited_by": "",
        "note": "",
        "doubled": 0,
        "drafted_at": now,
        "approved_at": None,
        "sent_at": None,
    }


def _headers(role: str, limits: Settings) -> dict[str, str]:
    """Give a prospect's letter the one-click opt-out of RFC 8058."""
    if role != "prospect" or urlsplit(limits.preferences_url).scheme != "https":
        return {}
    return {
        "List-Unsubscribe": f"<{limits.preferences_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def as_row(letter: Letter) -> dict[str, Any]:
    """Give a letter as JSON primitives, with its amount as decimal text."""
    return {**letter.as_dict(), "amount": money.to_text(letter.amount_minor, letter.currency)}


def rows(store: Store, status: str = "", limit: int = 1000) -> list[dict[str, Any]]:
    """List letters, the newest first."""
    query = select(Letter).order_by(Letter.drafted_at.desc(), Letter.letter_id).limit(limit)
    if status:
        query = query.where(Letter.status == status)
    with store.read() as session:
        return [as_row(letter) for letter in session.scalars(query)]
