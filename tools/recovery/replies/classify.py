"""Read one mail that came in: returned, complaint, automatic, or written by a person. In this order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from email.message import Message
from typing import Final

from tools.recovery.replies import (
    answer_text,
    answers,
    auto_replies,
    bounces,
    complaints,
    forwards,
    mail_parts,
    payment_notices,
)
from tools.recovery.replies.reading import PASSED_ON, Bounce, Reading

BOUNCE, COMPLAINT, AUTO, OPT_OUT, WRONG_PERSON = (
    "bounce", "complaint", "auto_reply", "opt_out", "wrong_person",
)  # fmt: skip
MOST_TEXT: Final = 20_000
_OF_COLLEAGUE: Final = (answers.PAID, "agree", "dispute")  # a question of a colleague's may be to the sender


def read(raw: bytes) -> Reading:
    """Read a mail as it came; whatever it is, something is said of it."""
    message = mail_parts.parse(raw)
    complaint = complaints.read(message)
    if complaint is not None:
        kind = OPT_OUT if complaints.is_opt_out(complaint) else COMPLAINT
        return _reading(message, kind, 1.0, recipients=complaint.recipients, signs=(complaint.kind,))
    failed = bounces.read(message)
    if failed:
        return _reading(message, BOUNCE, 1.0, bounces=failed)
    if _asks_to_leave(message):
        return _reading(message, OPT_OUT, 1.0, recipients=(mail_parts.sender(message),))
    return _read_words(message)


def _read_words(message: Message) -> Reading:
    if payment_notices.is_remittance(mail_parts.header(message, "Subject"), _text(message)):
        return _reading(message, answers.PAID, 0.9, signs=("a remittance advice",))
    if auto_replies.is_auto_reply(message):
        if auto_replies.is_of_nobody(message):
            return _reading(message, WRONG_PERSON, 1.0, signs=("there no more",))
        return _reading(message, AUTO, 1.0, not_before=auto_replies.not_before(message))
    subject = mail_parts.header(message, "Subject")
    answer = answers.read(subject + "\n" + _text(message))
    if answer.kind == answers.UNSURE and (passed_on := _of_colleague(message, subject)):
        answer = passed_on
    return _reading(message, answer.kind, answer.confidence, signs=answer.signs)


def _of_colleague(message: Message, subject: str) -> answers.ReplyWords | None:
    """Read a colleague's words that a mail passes on, where they say what becomes of the claim."""
    words = forwards.colleague_words(_whole(message), mail_parts.sender(message))
    answer = answers.read(f"{subject}\n{words}") if words else None
    if answer is None or answer.kind not in _OF_COLLEAGUE:
        return None
    return replace(answer, signs=(PASSED_ON, *answer.signs))


def _asks_to_leave(message: Message) -> bool:
    """Say whether a mail is what a mail program sends to leave a list (RFC 2369, List-Unsubscribe)."""
    subject = mail_parts.header(message, "Subject").strip().lower()
    return bool(message.get("X-Apple-Unsubscribe")) or subject in ("unsubscribe", "opt-out", "opt out")


def _text(message: Message) -> str:
    return answer_text.latest(_whole(message))[:MOST_TEXT]


def _whole(message: Message) -> str:
    return "\n".join(map(mail_parts.text_of, mail_parts.written(message))).replace("\r\n", "\n")


def _reading(
    message: Message,
    kind: str,
    confidence: float,
    *,
    bounces: tuple[Bounce, ...] = (),
    recipients: tuple[str, ...] = (),
    not_before: date | None = None,
    signs: tuple[str, ...] = (),
) -> Reading:
    return Reading(
        kind,
        confidence,
        mail_parts.sender(message),
        mail_parts.header(message, "Subject"),
        _text(message),
        mail_parts.message_ids(message),
        bounces,
        recipients,
        not_before,
        signs,
    )
