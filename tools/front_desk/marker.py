"""Mark what each word of a sentence is: names of the ledger, periods, amounts, phrases of the vocabulary."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from tools.front_desk.comparatives import drop_prepositions, mark_comparatives
from tools.front_desk.day_limits import mark_days, settle_days
from tools.front_desk.exclusions import mark_left_out
from tools.front_desk.limits import is_limit, mark_count, mark_limits, mark_top
from tools.front_desk.linking import mark_categories, mark_left_over, mark_names, mark_pairs
from tools.front_desk.marks import PREPOSITIONS, SentenceMarks
from tools.front_desk.names import LedgerNames
from tools.front_desk.period.calendar import FiscalCalendar
from tools.front_desk.period.forms import read
from tools.front_desk.period.parts import PeriodSpan
from tools.front_desk.period.slips import month_meant
from tools.front_desk.phrases import mark_phrases
from tools.front_desk.sentence import Sentence
from tools.front_desk.vocabulary import Sense, vocabulary

_IDS: Final[tuple[tuple[str, str], ...]] = (
    ("case", r"c-[0-9a-f]{6,10}"), ("run", r"\d{8}-[0-9a-f]{6}"), ("flag", r"f-?[0-9a-f]{6,32}"),
    ("proposal", r"p[0-9a-f]{6,11}"), ("incident", r"inc-\d+"), ("file", r"\S+\.ya?ml"),
)  # fmt: skip
_DUE_DAYS: Final = 90  # by when what was invoiced by now falls due
_BEFORE_NUMBERS: Final = ("account", "konto")


def mark(text: str, calendar: FiscalCalendar, names: LedgerNames) -> SentenceMarks:
    """Mark a sentence: what is surest first, and each word once."""
    marks = SentenceMarks(Sentence(text))
    _respell_months(marks, names)
    _mark_ids(marks)
    mark_pairs(marks, names)
    mark_names(marks, names, least_words=2)
    _mark_periods(marks, calendar)
    mark_days(marks)
    mark_limits(marks)
    mark_top(marks)
    mark_phrases(marks)
    settle_days(marks)
    mark_count(marks)
    mark_categories(marks, names)
    mark_names(marks, names, least_words=1)
    mark_left_over(marks, names)
    mark_left_out(marks)
    mark_comparatives(marks)
    drop_prepositions(marks)
    return marks


def _respell_months(marks: SentenceMarks, names: LedgerNames) -> None:
    for number, word in enumerate(marks.sentence.words):
        known = word in names.by_word or vocabulary().knows(word)
        if not known and (month := month_meant(word)):
            marks.corrected.append((word, month))
            marks.sentence.respell(number, month)


def _mark_ids(marks: SentenceMarks) -> None:
    for number, word in enumerate(marks.sentence.words):
        for kind, pattern in _IDS:
            if re.fullmatch(pattern, word):
                marks.ids[kind] = word
                marks.sentence.use(number, 1, "id")


def _is_number(words: list[str], place: int) -> bool:
    """Say whether a number is an account or an amount: "account 2024", "over 2000"."""
    return words[max(place - 1, 0)] in _BEFORE_NUMBERS or is_limit(words, place)


def _periods(marks: SentenceMarks, calendar: FiscalCalendar) -> list[PeriodSpan]:
    """Read every period; with it what else it may be: a month ahead or past, 3/4 of two countries."""
    plain = marks.sentence.plain
    first = replace(calendar, ahead=_DUE_DAYS) if _asks_due(marks) else calendar
    others = [calendar, replace(first, month_first=False)] if calendar.month_first is None else [calendar]
    rivals = {(span.begin, span.finish): span.period for other in others for span in read(plain, other)}
    spans = read(plain, first)
    return [
        replace(span, period=replace(span.period, or_else=rival))
        if (rival := rivals.get((span.begin, span.finish))) and rival != span.period
        else span
        for span in spans
    ]


def _asks_due(marks: SentenceMarks) -> bool:
    """Say whether a sentence asks what falls due."""
    due = Sense("qualifiers", "due")
    words = marks.sentence.words
    places = [place for place, word in enumerate(words) if due in vocabulary().senses((word,))]
    return any(words[max(place - 1, 0)] != "past" for place in places)


def _mark_periods(marks: SentenceMarks, calendar: FiscalCalendar) -> None:
    sentence = marks.sentence
    for span in _periods(marks, calendar):
        text = sentence.plain[span.begin : span.finish]
        words = [
            number
            for number, (start, end) in enumerate(sentence.places)
            if span.begin <= start and end <= span.finish
        ]
        if text == "may" or not words or not all(sentence.free(number, 1) for number in words):
            continue
        if text.isdigit() and _is_number(sentence.words, words[0]):
            continue
        marks.periods.append(span.period)
        # "came in last week": the preposition may be another phrase's.
        own = words[0] + (len(words) > 1 and sentence.words[words[0]] in PREPOSITIONS)
        marks.period_places.append(own)
        sentence.use(own, words[-1] + 1 - own, "period")
