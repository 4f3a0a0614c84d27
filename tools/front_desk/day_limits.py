"""Days by which something is late: "overdue by more than 60 days", "mehr als 30 Tage überfällig"."""

from __future__ import annotations

import re
from typing import Final

from tools.front_desk.limits import BETWEEN, BOUNDS
from tools.front_desk.marks import SentenceMarks
from tools.front_desk.period.words import NUMBERS, UNITS
from tools.front_desk.vocabulary import vocabulary

_NUMBER: Final = re.compile(r"\d{1,4}$")
_SINCE: Final = ("seit", "since")
_DAYS: Final = {"days": 1, "weeks": 7}
_OR_MORE: Final = (("or", "more"), ("oder", "mehr"), ("and", "more"), ("und", "mehr"))
_BETWEEN_WORDS: Final = 3  # "between 30 and", before the second number


def mark_days(marks: SentenceMarks) -> None:
    """Read a bound in days or weeks; without a word that says which bound it is, none is taken."""
    words = marks.sentence.words
    for place in range(1, len(words) - 1):
        size = _DAYS.get(UNITS.get(words[place + 1], ""), 0)
        count = _count(words[place]) if size and marks.sentence.free(place, 2) else None
        if count is not None:
            _mark_bound(marks, place, count * size, size)


def settle_days(marks: SentenceMarks) -> None:
    """Leave out what only says days again: "overdue, 10 days late", "how many days until payment"."""
    qualifiers = marks.senses["qualifiers"]
    if marks.days and {"overdue", "late"} <= {value for _, value in qualifiers}:
        qualifiers[:] = [(place, value) for place, value in qualifiers if value != "late"]
    waits = {place for place, noun in marks.senses["nouns"] if noun == "days to pay"}
    marks.senses["aggregates"] = [
        (place, value)
        for place, value in marks.senses["aggregates"]
        if value != "count" or place + marks.lengths[place] not in waits
    ]


def _count(word: str) -> int | None:
    return int(word) if _NUMBER.match(word) else NUMBERS.get(word)


def _mark_bound(marks: SentenceMarks, place: int, days: int, size: int) -> None:
    words = marks.sentence.words
    if tuple(words[place + 2 : place + 4]) in _OR_MORE:
        _take(marks, place, place + 4, least=days)
        return
    between = words[max(place - 3, 0) : place]
    least_count = _count(between[1]) if len(between) == _BETWEEN_WORDS and between[0] in BETWEEN else None
    if least_count is not None:
        _take(marks, place - 3, place + 2, least=least_count * size, most=days)
        return
    for length in (3, 2, 1):
        begin = place - length
        senses = vocabulary().senses(tuple(words[begin:place])) if begin >= 0 else []
        kind = next((sense.kind for sense in senses if sense.kind in BOUNDS), "")
        if kind and marks.sentence.free(begin, length):
            least = days + (kind == "over") if BOUNDS[kind] == "over" else 0
            most = days - (kind == "under") if BOUNDS[kind] == "under" else 0
            _take(marks, begin, place + 2, least=least, most=most)
            return


def _take(marks: SentenceMarks, begin: int, end: int, *, least: int = 0, most: int = 0) -> None:
    begin -= bool(begin) and marks.sentence.words[begin - 1] in _SINCE and marks.sentence.free(begin - 1, 1)
    marks.least_days, marks.most_days = least or marks.least_days, most or marks.most_days
    marks.days = " ".join(filter(None, [marks.days, *marks.sentence.words[begin:end]]))
    marks.sentence.use(begin, end - begin, "days")
