"""What a receipt says, by rules: its day, merchant, total, currency and number, each with its line.

A fact is sure where its line names it (Total, Date, a company's legal form) and no line says otherwise; what
is only the likeliest is not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tools.ledger.asides import plain
from tools.ledger.cells import CODES, SIGNS
from tools.ledger.papers import days
from tools.ledger.papers.words import pattern, says

_SIGNS: Final = {sign: codes for sign, codes in SIGNS.items() if " " not in codes} | {
    "£": "GBP",
    "€": "EUR",
    "TL": "TRY",
}
_LIKELY: Final = {"$": "USD", "Rs": "INR", "Rs.": "INR"}  # signs of several currencies: the commonest
_SIGN: Final = re.compile(r"[A-Z]{1,2}\$|[€£₹₩₺₽₪₫฿]|(?<!\w)(?:TL|Ft|Kč|zł)(?!\w)")
_KANA: Final = re.compile(r"[\u3040-\u30ff]")
_UNIT: Final = r"(?:[A-Z]{3}|[A-Z]{0,2}[$€£¥₹₩₺₽₪₫฿₱₦]|zł|Kč|kr\.?|Fr\.|Rs\.?|Ft|TL|RM|[Ll]ei)"
_AMOUNT: Final = re.compile(
    rf"(?<![\w.,])(?P<before>{_UNIT})?\s?(?P<minus>[-\u2212])?\s?"
    r"(?P<number>\d{1,3}(?:[.,'\u2019\u00a0 ]\d{3})*[.,]\d{2}|\d+[.,]\d{2}|\d{1,3}(?:[.,\u00a0 ]\d{3})+|\d+)"
    rf"(?![\d/:-]|[.,]\d)\s?(?P<after>{_UNIT})?(?!\w)"
)
_NUMBER: Final = re.compile(
    r"(?:no\.?|nr\.?|n[°º]|number|#|:|-)*\s*[:#]?\s*([A-Z]{0,5}[-/ ]?\d[\w/-]{1,20})", re.IGNORECASE
)
_LETTERS: Final = re.compile(r"[^\W\d_]{2}")
_HEAD: Final = 12  # lines at the top among which a merchant is looked for
_LONGEST: Final = 60  # characters of a merchant's name


@dataclass(frozen=True)
class Fact:
    """One thing that a receipt says: its value, the line it stands on (from 1), and whether it is sure."""

    value: str
    line: int
    is_sure: bool


def facts(text: str, *, sent_by: str = "", sent_on: str = "") -> dict[str, Fact]:
    """Find date, merchant, total (a decimal), currency and number in a text; what is not there is left out.

    sent_by, sent_on: of a mail, where its text says no more.
    """
    lines = text.splitlines()
    total = _total(lines)
    facts_ = {} if total is None else {"total": total[0]}
    currency = _currency(lines, total[1] if total else "", total[0].line if total else 0)
    if currency:
        facts_["currency"] = currency
    american = currency is not None and currency.value == "USD"
    if (day := days.day(lines, american=american)) or sent_on:
        facts_["date"] = Fact(*day) if day else Fact(sent_on, 1, is_sure=False)
    merchant = _merchant(lines)
    if sent_by and not (merchant and merchant.is_sure):
        merchant = Fact(sent_by, 1, is_sure=False)
    if merchant:
        facts_["merchant"] = merchant
    if number := _number(lines):
        facts_["number"] = number
    return facts_


def _amounts(line: str) -> Iterator[tuple[Decimal, str]]:
    """Give the amounts of a line and their units; whole numbers only beside a unit."""
    for match in _AMOUNT.finditer(line):
        unit = match["before"] or match["after"] or ""
        unit = unit if not unit.isalpha() or len(unit) != 3 or unit in CODES else ""  # noqa: PLR2004 - a code
        number = re.sub(r"['\u2019\u00a0 ]", "", match["number"])
        cents = re.search(r"[.,](\d{2})$", number)
        if not cents and not unit:
            continue
        digits = re.sub(r"[.,]", "", number)
        value = Decimal(digits).scaleb(-2 if cents else 0)
        yield (-value if match["minus"] else value), unit


def _total(lines: Sequence[str]) -> tuple[Fact, str] | None:
    """Give the total and its unit: of a whole total's line, else a total's, else the largest amount."""
    for name in ("grand", "total"):
        named = [entry for at in range(len(lines)) if (entry := _total_line(lines, at, name))]
        if named:
            values = {amount for _, amounts in named for amount, _ in amounts[-1:]}
            at, amounts = max(named, key=lambda entry: (entry[1][-1][0], entry[0]))
            return Fact(str(amounts[-1][0]), at + 1, is_sure=len(values) == 1), amounts[-1][1]
    loose = [(amount, -at, unit) for at, line in enumerate(lines) for amount, unit in _amounts(line) if unit]
    if not loose:
        return None
    amount, at, unit = max(loose)
    return Fact(str(amount), 1 - at, is_sure=False), unit


def _total_line(lines: Sequence[str], at: int, name: str) -> tuple[int, list[tuple[Decimal, str]]] | None:
    """Give the line and amounts of a line that is called a total, or of the one below where it has none."""
    if not says(name, lines[at]) or says("not_total", lines[at]):
        return None
    if own := list(_amounts(lines[at])):
        return at, own
    below = lines[at + 1] if at + 1 < len(lines) else ""
    amounts = [] if _LETTERS.search(_unlettered(below)) else list(_amounts(below))
    return (at + 1, amounts) if amounts else None


def _unlettered(line: str) -> str:
    return " ".join(word for word in re.split(r"[\s\d.,:]+", line) if word not in CODES)


def _currency(lines: Sequence[str], unit: str, line: int) -> Fact | None:
    """Give the currency of the total's unit, else the one that the text speaks of most."""
    if unit in CODES or unit in _SIGNS:
        return Fact(unit if unit in CODES else _SIGNS[unit], line, is_sure=True)
    codes: Counter[tuple[str, int]] = Counter()
    for at, text in enumerate(lines):
        codes.update((word, at + 1) for word in re.findall(r"\b[A-Z]{3}\b", text) if word in CODES)
        codes.update((_SIGNS[sign], at + 1) for sign in _SIGN.findall(text) if sign in _SIGNS)
    named = {code for code, _ in codes}
    likely = _LIKELY | {"¥": "JPY" if _KANA.search(" ".join(lines)) else _yen_or_yuan(lines[line - 1 : line])}
    if not named and unit in likely:
        return Fact(likely[unit], line, is_sure=False)
    first = min((at for _, at in codes), default=0)
    return (
        Fact(next(code for code, at in codes if at == first), first, is_sure=len(named) == 1)
        if codes
        else None
    )


def _yen_or_yuan(lines: Sequence[str]) -> str:
    """Tell by the cents: yen have none."""
    return "CNY" if any(re.search(r"\d[.,]\d\d\b", line) for line in lines) else "JPY"


def _merchant(lines: Sequence[str]) -> Fact | None:
    """Give who sold: what a line names so, a company by its legal form, else the first line of a name."""
    head = [(at + 1, line.strip()) for at, line in enumerate(lines) if line.strip()][:_HEAD]
    for at, line in head:
        label, colon, name = line.partition(":")
        if colon and name.strip() and pattern("merchant").fullmatch(label.strip().casefold()):
            return Fact(name.strip()[:_LONGEST], at, is_sure=True)
        if words := pattern("received_from").match(plain(line)):
            return Fact(line[words.end() :].strip(" :")[:_LONGEST], at, is_sure=True)
    names = [(at, line) for at, line in head if _is_name(line)]
    for at, line in names:
        if says("company", line):
            return Fact(line[:_LONGEST], at, is_sure=True)
    return Fact(names[0][1][:_LONGEST], names[0][0], is_sure=False) if names else None


def _is_name(line: str) -> bool:
    """Whether a line can be a name: letters, no amount, no day, no word that heads a receipt."""
    if not _LETTERS.search(line) or len(line) > _LONGEST or "@" in line or _is_label(line):
        return False
    return not any(_amounts(line)) and days.day([line], american=False) is None


def _is_label(line: str) -> bool:
    return any(says(name, line) for name in ("no_merchant", "grand", "dated", "number"))


def _number(lines: Sequence[str]) -> Fact | None:
    """Give the receipt's own number: what stands behind its word."""
    for at, line in enumerate(lines):
        label = pattern("number").search(line.casefold())
        match = _NUMBER.match(line[label.end() :].strip()) if label else None
        if match and days.day([line], american=False) is None:
            return Fact(match[1].strip(), at + 1, is_sure=True)
    return None
