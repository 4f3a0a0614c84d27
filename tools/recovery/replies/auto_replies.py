"""Recognise answers that no person wrote just now (RFC 3834), and until when somebody says to be away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Final

from dateutil import parser as dates

from tools.recovery.replies import mail_parts

_SUBJECT: Final = re.compile(
    r"\b(out of (the )?office|auto(matic)?[- ]?(reply|response|answer)|automatisch|abwesen|vacation"
    r"|away (from|until|on)"
    r"|on (holiday|leave|vacation|annual leave)|absent|absence|ooo\b|autoreply|auto:|re: auto|away\b"
    r"|urlaub)", re.IGNORECASE
)  # fmt: skip
_BODY: Final = re.compile(
    r"\b(i am|i'm|ich bin|we are) (currently )?(away|out of (the )?office|on (vacation|holiday|leave)"
    r"|nicht im b|im urlaub)"
    r"|\bout of (the )?office\b|automatic(ally)? (generated )?(reply|response)"
    r"|return(ing)? (to the office )?on\b"
    r"|limited access to e-?mail|will (respond|reply) (to you )?(up)?on my return", re.IGNORECASE
)  # fmt: skip
_UNTIL: Final = re.compile(
    r"(?:until|till|returning(?: to the office)?(?: on)?|return(?: on)?|back(?: in the office)?(?: on)?"
    r"|bis(?: zum)?|from|ab)"
    r"\s+(?:the\s+)?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
    r"(\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}|[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?"
    r"|\d{1,2}(?:st|nd|rd|th|\.)? [A-Z][a-z]{2,8}(?: \d{4})?)",
    re.IGNORECASE,
)
_MOST_DAYS: Final = 120  # somebody who is away for longer has left


def is_auto_reply(message: Message) -> bool:
    """Say whether a mail answers by itself: by its headers (RFC 3834), else by its subject and words."""
    submitted = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    if submitted in ("auto-replied", "auto-generated"):
        return True
    if any(
        message.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From", "X-Autoresponder")
    ):
        return True
    if "oof" in str(message.get("X-Auto-Response-Suppress", "")).lower() and _words(message):
        return True
    if str(message.get("Precedence", "")).lower() in ("auto_reply", "auto-reply"):
        return True
    return _words(message)


def _words(message: Message) -> bool:
    if _SUBJECT.search(mail_parts.header(message, "Subject")):
        return True
    body = "\n".join(mail_parts.texts(message))[:2000]
    return bool(_BODY.search(body))


def not_before(message: Message) -> date | None:
    """Give the day from which somebody is back, where the answer says one that lies ahead of it."""
    sent = _sent(message)
    if sent is None:
        return None
    days = [day for day in _days(message, sent) if 0 < (day - sent.date()).days <= _MOST_DAYS]
    return min(days, default=None)


def _sent(message: Message) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message.get("Date", "")))
    except (TypeError, ValueError):
        return None


def _days(message: Message, sent: datetime) -> Iterator[date]:
    text = mail_parts.header(message, "Subject") + "\n" + "\n".join(mail_parts.texts(message))
    for named in _UNTIL.findall(text):
        dotted = "." in named
        try:
            yield dates.parse(named, default=sent.replace(hour=0, minute=0), dayfirst=dotted).date()
        except (ValueError, OverflowError):
            continue
