"""Read a complaint: a recipient said "this is spam" (RFC 5965), or opted out by report."""

from __future__ import annotations

from email.message import Message
from typing import Final, NamedTuple

from tools.recovery.replies import mail_parts

_OPT_OUT: Final = ("opt-out", "opt-out-list", "unsubscribe")


class Complaint(NamedTuple):
    """A report: its type (abuse, fraud, opt-out, auth-failure ...) and whose addresses it is about."""

    kind: str
    recipients: tuple[str, ...]


def read(message: Message) -> Complaint | None:
    """Give a feedback report; None for another mail. A report about authentication is about nobody."""
    groups = mail_parts.reports(message, "message/feedback-report")
    kinds = [kind.lower() for kind in mail_parts.fields(groups, "Feedback-Type")]
    if not kinds:
        return _without_report(message)
    recipients = mail_parts.fields(groups, "Original-Rcpt-To") + mail_parts.fields(
        groups, "Removal-Recipient"
    )
    addresses = [name for text in recipients for name in mail_parts.addresses(text)]
    return Complaint(kinds[0], tuple(dict.fromkeys(addresses or _of_copy(message))))


def is_opt_out(complaint: Complaint) -> bool:
    """Say whether a report only asks not to be written to."""
    return complaint.kind in _OPT_OUT


def _of_copy(message: Message) -> list[str]:
    """Give To of the mail that is complained about: some providers redact the report alone."""
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
            return mail_parts.addresses(str(inner.get("To", ""))) if isinstance(inner, Message) else []
    return []


def _without_report(message: Message) -> Complaint | None:
    """Recognise the forms of providers that send no report of RFC 5965 (Outlook.com's junk mail reports)."""
    sender = mail_parts.sender(message).lower()
    subject = mail_parts.header(message, "Subject").lower()
    is_report = message.get("X-HmXmrOriginalRecipient") or sender.startswith("staff@hotmail")
    if not is_report and not (subject.startswith("complaint about message from") and message.is_multipart()):
        return None
    named = str(message.get("X-HmXmrOriginalRecipient", ""))
    return Complaint("abuse", tuple(mail_parts.addresses(named) or _of_copy(message)))
