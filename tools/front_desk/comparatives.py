"""Comparatives: "more than in November", "mehr als im Mai"; with an amount behind it, it is a limit."""

from __future__ import annotations

from typing import Final

from tools.front_desk.marks import SentenceMarks

_PREPOSITIONS: Final = ("in", "im", "the", "for", "during", "at", "am", "in der")


def mark_comparatives(marks: SentenceMarks) -> None:
    """Take "more than" before a period for a comparison: it is no limit of amounts."""
    for kind in ("over", "under"):
        for place, value in list(marks.senses[kind]):
            end = place + marks.lengths[place]
            if _begins_period(marks, end):
                marks.senses[kind].remove((place, value))
                marks.senses["compare"].append((place, value))


def drop_prepositions(marks: SentenceMarks) -> None:
    """Leave "gegenüber Norrland" to the name: what is owed to somebody compares nothing."""
    for place, value in list(marks.senses["compare"]):
        if marks.phrase(place) == "gegenueber" and place + 1 in marks.placed and not marks.has("comparative"):
            marks.senses["compare"].remove((place, value))


def _begins_period(marks: SentenceMarks, place: int) -> bool:
    words = marks.sentence.words
    while place < len(words) and words[place] in _PREPOSITIONS and place not in marks.period_places:
        place += 1
    return place in marks.period_places
