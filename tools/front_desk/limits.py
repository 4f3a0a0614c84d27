"""Amounts and counts in words: "over 5,000", "unter 10k", "top 5", "die fünf größten"."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from tools.front_desk.distinct_values import counted_dimension
from tools.front_desk.marks import SentenceMarks
from tools.front_desk.period.words import UNITS
from tools.front_desk.vocabulary import vocabulary

_AMOUNT: Final = re.compile(
    r"(?:usd|eur|gbp|chf|\$)?(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,](\d{1,2}))?(k|m)?(?:usd|eur|gbp|chf)?$"
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_COUNT: Final = re.compile(r"\d{1,3}$")
_NUMBER_WORDS: Final = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twenty": 20, "zwei": 2, "drei": 3, "vier": 4, "fuenf": 5, "sechs": 6, "sieben": 7, "acht": 8,
    "neun": 9, "zehn": 10, "zwanzig": 20,
}  # fmt: skip
_BEFORE_COUNT: Final = ("which", "what", "the", "welche", "welchen", "die")
BETWEEN: Final = ("between", "zwischen")
# Words before an amount, with the bound that they are; of two bounds the amount itself is within.
BOUNDS: Final = {"over": "over", "under": "under", "at_least": "over", "at_most": "under"}
_ROWS: Final = ("invoice", "payment", "charge", "posting", "receipt", "flag", "inflow", "outflow", "break")
_ORDERS: Final = {
    ("top", ""): "most", ("bottom", ""): "least", ("aggregates", "last"): "latest",
    ("aggregates", "first"): "earliest",
}  # fmt: skip


def mark_limits(marks: SentenceMarks) -> None:
    """Read "over 5,000", "unter 10k" and "between 1,000 and 5,000"."""
    sentence = marks.sentence
    for number, word in enumerate(sentence.words):
        amount = _amount(word) if sentence.free(number, 1) and number else None
        if amount is None or _is_time(sentence.words[number + 1 : number + 2]):
            continue  # "more than 60 days" is no amount
        if sentence.words[number - 1] in BETWEEN and _mark_between(marks, number, amount):
            continue
        for length in (3, 2, 1):
            begin = number - length
            kinds = (
                {sense.kind for sense in vocabulary().senses(tuple(sentence.words[begin:number]))}
                if begin >= 0
                else set()
            )
            kind = next((name for name in BOUNDS if name in kinds), "")
            if kind and sentence.free(begin, length):
                bound = BOUNDS[kind]
                setattr(marks, bound, amount)
                marks.inclusive |= {bound} if bound != kind else set()
                marks.limit = (begin, number)
                sentence.use(begin, length + 1, "limit")
                break


def is_limit(words: list[str], place: int) -> bool:
    """Say whether a number that could be a year is an amount by what stands around it."""
    if _is_between_amounts(words, place):
        return True
    before = [tuple(words[max(place - length, 0) : place]) for length in (3, 2, 1)]
    return any(sense.kind in BOUNDS for phrase in before for sense in vocabulary().senses(phrase))


def _is_between_amounts(words: list[str], place: int) -> bool:
    """Say whether it is an end of "between 900 and 2000", of which not both are years."""
    for begin in (place - 1, place - 3):
        between = words[begin : begin + 4] if begin >= 0 else []
        if len(between) == 4 and between[0] in BETWEEN and between[2] in ("and", "und"):  # noqa: PLR2004 - words
            after = words[begin + 4 : begin + 5]
            in_money = bool(after) and any(s.kind == "currencies" for s in vocabulary().senses((after[0],)))
            ends = (between[1], between[3])
            return all(map(_amount, ends)) and (in_money or not all(map(_YEAR.fullmatch, ends)))
    return False


def _is_time(following: list[str]) -> bool:
    return bool(following) and following[0] in UNITS


def _mark_between(marks: SentenceMarks, number: int, least: Decimal) -> bool:
    """Read both ends, themselves included."""
    words = marks.sentence.words
    most = (
        _amount(words[number + 2])
        if words[number + 1 : number + 2] in (["and"], ["und"]) and number + 2 < len(words)
        else None
    )
    if most is None or not marks.sentence.free(number - 1, 4):
        return False
    marks.over, marks.under = least, most
    marks.inclusive |= {"over", "under"}
    marks.sentence.use(number - 1, 4, "limit")
    return True


def _amount(word: str) -> Decimal | None:
    match = _AMOUNT.fullmatch(word)
    if match is None:
        return None
    whole = re.sub(r"[.,]", "", match[1])
    scale = {"k": 1000, "m": 1_000_000}.get(match[3] or "", 1)
    return Decimal(f"{whole}.{match[2] or '0'}") * scale


def limits_groups(marks: SentenceMarks) -> bool:
    """Say whether a limit may be meant of a count or of a group's total: it narrows single rows alone.

    "card charges over 100 by person" limits charges; "vendors with more than 20 invoices" limits vendors.
    """
    if marks.limit is None:
        return False
    begin, amount = marks.limit
    nouns = dict(marks.senses["nouns"])
    if amount + 1 in nouns:
        return True
    ends = {place + marks.lengths.get(place, 1) for place, noun in nouns.items() if noun in _ROWS}
    grouped = marks.by or counted_dimension(marks) or {"vendor", "employee"} & set(nouns.values())
    return bool(grouped) and not ends & {begin, begin - 1}


def mark_top(marks: SentenceMarks) -> None:
    """Read "top 5", "the 3 largest", "fünf größten", "last 10"."""
    sentence = marks.sentence
    for number, word in enumerate(sentence.words):
        order = _order(word) if sentence.free(number, 1) else ""
        for near in (number + 1, number - 1):
            if order and 0 <= near < len(sentence.words) and sentence.free(near, 1):
                count = _count_of(sentence.words[near])
                if count:
                    marks.most, marks.order = count, order
                    sentence.use(near, 1, "top")
                    sentence.use(number, 1, "top")
                    break


def mark_count(marks: SentenceMarks) -> None:
    """Read "which 5 vendors cost us the most": how many, apart from the word that says the order."""
    sentence = marks.sentence
    for number, word in enumerate(sentence.words[1:], start=1):
        count = _count_of(word) if sentence.free(number, 1) and not marks.most else 0
        if count and sentence.words[number - 1] in _BEFORE_COUNT and marks.superlative:
            marks.most, marks.order = count, "least" if marks.has("bottom") else "most"
            sentence.use(number, 1, "top")


def _order(word: str) -> str:
    """Give the order that a word asks for: most, least, latest, earliest; "" for none."""
    senses = {(sense.kind, sense.value) for sense in vocabulary().senses((word,))}
    return next((order for sense, order in _ORDERS.items() if sense in senses), "")


def _count_of(word: str) -> int:
    return int(word) if _COUNT.fullmatch(word) else _NUMBER_WORDS.get(word, 0)
