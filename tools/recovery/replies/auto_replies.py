"""Recognise answers that no person wrote just now (RFC 3834), and until when somebody says to be away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Final

from dateutil import parser as dates

from tools.core import package_yaml
from tools.recovery.replies import answer_text, mail_parts

# Months by the first letters that tell them, in English, German, French, Spanish, Italian and Dutch.
_MONTHS: Final = (
    "jan|jän|gen|ene", "feb|fév|fev", "mar(?!di)|mär|maa|mrt", "apr|avr|abr", "may|mai|mag|mei",
    "jun|juin|giu", "jul|juil|lug", "aug|aoû|aou|ago", "sep|set", "oct|okt|ott", "nov", "dec|dez|déc|dic",
)  # fmt: skip
_MONTH: Final = "|".join(f"(?:{month})[^\\W\\d]*" for month in _MONTHS)
_UNTIL: Final = re.compile(
    r"\b(?:(?:from [^.\n]{3,30}?|between [^.\n]{3,30}?) (?:to|and|until)|du [^.\n]{3,30}? au"
    r"|de[l ] ?[^.\n]{3,30}? al"
    r"|dal [^.\n]{3,30}? al"
    r"|until|till|returning(?: to the office)?(?: on)?|return(?: on)?|back(?: in the office)?(?: on)?"
    r"|bis(?: zum)?|from|ab(?: dem)?|jusqu.au|(?:de retour|reviens|rentre)(?: le)?|[àa] partir du"
    r"|hasta(?: el)?"
    r"|vuelvo(?: el)?|regreso(?: el)?|a partir del?|fino al|rientr\w*(?: il)?|dal|tot(?: en met)?"
    r"|vanaf|terug(?: op)?)"
    r"\s+(?:the\s+|einschließlich\s+|and including\s+|incl\.?\s+)?(?:[^\W\d]{3,10}(?:day|di|tag|woch"
    r"|dag|es|do|[ìi]|nes)"
    r",?\s+(?:den\s+)?)?"
    rf"(\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|(?:{_MONTH})\.? \d{{1,2}}(?:st|nd|rd"
    rf"|th)?(?:,? \d{{4}})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.|er|º)?(?: de)? (?:{_MONTH})(?: (?:de )?\d{{4}})?)",
    re.IGNORECASE,
)
_NOT_ENGLISH: Final = re.compile(
    r"\b(ich|und|bin|je|suis|vous|estoy|hasta|gracias|sono|fino|grazie|ik|tot|niet)\b", re.IGNORECASE
)
_MOST_READ: Final = 2_000  # characters
_MOST_DAYS: Final = 120  # somebody who is away for longer has left


@cache
def _words_of(name: str) -> re.Pattern[str]:
    """Give the words of the rules (auto_reply_rules.yaml): subject, body or left."""
    rules = package_yaml.of_package("tools.recovery.replies", "auto_reply_rules")
    return re.compile("|".join(rules[name]), re.IGNORECASE)


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
    if _words_of("subject").search(mail_parts.header(message, "Subject")):
        return True
    return bool(_words_of("body").search(answer_text.latest(_body(message))))


def _body(message: Message) -> str:
    return "\n".join(map(mail_parts.text_of, mail_parts.written(message)))[:_MOST_READ]


def is_of_nobody(message: Message) -> bool:
    """Say whether an automatic answer, which names no day of return, is for somebody who left."""
    return not_before(message) is None and bool(_words_of("left").search(_body(message)))


def not_before(message: Message) -> date | None:
    """Give the day from which somebody is back, where the answer says one that lies ahead of it."""
    sent = _sent_at(message)
    if sent is None:
        return None
    days = [day for day in _days(message, sent) if 0 < (day - sent.date()).days <= _MOST_DAYS]
    return max(days, default=None)  # of a range its end


def _sent_at(message: Message) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message.get("Date", "")))
    except (TypeError, ValueError):
        return None


def _days(message: Message, sent: datetime) -> Iterator[date]:
    text = mail_parts.header(message, "Subject") + "\n" + "\n".join(mail_parts.texts(message))
    day_first = bool(_NOT_ENGLISH.search(text))
    for named in _UNTIL.findall(text):
        if day := _day(named, sent, day_first=day_first or "." in named):
            yield day


def _day(named: str, sent: datetime, *, day_first: bool) -> date | None:
    """Read a day as it is written; without a year, the next one behind the mail's."""
    words = re.sub(r"\bde\b|(?<=\d)(er|º)\b", " ", named)
    words = re.sub(r"[^\W\d]{3,}\.?", _english_month, words)
    try:
        day: date = dates.parse(words, default=sent.replace(hour=0, minute=0), dayfirst=day_first).date()
    except (ValueError, OverflowError):
        return None
    if str(day.year) not in named and day < sent.date() and not re.search(r"[./-]\d{2,4}$", named):
        return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else None
    return day


def _english_month(word: re.Match[str]) -> str:
    for number, starts in enumerate(_MONTHS, start=1):
        if re.match(starts, word[0], re.IGNORECASE):
            return date(2000, number, 1).strftime("%b")
    return word[0]
