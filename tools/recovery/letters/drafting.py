"""Draft the letters that are due: once a claim and level, from its template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tools.checks.rules_file import load_rules
from tools.core import money, settings
from tools.core.clock import clock
from tools.core.digest import digest
from tools.core.errors import RunError, SourcesError
from tools.core.settings import Settings
from tools.ledger import sources as sources_file
from tools.ledger.sources import Entity
from tools.recovery import books, items, late_charges, states
from tools.recovery.contacts import valid
from tools.recovery.letters import text
from tools.recovery.letters.due import Due, due
from tools.store import Store, open_store, runs
from tools.store.models import Letter
from tools.store.writes import in_batches, insert_new

PAY_DAYS: Final = 14  # from a letter to the day that it names


def write_letters(run_id: str, entity: str) -> int:
    """Draft every letter that is due on an entity's claims; give how many drafts of this run there are."""
    limits = settings.load()
    store, rules = open_store(limits.database_url), load_rules(limits.rules).recovery
    with store.begin() as session:
        letters_due = due(session, rules, clock().now(), entity)
        if letters_due:
            sender = sender_of(store, limits, run_id)
            late_charges.charge(session, letters_due, rules, sender)
            _draft_all(session, run_id, letters_due, _Sender(sender, limits, rules.late.roles))
        query = select(func.count()).select_from(Letter)
        return session.scalar(query.where(Letter.run_id == run_id, Letter.status == "draft")) or 0


def _draft_all(session: Session, run_id: str, letters_due: Sequence[Due], sender: _Sender) -> None:
    claim_ids = [letter_due.claim.claim_id for letter_due in letters_due]
    items_of, written = items.of_each(session, claim_ids), _letter_counts(session, claim_ids)
    rows = [
        draft(run_id, letter_due, _Evidence(
            items.as_rows(letter_due.claim, items_of[letter_due.claim.claim_id]),
            written[letter_due.claim.claim_id, letter_due.claim.level + 1] + 1,
        ), sender)
        for letter_due in letters_due
    ]  # fmt: skip
    insert_new(session, Letter, rows)
    states.events(session, [_drafted(row) for row in rows])


def _letter_counts(session: Session, claim_ids: Sequence[str]) -> Counter[tuple[str, int]]:
    """Count the letters of each claim and level that there are already."""
    counts: Counter[tuple[str, int]] = Counter()
    for batch in in_batches(claim_ids):
        query = select(Letter.claim_id, Letter.level).where(Letter.claim_id.in_(batch))
        counts.update((row.claim_id, row.level) for row in session.execute(query))
    return counts


def _drafted(row: Mapping[str, Any]) -> dict[str, Any]:
    details = {"letter_id": row["letter_id"], "level": row["level"]}
    once = f"drafted:{row['letter_id']}"
    return states.event_row(row["claim_id"], "drafted", by="tieout", details=details, once=once)


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


class _Sender(NamedTuple):
    """Who writes, with the desk's settings, and what money settles first, by the roles of items."""

    entity: Entity
    limits: Settings
    settles: Sequence[str]


class _Evidence(NamedTuple):
    """What a letter rests on: the claim's postings, and which attempt at its level it is."""

    rows: list[dict[str, Any]]
    attempt: int


def draft(run_id: str, letter_due: Due, evidence: _Evidence, writer: _Sender) -> dict[str, Any]:
    """Give the row of a letter: its text, where it goes, and its place in the claim's thread."""
    claim, party, contact = letter_due.claim, letter_due.party, letter_due.contact
    entity, limits = writer.entity, writer.limits
    party.timezone, party.country = party.timezone or entity.timezone, party.country or entity.country or ""
    level, now, attempt = claim.level + 1, clock().now(), evidence.attempt
    letter_id = f"{claim.claim_id.replace('K-', 'L-')}-{level}-{attempt}"
    facts = text.Facts(
        claim_id=claim.claim_id,
        kind=claim.kind,
        role=party.role,
        language=party.language or "en",
        level=level,
        open_minor=claim.amount_minor - claim.recovered_minor,
        currency=claim.currency,
        items=evidence.rows,
        person=contact.name,
        entity=entity.name,
        address=entity.address,
        last_sent=letter_due.last_sent.date() if letter_due.last_sent else None,
        pay_by=(now + timedelta(days=PAY_DAYS)).date(),
        preferences=limits.preferences_url,
        settles=writer.settles,
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


def row(store: Store, letter_id: str) -> dict[str, Any]:
    """Give one letter. Raises RunError where there is none."""
    with store.read() as session:
        letter = session.get(Letter, letter_id)
        if letter is None:
            raise RunError(f"there is no letter '{letter_id}'.", remedy="'tieout letters' lists them.")
        return as_row(letter)
