"""Ask people whether letters go out as they are, and act on what they decide: approve, edit or reject.

ask(run_id) -> RequestRef | None              none where no draft of the run waits
apply(run_id, request, answered) -> Applied   approved letters go into the outbox
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tools.approvals import answers, requests
from tools.approvals.eligibility import Word
from tools.approvals.votes import VoteCount
from tools.checks.rules_file import load_rules
from tools.core import money, settings
from tools.core.clock import clock
from tools.core.refs import Answer, RequestRef
from tools.recovery import states
from tools.rules.model import Rules
from tools.store import Store, open_store, outbox
from tools.store.models import Letter, RecoveryClaim, RecoveryParty

KIND: Final = "letters"
ORIGIN: Final = outbox.LETTER
CHOICES: Final = (
    "approve: it goes out in the recipient's working hours. edit: it goes out as you write it."
    " reject: it does not, and the claim is on hold."
)
_LONGEST: Final = 20_000  # characters of a letter


@dataclass(frozen=True)
class DecidedLetters:
    """What became of answers: letters by verdict."""

    approved: int
    rejected: int
    waiting: int


def ask(run_id: str) -> RequestRef | None:
    """Ask about every draft of a run, once."""
    limits = settings.load()
    store, rules = open_store(limits.database_url), load_rules(limits.rules)
    rows = _drafts(store, run_id)
    if not rows and requests.open_for(store, run_id, KIND) is None:
        return None
    many = len(rows)
    draft = requests.Draft(
        KIND,
        f"{many} letter{'s' * (many != 1)} to approve",
        [_subject(*row, rules) for row in rows],
        needs={letter.letter_id: rules.approval.quorum[claim.risk] for letter, claim, _ in rows},
        words=("approve", "reject", "edit"),
        reasons=["Nothing is sent to others before a person has read it."],
        expires_hours=rules.approval.expires_hours,
        escalates_to=rules.severity.senior_role,
        page="letters",
        names={"VENDOR": [party.name for _, _, party in rows][:200]},
    )
    return requests.ask(store, run_id, draft)


def _drafts(store: Store, run_id: str) -> list[tuple[Letter, RecoveryClaim, RecoveryParty]]:
    query = (
        select(Letter, RecoveryClaim, RecoveryParty)
        .join(RecoveryClaim, RecoveryClaim.claim_id == Letter.claim_id)
        .join(RecoveryParty, RecoveryParty.party_id == RecoveryClaim.party_id)
        .where(Letter.run_id == run_id, Letter.status == "draft")
        .order_by(Letter.amount_minor.desc(), Letter.letter_id)
    )
    with store.read() as session:
        return [(row[0], row[1], row[2]) for row in session.execute(query)]


def _subject(letter: Letter, claim: RecoveryClaim, party: RecoveryParty, rules: Rules) -> dict[str, Any]:
    amount = money.to_text(letter.amount_minor, letter.currency)
    title = f"Letter {letter.level} to {party.name}: {letter.subject}"
    return {
        "subject": letter.letter_id,
        "title": title,
        "risk": claim.risk,
        "quorum": rules.approval.quorum[claim.risk],
        "exposure": amount,
        "currency": letter.currency,
        "why": f"To {letter.recipient}. {claim.title}.",
        "choices": CHOICES,
        "page": "letters",
        "description": f"{title}\nTo: {letter.recipient}\n\n{letter.body}",
    }


def unsound(word: Word) -> str:
    """Say what is wrong with an edited letter, or "": the amount has to stand in it, and nothing else may."""
    if word.verdict != "modify":
        return ""
    store = open_store(settings.load().database_url)
    with store.read() as session:
        letter = session.get(Letter, word.subject)
    return "" if letter is None else unsound_text(letter, word.changes)


def unsound_text(letter: Letter, changes: Mapping[str, Any]) -> str:
    """Say what is wrong with the changed text of a letter, or ""."""
    body, subject = str(changes.get("body") or ""), str(changes.get("subject") or letter.subject)
    amount = money.to_display(letter.amount_minor, letter.currency)
    if not body.strip() or len(body) > _LONGEST or len(subject) > 200 or "\n" in subject:  # noqa: PLR2004 - RFC 5322
        return "Write the letter's text (at most 20,000 characters), and its subject in a line."
    if amount not in body:
        return f"The claim's amount has to stand in the letter as it is: {amount}."
    return ""


def apply(run_id: str, request: RequestRef | None, answered: Sequence[Answer]) -> DecidedLetters:
    """Record answers, and carry out what is settled; again, it changes nothing."""
    store = open_store(settings.load().database_url)
    counts = answers.settle(store, run_id, request, answered) if request else {}
    with store.begin() as session:
        for letter_id, count in sorted(counts.items()):
            _settle(store, session, letter_id, count)
    verdicts = [count.verdict for count in counts.values()]
    approved = verdicts.count("approve") + verdicts.count("modify")
    return DecidedLetters(approved, verdicts.count("reject"), verdicts.count(""))


def _settle(store: Store, session: Session, letter_id: str, count: VoteCount) -> None:
    letter = session.get_one(Letter, letter_id, with_for_update=True)
    if letter.status != "draft" or not count.verdict:
        return
    by = ", ".join(count.by)
    details = {"letter_id": letter_id, "note": count.note}
    if count.verdict == "reject":
        letter.status, letter.note = "rejected", count.note
        claim = states.locked(session, letter.claim_id)
        claim.hold = "letter rejected"
        session.flush()
        once = f"letter rejected:{letter_id}"
        states.event(session, letter.claim_id, "letter_rejected", by=by, details=details, once=once)
        return
    if count.verdict == "modify":
        letter.body, letter.edited_by = str(count.changes["body"]), by
        letter.subject = str(count.changes.get("subject") or letter.subject)
    letter.status, letter.approved_by, letter.approved_at = "queued", by, clock().now()
    session.flush()
    outbox.queue(
        store, outbox.Origin(ORIGIN, letter_id), "letter", letter.recipient, {"letter_id": letter_id}
    )
    once = f"letter approved:{letter_id}"
    states.event(session, letter.claim_id, "letter_approved", by=by, details=details, once=once)
