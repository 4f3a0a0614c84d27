"""A mail as a mail program shows it: what is new in it, what it quotes, and the names of its attachments."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from typing import Final, NamedTuple

from tools.recovery.replies import answer_text, mail_parts

MOST_SHOWN: Final = 20_000  # characters of a text
_REPORT: Final = ("message/delivery-status", "message/global-delivery-status", "message/feedback-report")


class MailView(NamedTuple):
    """What is shown of a mail; written: its Date header as it stands."""

    to: str
    written: str
    text: str
    quoted: str
    attachments: tuple[str, ...]


def view(raw: bytes) -> MailView:
    """Show a mail as it came; of a broken one, what can be read."""
    message = mail_parts.parse(raw)
    texts = map(mail_parts.text_of, mail_parts.written(message))
    whole = "\n".join(texts).replace("\r\n", "\n").strip()
    text = answer_text.latest(whole) if whole else ""
    return MailView(
        mail_parts.header(message, "To"),
        mail_parts.header(message, "Date"),
        text[:MOST_SHOWN],
        _quoted_lines(whole, text)[:MOST_SHOWN],
        tuple(_attachments(message)),
    )


def _quoted_lines(whole: str, text: str) -> str:
    """Give the lines of a mail that are not its new text, in order."""
    fresh = iter([line.strip() for line in text.splitlines() if line.strip()])
    expected, rest = next(fresh, None), list[str]()
    for line in whole.splitlines():
        if expected is not None and line.strip() == expected:
            expected = next(fresh, None)
        else:
            rest.append(line.rstrip())
    return "\n".join(rest).strip()


def _attachments(message: Message) -> Iterator[str]:
    for part in message.walk():
        kind = part.get_content_type()
        if kind in mail_parts.RETURNED:
            yield "the mail that was returned"
        elif kind not in _REPORT and (name := part.get_filename()):
            yield " ".join(name.split())
