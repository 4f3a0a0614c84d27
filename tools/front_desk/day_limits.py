"""Days by which something is late: "overdue by more than 60 days", "mehr als 30 Tage überfällig"."""

from __future__ import annotations

import re
from typing import Final

from tools.front_desk.limits import BETWEEN, BOUNDS
from tools.front_desk.marks import SentenceMarks
from tools.front_desk.period.words import UNITS
from tools.front_desk.vocabulary import vocabulary

_NUMBER: Final = re.compile(r"\d{1,4}$")
_DAYS: Final = {"days": 1, "weeks": 7}
_OR_MORE: Final = (("or", "more"), ("oder", "mehr"), ("and", "more"), ("und", "mehr"))
_BETWEEN_WORDS: Final = 3  # "between 30 and", before the second number


def mark_days(marks: SentenceMarks) -> None:
    """Read a bound in days or weeks; without a word that says which bound it is, none is taken."""
    words = marks.sentence.words
    for place in range(1, len(words) - 1):
        size = _DAYS.get(UNITS.get(words[place + 1], ""), 0)
        if size and _NUMBER.match(words[place]) and marks.sentence.free(place, 2):
            _mark_bound(marks, place, int(words[place]) * size, size)


def _mark_bound(marks: SentenceMarks, place: int, days: int, size: int) -> None:
    words = marks.sentence.words
    if tuple(words[place + 2 : place + 4]) in _OR_MORE:
        _take(marks, place, place + 4, least=days)
        return
    between = words[max(place - 3, 0) : place]
    if len(between) == _BETWEEN_WORDS and between[0] in BETWEEN and _NUMBER.match(between[1]):
        _take(marks, place - 3, place + 2, least=int(between[1]) * size, most=days)
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
    marks.least_days, marks.most_days = least or marks.least_days, most or marks.most_days
    marks.days = " ".join(filter(None, [marks.days, *marks.sentence.words[begin:end]]))
    marks.sentence.use(begin, end - begin, "days")
