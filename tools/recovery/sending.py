"""Send letters: each once, and only while every condition holds in the very transaction that marks it sent.

send_due(store, settings) -> SendingCounts    what is due now; what may not go out now waits, or is cancelled

A letter is taken under a lease first, so that a process that dies leaves it to another. Then one transaction
holds the claim, the list of suppressions for this address and the day's counts, looks at all conditions,
hands the letter to the mail server and marks it sent. Between the server's acceptance and the commit a
process may die: the letter goes out again under the same Message-ID, and says so (`doubled`). Nothing else
sends twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tools.checks.rules_file import load_rules
from tools.core.clock import clock
from tools.core.settings import Settings
from tools.recovery import send_hours, send_queue, smtp, states, suppressions
from tools.recovery.contacts import valid
from tools.recovery.letters import due
from tools.recovery.send_queue import LeasedLetter
from tools.rules.recovery import RecoveryRules
from tools.store import Store
from tools.store.database import lock
from tools.store.models import Contact, Letter, OutboxMessage, RecoveryClaim, RecoveryParty

_WAIT_SECONDS: Final = 300.0  # after the mail server refused or was away; it doubles
_LONGEST_WAIT: Final = 6 * 3600.0


@dataclass
class SendingCounts:
    """What one round came to, in letters."""

    sent: int = 0
    waiting: int = 0
    cancelled: int = 0
    failed: int = 0


class SendVerdict(NamedTuple):
    """Whether a letter may go out: "send"; "cancel" for good; "wait" until a time; and why."""

    word: str
    why: str = ""
    until: datetime | None = None


def send_due(store: Store, settings: Settings, *, most: int = 10_000) -> SendingCounts:
    """Send what is due until nothing is. Without a mail server in the settings everything waits."""
    counts = SendingCounts()
    if settings.smtp_url is not None:
        _send(store, settings, counts, most)
    counts.waiting = send_queue.count(store) - counts.failed
    return counts


def _send(store: Store, settings: Settings, counts: SendingCounts, most: int) -> None:
    rules = load_rules(settings.rules).recovery
    send_queue.wake_hopeless(store)
    for _ in range(most):
        leased = send_queue.take(store)
        if leased is None:
            break
        word = _deliver(store, settings, rules, leased)
        setattr(counts, word, getattr(counts, word) + 1)


def _deliver(store: Store, settings: Settings, rules: RecoveryRules, leased: LeasedLetter) -> str:
    with store.begin() as session:
        lock(session, send_queue.LOCK)
        message = session.get_one(OutboxMessage, leased.message_id, populate_existing=True)
        if message.owner != leased.token or message.status != "queued":
            return "waiting"  # the lease ran out, and another has it
        letter = session.get_one(Letter, leased.letter_id, populate_existing=True)
        suppressions.guard(session, letter.recipient)
        claim = states.locked(session, letter.claim_id)
        verdict = may_send(session, letter, claim, rules, clock().now())
        message.owner = ""
        if verdict.word == "cancel":
            return _cancel(session, message, letter, verdict.why)
        if verdict.word == "wait":
            message.next_try_at = verdict.until or clock().now() + timedelta(seconds=_WAIT_SECONDS)
            letter.note = verdict.why
            return "waiting"
        letter.doubled += leased.died
        refusal = smtp.send(settings, _mail(letter, claim))
        if refusal is not None:
            return _refused(session, message, letter, refusal)
        _mark_sent(session, message, letter, claim, died=leased.died)
        return "sent"


def may_send(
    session: Session, letter: Letter, claim: RecoveryClaim, rules: RecoveryRules, now: datetime
) -> SendVerdict:
    """Look at every condition of sending a letter now."""
    party = session.get_one(RecoveryParty, claim.party_id)
    never = (
        (suppressions.is_suppressed(session, letter.recipient), "the address is suppressed"),
        (letter.status != "queued" or not letter.approved_by, f"the letter is {letter.status}"),
        (not claim.approved_by, "nobody approved this claim"),
        (
            claim.amount_minor - claim.recovered_minor != letter.amount_minor,
            "money came since the letter was written",
        ),
        (letter.level != claim.level + 1, f"letter {letter.level} does not follow letter {claim.level}"),
        (claim.status not in states.WRITTEN, f"the claim is {claim.status}"),
        (bool(claim.hold), f"on hold: {claim.hold}"),
    )
    if why := next((why for fails, why in never if fails), ""):
        return SendVerdict("cancel", why)
    sent = due.last_sent(session, [claim.claim_id]).get(claim.claim_id)
    if why := due.claim_waits(claim, party, rules, now.date(), due.DueStep(letter.level, sent)):
        return SendVerdict("wait", why, now + timedelta(hours=6))
    return _timely(session, letter, party, rules, now)


def _timely(
    session: Session, letter: Letter, party: RecoveryParty, rules: RecoveryRules, now: datetime
) -> SendVerdict:
    hour = send_hours.next_time(now, party.timezone or "UTC", party.country, rules.hours)
    if hour > now:
        return SendVerdict("wait", f"outside the recipient's hours; from {hour:%Y-%m-%d %H:%M} UTC", hour)
    tomorrow = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), now.tzinfo)
    today = select(func.count()).select_from(Letter).where(Letter.sent_at >= tomorrow - timedelta(days=1))
    if (session.scalar(today) or 0) >= rules.daily_cap:
        return SendVerdict("wait", "the day's letters are sent", tomorrow)
    domain = today.where(Letter.recipient.endswith("@" + valid.domain_of(letter.recipient), autoescape=True))
    if (session.scalar(domain) or 0) >= rules.domain_cap:
        return SendVerdict("wait", "the day's letters to this domain are sent", tomorrow)
    return SendVerdict("send")


def _mail(letter: Letter, claim: RecoveryClaim) -> smtp.Mail:
    return smtp.Mail(
        sender=str(letter.headers["From"]),
        recipient=letter.recipient,
        subject=letter.subject,
        body=letter.body,
        message_id=letter.message_id,
        in_reply_to=claim.thread_id,
        headers={**letter.headers, "X-Tieout-Letter": letter.letter_id},
    )


def _cancel(session: Session, message: OutboxMessage, letter: Letter, why: str) -> str:
    message.status = "given_up"
    if letter.status == "queued":
        letter.status, letter.note = "cancelled", why
        session.flush()
        details = {"letter_id": letter.letter_id, "why": why}
        once = f"cancelled:{letter.letter_id}"
        states.event(session, letter.claim_id, "letter_cancelled", by="tieout", details=details, once=once)
    return "cancelled"


def _refused(session: Session, message: OutboxMessage, letter: Letter, refusal: smtp.Refusal) -> str:
    """Note why the server did not take a letter; a refusal of the recipient for good is a hard bounce."""
    message.failures += 1
    message.error = letter.note = f"{refusal.code or ''} {refusal.text}".strip()[:500]
    if not (refusal.permanent and refusal.of_recipient):
        wait = min(_WAIT_SECONDS * 2.0 ** min(message.failures - 1, 30), _LONGEST_WAIT)
        message.next_try_at = clock().now() + timedelta(seconds=wait)
        return "failed"
    suppressions.put(session, letter.recipient, "hard_bounce", by="tieout", note=message.error)
    for contact in session.scalars(select(Contact).where(Contact.value == letter.recipient)):
        contact.status = "hard_bounce"
    _cancel(session, message, letter, f"the mail server refused the address: {message.error}")
    return "cancelled"


def _mark_sent(
    session: Session, message: OutboxMessage, letter: Letter, claim: RecoveryClaim, *, died: bool
) -> None:
    now = clock().now()
    message.status, message.sent_at, message.error = "sent", now, ""
    letter.status, letter.sent_at, letter.note = "sent", now, ""
    claim.level, claim.thread_id = letter.level, claim.thread_id or letter.message_id
    session.flush()
    details = {"letter_id": letter.letter_id, "level": letter.level, "to": letter.recipient}
    details |= {"maybe_twice": died} if died else {}
    kind = "sent" if letter.level == 1 else "followup_sent"
    states.event(session, claim.claim_id, kind, by="tieout", details=details, once=f"sent:{letter.letter_id}")
    if claim.status == "approved":
        states.move(session, claim, "contacted", by="tieout", once="contacted")
