"""Act on a mail that came in, once: find its letter, keep the raw mail, and do what it says.

receive(store, raw, rules) -> Received | None     None for a mail that was received before
settle(store, reply_id, kind, by)                 a person says what an unsure one is

A hard bounce or a complaint suppresses the address at once; soft bounces do after some in a row, and the
count begins anew when a person answers; an automatic answer only puts the next letter off. What is unsure is
left to a person with the mail beside it, and the claim is on hold meanwhile.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.core.errors import RunError, UsageError
from tools.recovery import states, suppressions
from tools.recovery.drafts import OWED
from tools.recovery.replies import answers, classify
from tools.recovery.replies.reading import Bounce, Reading
from tools.rules.recovery import RecoveryRules
from tools.store import Store
from tools.store.database import lock
from tools.store.models import ClaimStatus, Contact, Letter, RecoveryClaim, RecoveryItem, Reply
from tools.store.writes import insert_new

_CLAIM: Final = re.compile(r"\bK-[0-9a-f]{10}\b")
HOLDS: Final = {"paid": "says it is paid", "agree": "promised", "dispute": "dispute", "question": "question"}
KINDS: Final = ("paid", "agree", "dispute", "question", "meeting", "wrong_person", "opt_out", "auto_reply")
_PEOPLE: Final = ("paid", "agree", "dispute", "question", "meeting", "wrong_person", "unsure")


class Received(NamedTuple):
    """What a mail was read to be, and what became of it: applied, unsure or ignored."""

    reply_id: str
    kind: str
    status: str
    claim_id: str


def receive(store: Store, raw: bytes, rules: RecoveryRules) -> Received | None:
    """Receive one mail; None where it was received before."""
    reading = classify.read(raw)
    reply_id = hashlib.sha256(raw).hexdigest()
    with store.begin() as session:
        lock(session, f"reply:{reply_id}")  # two that read one mailbox at once
        if session.get(Reply, reply_id) is not None:
            return None
        letter = _letter(session, reading)
        claim = states.locked(session, letter.claim_id) if letter else _claim_named(session, reading)
        status = _status(reading, claim)
        row = _row(raw, reading, letter, claim, status)
        insert_new(session, Reply, [row])
        _act(session, reading, row, claim, rules)
        return Received(reply_id, reading.kind, status, claim.claim_id if claim else "")


def _status(reading: Reading, claim: RecoveryClaim | None) -> str:
    if reading.kind == answers.UNSURE:
        return "unsure"
    if claim is None and reading.kind in _PEOPLE:
        return "unsure"  # of a stranger: a person looks whose it is
    return "ignored" if reading.kind == classify.AUTO else "applied"


def _row(
    raw: bytes, reading: Reading, letter: Letter | None, claim: RecoveryClaim | None, status: str
) -> dict[str, Any]:
    first = reading.bounces[0] if reading.bounces else None
    return {
        "reply_id": hashlib.sha256(raw).hexdigest(),
        "claim_id": claim.claim_id if claim else None,
        "letter_id": letter.letter_id if letter else None,
        "received_at": clock().now(),
        "sender": reading.sender,
        "subject": reading.subject[:500],
        "text": reading.text,
        "kind": reading.kind,
        "reason": first.reason if first else reading.remark,
        "code": first.code if first else "",
        "hard": ("yes" if first.hard else "no") if first else "",
        "sentiment": answers.sentiment(reading.kind) if reading.kind in _PEOPLE else "",
        "confidence": reading.confidence,
        "status": status,
        "decided_by": "",
        "raw": base64.b64encode(raw).decode(),
    }


def _letter(session: Session, reading: Reading) -> Letter | None:
    """Find the letter that a mail is about: by its Message-ID, else by whom it went to, the last one sent."""
    if reading.answers:
        named = select(Letter).where(Letter.message_id.in_(reading.answers)).limit(1)
        if letter := session.scalar(named):
            return letter
    people = [reading.sender, *(b.recipient for b in reading.bounces), *reading.recipients]
    recipients = [name for name in people if name]
    claim = _CLAIM.search(f"{reading.subject} {reading.text}")
    query = select(Letter).where(Letter.status == "sent").order_by(Letter.sent_at.desc(), Letter.letter_id)
    if claim:
        return session.scalar(query.where(Letter.claim_id == claim[0]).limit(1))
    return session.scalar(query.where(Letter.recipient.in_(recipients)).limit(1)) if recipients else None


def _claim_named(session: Session, reading: Reading) -> RecoveryClaim | None:
    named = _CLAIM.search(f"{reading.subject} {reading.text}")
    claim_id = named[0] if named else _claim_of_contact(session, reading)
    return session.get(RecoveryClaim, claim_id, with_for_update=True) if claim_id else None


def _claim_of_contact(session: Session, reading: Reading) -> str | None:
    """Give the claim that a known contact writes about unasked: the only one, or the one that it names."""
    query = (
        select(RecoveryClaim.claim_id, RecoveryItem.document)
        .join(Contact, Contact.party_id == RecoveryClaim.party_id)
        .join(RecoveryItem, RecoveryItem.claim_id == RecoveryClaim.claim_id)
        .where(Contact.value == reading.sender, Contact.kind == "email")
        .where(RecoveryClaim.status.in_(states.LIVE), RecoveryItem.role == OWED)
    )
    pairs = session.execute(query).all()
    words = f"{reading.subject} {reading.text}".upper()
    fitting = {claim_id for claim_id, document in pairs if document and document.upper() in words}
    claim_ids = fitting or {claim_id for claim_id, _ in pairs}
    return claim_ids.pop() if len(claim_ids) == 1 else None


def _act(
    session: Session, reading: Reading, row: dict[str, Any], claim: RecoveryClaim | None, rules: RecoveryRules
) -> None:
    if reading.kind == classify.BOUNCE:
        for bounce in reading.bounces:
            _bounced(session, bounce, claim, rules, str(row["reply_id"]))
        return
    if reading.kind in (classify.COMPLAINT, classify.OPT_OUT):
        reason = "complaint" if reading.kind == classify.COMPLAINT else "opt_out"
        _suppress(session, _addresses(reading, row), reason, claim)
    if claim is not None:
        _tell(session, claim, reading.kind, row, by="tieout", until=reading)


def _addresses(reading: Reading, row: dict[str, Any]) -> list[str]:
    if reading.recipients:
        return list(reading.recipients)
    return [str(row["sender"])] if row["sender"] else []


def _suppress(session: Session, addresses: Iterable[str], reason: str, claim: RecoveryClaim | None) -> None:
    for address in addresses:
        suppressions.put(session, address, reason, by="tieout", note=claim.claim_id if claim else "")


def _bounced(
    session: Session, bounce: Bounce, claim: RecoveryClaim | None, rules: RecoveryRules, reply_id: str
) -> None:
    contacts = list(session.scalars(select(Contact).where(Contact.value == bounce.recipient)))
    if bounce.hard:
        suppressions.put(session, bounce.recipient, "hard_bounce", by="tieout", note=bounce.diagnostic[:300])
    for contact in contacts:
        if bounce.hard:
            contact.status = "hard_bounce"
        elif not bounce.delayed:
            contact.soft_bounces += 1
            if contact.soft_bounces >= rules.soft_bounces:
                note = bounce.diagnostic[:300]
                suppressions.put(session, contact.value, "soft_bounces", by="tieout", note=note)
    if claim is not None:
        session.flush()
        details = {"to": bounce.recipient, "reason": bounce.reason, "hard": bounce.hard, "code": bounce.code}
        once = f"bounce:{reply_id}:{bounce.recipient}"
        states.event(session, claim.claim_id, "bounced", by="tieout", details=details, once=once)


def _tell(
    session: Session,
    claim: RecoveryClaim,
    kind: str,
    row: dict[str, Any],
    *,
    by: str,
    until: Reading | None = None,
) -> None:
    """Bring what a mail says to its claim: its state, whether it is on hold, and from when one may write."""
    details = {"reply_id": row["reply_id"], "sender": row["sender"], "kind": kind}
    once = f"reply:{row['reply_id']}:{kind}"
    if kind == classify.AUTO:
        if until is not None and until.not_before is not None:
            claim.not_before = max(claim.not_before or until.not_before, until.not_before)
        session.flush()
        states.event(session, claim.claim_id, "auto_reply", by=by, details=details, once=once)
        return
    if kind in (classify.COMPLAINT, classify.OPT_OUT):
        states.event(session, claim.claim_id, kind, by=by, details=details, once=once)
        return
    if claim.status in states.LIVE or "replied" in states.NEXT[claim.status]:
        claim.hold = HOLDS.get(kind, "an answer to read" if kind == answers.UNSURE else claim.hold)
    for contact in session.scalars(select(Contact).where(Contact.value == row["sender"])):
        contact.soft_bounces = 0
    session.flush()
    to: ClaimStatus = "meeting_booked" if kind == "meeting" else "replied"
    details |= {"sentiment": row["sentiment"]}
    if claim.status != to and to in states.NEXT[claim.status]:
        states.move(session, claim, to, by=by, details=details, once=once)
        return
    states.event(session, claim.claim_id, "replied", by=by, details=details, once=once)


def settle(store: Store, reply_id: str, kind: str, by: str) -> None:
    """Say what an unsure mail is, as a person; it is acted on then. Raises RunError, UsageError."""
    if kind not in KINDS:
        raise UsageError(f"'{kind}' is no kind of reply.", remedy=f"They are: {', '.join(KINDS)}.")
    with store.begin() as session:
        query = select(Reply).where(Reply.reply_id.startswith(reply_id, autoescape=True)).limit(2)
        rows = list(session.scalars(query.with_for_update()))
        if len(rows) != 1 or rows[0].status != "unsure":
            raise RunError(
                f"no reply that waits begins with '{reply_id}'.", remedy="See: tieout replies list"
            )
        reply = rows[0]
        reply.kind, reply.status, reply.decided_by = kind, "settled", by
        reply.sentiment = answers.sentiment(kind)
        session.flush()
        claim = states.locked(session, reply.claim_id) if reply.claim_id else None
        if kind == classify.OPT_OUT:
            _suppress(session, [reply.sender], "opt_out", claim)
        if claim is not None:
            _tell(session, claim, kind, reply.as_dict(), by=by)


def rows(store: Store, status: str = "", limit: int = 1000) -> list[dict[str, Any]]:
    """List what came in, the newest first, without the raw mails."""
    query = select(Reply).order_by(Reply.received_at.desc(), Reply.reply_id).limit(limit)
    if status:
        query = query.where(Reply.status == status)
    with store.read() as session:
        listed = [reply.as_dict() for reply in session.scalars(query)]
    return [{name: value for name, value in row.items() if name != "raw"} for row in listed]


def raw(store: Store, reply_id: str) -> bytes:
    """Give a mail as it came. Raises RunError where there is none."""
    with store.read() as session:
        reply = session.get(Reply, reply_id)
    if reply is None:
        raise RunError(f"there is no reply '{reply_id}'.", remedy="See: tieout replies list")
    return base64.b64decode(reply.raw)
