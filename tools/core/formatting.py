"""How figures, days, people and documents are written in a note."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from tools.core import money

_MINOR: Final = re.compile(r"(-?\d+) minor units(?: of ([A-Z]{3})\b)?")
_ISO: Final = re.compile(r"(?<![\w/-])(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}:\d{2})(?::\d{2})?)?(?![\w-])")
_DAY: Final = re.compile(r"\bday (\d{1,6}) since 1970\b")
_NAME: Final = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b(?![.(])")
_LABEL: Final = re.compile(r"^[a-z]+(?:_[a-z]+)+(?=:)")
_SINGLE: Final = re.compile(r"\b1 (line|row|day|posting|part|amount|invoice|payment|vendor|business day)s\b")
_SAME_DAY: Final = re.compile(r"\b0 days (?:apart|before|earlier|later|after)\b")
_SAID: Final = ("observed", "threshold", "population")
_LESS: Final = re.compile(r"-(\d[\d,.]* [A-Z]{3}) more\b")
_MONTHS: Final = (
    "January February March April May June July August September October November December".split()
)
_NOUNS: Final = {
    "card": "card charge",
    "bank": "bank line",
    "ledger": "ledger line",
    "invoice": "invoice",
    "payment": "payment",
    "receipt": "receipt",
}


def in_money(text: str, currency: str) -> str:
    """Write "1234 minor units", or "1234 minor units of USD", in a test's words as money.

    Where neither the row nor the words know a currency ("" is none), they stay as they are.
    """
    return _MINOR.sub(lambda match: _money(match, match[2] or currency), text)


def _money(match: re.Match[str], currency: str) -> str:
    return amount_text(int(match[1]), currency) if currency else match[0]


def amount_text(minor: int | None, currency: str) -> str:
    """Write an amount: "1,234.50 USD"."""
    return "no amount" if minor is None else money.to_display(minor, currency)


def of_test(test: Mapping[str, Any], currency: str | None) -> dict[str, Any]:
    """Give a test's finding with what it says in a reader's words: money, days, no names of ours."""
    texts = {name: in_money(str(test.get(name) or ""), currency or "") for name in _SAID}
    figures = {"observed": smooth(texts["observed"]), "threshold": plain(smooth(texts["threshold"]))}
    return {**test, **figures, "population": plain(texts["population"])}


def day(value: date | None) -> str:
    """Write a day: "8 March 2025"."""
    return "no valid day" if value is None else f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def short_day(value: date, *, year: bool = False) -> str:
    """Write a day where there is little room: "8 Mar", or "8 Mar 2025"."""
    return f"{value.day} {_MONTHS[value.month - 1][:3]}{f' {value.year}' if year else ''}"


def in_days(text: str) -> str:
    """Write ISO days and times in a text as a reader would: "8 March 2025 at 10:12"."""
    text = _DAY.sub(_since_1970, text)
    return _ISO.sub(_day_text, text)


def plain(text: str) -> str:
    """Write names of our own ("card_to_bank") as words."""
    return _NAME.sub(lambda match: match[0].replace("_", " "), text)


def smooth(text: str) -> str:
    """Put the numbers of what a test observed right: "1 row", "on the same day", "5.00 USD less"."""
    text = _DAY.sub(_since_1970, text)
    text = _LABEL.sub(lambda match: match[0].replace("_", " "), text)
    text = _SINGLE.sub(lambda match: f"1 {match[1]}", text)
    text = _SAME_DAY.sub("on the same day", text)
    return _LESS.sub(r"\1 less", text)


def noun(kind: str, count: int = 1) -> str:
    """Name a row of a kind: "card charge", "2 bank lines"."""
    name = _NOUNS.get(kind, kind)
    return name if count == 1 else f"{name}s"


def row_name(row: Mapping[str, Any]) -> str:
    """Say which row it is: its noun, its amount and which way it went, its party, its day, and its number."""
    when = f"on {day(row['posted_on'])}" if row["posted_on"] else "without a valid date"
    number = f" ({row['txn_id']})" if row["txn_id"] else ""
    return f"The {noun(row['kind'])} of {_moved(row)} {when}{number}"


def _moved(row: Mapping[str, Any]) -> str:
    minor, currency, vendor = row["amount_minor"], row["currency"], row["vendor_name"]
    if minor is None:
        return f"no amount to {vendor}" if vendor else "no amount"
    if row["kind"] == "bank":
        way, link = ("paid out", "to") if minor < 0 else ("received", "from")
    elif row["kind"] == "ledger":
        way, link = ("credited" if minor < 0 else "debited"), "with"
    else:
        way, link = ("credited", "by") if minor < 0 else ("", "to")
    amount = " ".join(part for part in (amount_text(abs(minor), currency), way) if part)
    return f"{amount} {link} {vendor}" if vendor else amount


def _since_1970(match: re.Match[str]) -> str:
    return (date(1970, 1, 1) + timedelta(days=int(match[1]))).isoformat()


def _day_text(match: re.Match[str]) -> str:
    try:
        written_day = day(date(int(match[1]), int(match[2]), int(match[3])))
    except ValueError:  # shaped like a day, and none
        return match[0]
    return f"{written_day} at {match[4]}" if match[4] and match[4] != "00:00" else written_day
