"""What a sentence leaves out: "without rent", "except Norrland and Windlass", "ohne Reisekosten"."""

from __future__ import annotations

from typing import Final

from tools.front_desk.marks import SentenceMarks
from tools.front_desk.names import LedgerName
from tools.front_desk.sentence import CONJUNCTIONS

_LEAVES_OUT: Final = frozenset(
    {
        "without", "except", "except for", "excluding", "exclude", "other than", "besides", "apart from",
        "but not", "minus", "not including", "ohne", "ausser", "ausgenommen", "abzueglich",
    }
)  # fmt: skip
_NOT: Final = ("not", "nicht")
_PREPOSITIONS: Final = frozenset(
    {"from", "by", "to", "at", "with", "for", "of", "on", "von", "an", "bei", "mit", "fuer", "per", "aus"}
)
_JOINS: Final = CONJUNCTIONS | {"nor"}
_PASSED: Final = frozenset({"stop", "dimensions"})


def mark_left_out(marks: SentenceMarks) -> None:
    """Take names right behind such a word out of those that narrow; a command leaves nothing out."""
    if marks.has("intents"):
        return
    for place, _ in marks.senses["negators"]:
        phrase = marks.phrase(place)
        behind = place + marks.lengths[place]
        names = _names_after(marks, behind) if _leaves_out(marks, phrase, behind) else []
        if names and phrase in marks.negated:
            marks.left_out.extend(names)
            marks.names[:] = [name for name in marks.names if name not in names]
            marks.negated.remove(phrase)


def _leaves_out(marks: SentenceMarks, phrase: str, behind: int) -> bool:
    """Say whether such a word is there: "without"; "not" alone only as in "not from"."""
    following = marks.sentence.words[behind : behind + 1]
    return phrase in _LEAVES_OUT or (phrase in _NOT and bool(following) and following[0] in _PREPOSITIONS)


def _names_after(marks: SentenceMarks, begin: int) -> list[LedgerName]:
    """Give the name behind a place, and those that "and" joins to it."""
    named: list[LedgerName] = []
    place, words = begin, marks.sentence.words
    while place < len(words):
        if place in marks.placed:
            length, names = marks.placed[place]
            named += [name for name in names if name in marks.names]
            place += length
            if words[place : place + 1] and words[place] not in _JOINS:
                break
            place += 1
        elif _is_passed(marks, place):
            place += 1
        else:
            break
    return named


def _is_passed(marks: SentenceMarks, place: int) -> bool:
    """Say whether a word says nothing between such a word and a name: "except for the"."""
    kinds = {part for part in marks.sentence.uses[place].split("/") if part}
    return bool(kinds & _PASSED)
