"""A sentence becomes an understanding: every content word is used, or it is named and nothing is answered.

read(text, books, before=) -> Understanding     deterministic; before: what the same person asked just before
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tools.front_desk import (
    alternatives,
    answering,
    commands,
    continuation,
    figures,
    mean_scope,
    near_requests,
    several,
    several_figures,
    share_readings,
    state_follow_ups,
    subjects,
    suggestions,
)
from tools.front_desk.composing import composed
from tools.front_desk.currency_words import currency
from tools.front_desk.figures import Figure
from tools.front_desk.foreign_names import foreign
from tools.front_desk.marker import mark
from tools.front_desk.marks import SentenceMarks, in_other_years
from tools.front_desk.names import names_of
from tools.front_desk.period.calendar import FiscalCalendar
from tools.front_desk.reading_echo import with_echo
from tools.front_desk.sentence import MOST_CHARACTERS
from tools.front_desk.snapshot import Snapshot
from tools.front_desk.understanding import Understanding, from_dict, readings_of
from tools.front_desk.unused_words import unused

_MONTH_FIRST: Final = ("US", "PH")  # countries where 3/4/2025 is 4 March
_BEFORE_UNREAD: Final = "the question before was not answered, so that nothing goes on with it: ask it whole."


def read(text: str, books: Snapshot, before: Understanding | None = None) -> Understanding:
    """Read a sentence against the words of the house and the names of the books; never raises on any text."""
    if len(text) > MOST_CHARACTERS:
        return Understanding("refused", why=f"a question has at most {MOST_CHARACTERS} characters.")
    marks = marked(text, books)
    reading = near_requests.offered(marks, _several(text, marks, books) or _read(marks, before))
    if reading.status in ("unread", "out_of_scope") and not reading.suggestions:
        reading = replace(reading, suggestions=suggestions.nearest(marks.sentence.plain))
    return with_echo(reading)


def marked(text: str, books: Snapshot) -> SentenceMarks:
    """Mark a sentence's words against the words of the house and the names of the books."""
    country = str(books.entity.get("country") or "")
    month_first = country in _MONTH_FIRST if country else None
    calendar = FiscalCalendar(books.as_of, books.fiscal_month, month_first=month_first)
    marks = mark(text, calendar, names_of(books))
    marks.as_of = books.as_of
    marks.computable = lambda figure: not answering.lacking(figure, books)
    named = marks.senses["currencies"]
    marks.senses["currencies"] = [(place, currency(word, books.manifest.currency)) for place, word in named]
    return marks


def _several(text: str, marks: SentenceMarks, books: Snapshot) -> Understanding | None:
    if not marks.has("intents"):
        return None
    return several.read(text, lambda part: _read(marked(part, books), None))


def _read(marks: SentenceMarks, before: Understanding | None) -> Understanding:
    if marks.has("intents"):
        return commands.read(marks)
    subject = subjects.subjects(marks)
    if before is not None and continuation.follows(marks, subject):
        if before.own_subject and continuation.leans(marks, before):
            return Understanding("refused", "figure", why=_BEFORE_UNREAD)
        if open_readings := continuation.open_readings(before):
            return _of_open(marks, open_readings)
    if not subject and before is not None:
        subject = state_follow_ups.subject(marks, before)
    if not subject and not marks.has("nouns") and not marks.unread:
        subject = subjects.of_names(marks)
    reading = (
        _not_read(marks, subject)
        or _defined(marks, subject)
        or _of_several(marks)
        or _averaged(marks, subject)
    )
    if reading.status in ("unread", "refused"):
        return replace(reading, own_subject=bool(subject) and not continuation.is_led(marks))
    return reading if before is None else _after(marks, reading, before)


def _after(marks: SentenceMarks, reading: Understanding, before: Understanding) -> Understanding:
    """Keep of the question before what a sentence with a figure of its own leans on."""
    if of_those := state_follow_ups.narrowed(marks, reading, before):
        return of_those
    if before.figure and reading.status == "understood":
        return continuation.carried(marks, reading, before)
    return reading


def _of_open(marks: SentenceMarks, candidates: Sequence[Understanding]) -> Understanding:
    """Go on with the question before; with each of its readings where none was chosen yet."""
    readings = [_continued(marks, reading) for reading in _of_words(marks, candidates)]
    whole = [reading for reading in readings if reading.status == "understood"]
    if len(readings) == 1 or not whole:
        return readings[0]
    return alternatives.only_or_choice(whole)


def _of_words(marks: SentenceMarks, candidates: Sequence[Understanding]) -> Sequence[Understanding]:
    """Give of several open readings those that are summed up as a sentence says: "in total?", "how many?"."""
    words = marks.values("aggregates")
    fitting = [reading for reading in candidates if figures.by_name(reading.figure).aggregate in words]
    return fitting or candidates


def _averaged(marks: SentenceMarks, subject: list[Figure]) -> Understanding:
    """Read whose mean is asked for: of rows or of sums; each is offered where it is not said."""
    versions = mean_scope.versions(marks)
    if versions == [marks]:
        return _of_figures(marks, subject)
    readings = [_of_figures(version, subjects.subjects(version)) for version in versions]
    whole = [
        reading for reading in readings for reading in readings_of(reading) if reading.status == "understood"
    ]
    if not whole:
        return readings[0]
    return alternatives.only_or_choice(whole)


def _continued(marks: SentenceMarks, before: Understanding) -> Understanding:
    """Go on with the question before; ask where the sentence may as well stand by itself."""
    readings = [replace(before, also=()), *map(from_dict, before.also)]
    continued = [continuation.continued(marks, reading) for reading in readings]
    lost = next((reading for reading in continued if reading.status != "understood"), None)
    goes_on = lost or (_together(continued) if len(continued) > 1 else continued[0])
    fits = goes_on.status == "understood" and not answering.undeclared(goes_on.query())
    if continuation.is_led(marks) or (fits and continuation.leans(marks, before)):
        return goes_on
    alone = _of_figures(marks, subjects.of_names(marks)) if not marks.unread else goes_on
    readings = readings_of(alone)
    others = [reading for reading in readings if reading.status == "understood" and reading != goes_on]
    if not fits:
        return alone if others else goes_on
    return alternatives.choosing([goes_on, *others])


def _of_several(marks: SentenceMarks) -> Understanding | None:
    """Take both of two figures that "and" joins; offer each where "or" does."""
    sides = several_figures.parts(marks)
    answers = [_of_figures(side, subjects.subjects(side)) for side in sides]
    lost = next((reading for reading in answers if reading.status != "understood"), None)
    if lost is not None and all(side.has("nouns") and side.has("aggregates") for side in sides):
        return lost
    if len({reading.figure for reading in answers if reading.status == "understood"}) < 2:  # noqa: PLR2004 - two
        return None
    if lost is not None or several_figures.either(marks):
        return replace(alternatives.choosing(answers), why="this can be two figures.")
    return _together(answers)


def _together(answers: Sequence[Understanding]) -> Understanding:
    """Give several readings as one: each is answered."""
    first, *others = map(with_echo, answers)
    return replace(first, also=[reading.as_dict() for reading in others])


def _not_read(marks: SentenceMarks, subject: list[Figure]) -> Understanding | None:
    if not subject and not marks.has("nouns") and not marks.has("unsure"):
        why = "this asks for nothing that the desk knows."
        return Understanding("out_of_scope", why=why, unread=marks.unread)
    if marks.unread:
        return Understanding("unread", "figure", unread=marks.unread, why=_unread(marks.unread))
    return _negated(marks) if marks.negated else None


def _defined(marks: SentenceMarks, subject: list[Figure]) -> Understanding | None:
    if marks.has("definition") and len(subject) == 1 and not marks.names and not marks.periods:
        return Understanding("understood", "define", figure=subject[0].name)
    return None


def _of_figures(marks: SentenceMarks, subject: list[Figure]) -> Understanding:
    if not subject:
        return Understanding("refused", "figure", why=_no_such(marks))
    refusals = [why for figure in subject if (why := foreign(marks, figure))]
    if len(refusals) == len(subject):
        return Understanding("refused", "figure", why=refusals[0])
    able = [figure for figure in subject if not foreign(marks, figure)]
    if len(able) > 1:  # what the books lack is not offered
        able = [figure for figure in able if marks.computable(figure)] or able
    readings = [
        reading
        for version in in_other_years(marks)
        for figure in able
        for reading in _whole_or_part(marks, composed(version, figure))
    ]
    refused = next((reading for reading in readings if reading.status == "refused"), None)
    if refused:
        return refused
    left = [unused(marks, reading) for reading in readings]
    whole = [reading for reading, words in zip(readings, left, strict=True) if not words]
    if not whole:
        return _left_out(min(left, key=len), readings)
    if marks.ties:
        return alternatives.tied(marks, whole)
    return alternatives.only_or_choice(whole)


def _whole_or_part(marks: SentenceMarks, reading: Understanding) -> list[Understanding]:
    is_share = marks.has("share") and reading.status == "understood" and not reading.compared
    return share_readings.parted(reading) if is_share else [reading]


def _left_out(words: Sequence[str], readings: Sequence[Understanding]) -> Understanding:
    labels = ", ".join(dict.fromkeys(figures.by_name(reading.figure).label for reading in readings))
    named = ", ".join(f"'{word}'" for word in words)
    why = f"{labels} cannot take account of {named}, and nothing is answered without it."
    return Understanding("unread", "figure", unread=words, why=why)


def _unread(words: Sequence[str]) -> str:
    named = ", ".join(f"'{word}'" for word in words)
    return f"nothing in the books or among the figures is called {named}."


def _negated(marks: SentenceMarks) -> Understanding:
    words = ", ".join(f"'{word}'" for word in marks.negated)
    return Understanding("refused", "figure", why=f"{words}: say what is wanted, not what is to be left out.")


def _no_such(marks: SentenceMarks) -> str:
    words = [*marks.values("qualifiers"), *marks.values("nouns"), *marks.values("aggregates")]
    return f"there is no figure for {' '.join(words) or 'that'}."
