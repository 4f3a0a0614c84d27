"""Two figures that one sentence asks for: "how many invoices and how many payments in May".

parts(marks) -> list[SentenceMarks]     one for each figure, with the window and the names of the whole
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Final

from tools.front_desk.marks import SentenceMarks
from tools.front_desk.sentence import CONJUNCTIONS

_OR: Final = frozenset({"or", "oder"})
_AND: Final = CONJUNCTIONS | {"plus"}
_ASKED: Final = ("nouns", "phrases")
_SUMMED: Final = frozenset(
    {"spend", "revenue", "expense", "result", "cash flow", "bank balance", "account balance"}
)
_OWN: Final = (*_ASKED, "aggregates", "qualifiers", "duration")


def parts(marks: SentenceMarks) -> list[SentenceMarks]:
    """Give the marks of each figure that "and" joins; [] where one is asked for."""
    for place, word in enumerate(marks.sentence.words):
        if word in _AND and _is_between_phrases(marks, place):
            sides = [_side(marks, place, after=after) for after in (False, True)]
            if all(_asks(side) for side in sides):
                return [_completed(side, other) for side, other in (sides, sides[::-1])]
    return []


def either(marks: SentenceMarks) -> bool:
    """Say whether one of two is asked for: "paid or invoiced"."""
    return bool(_OR & set(marks.sentence.words))


def _is_between_phrases(marks: SentenceMarks, place: int) -> bool:
    """Say whether no name, window or phrase of several words holds this word."""
    inside = any(begin <= place < begin + length for begin, length in marks.lengths.items() if length > 1)
    return not inside and marks.sentence.uses[place] not in ("name", "period", "limit", "top")


def _side(marks: SentenceMarks, split: int, *, after: bool) -> SentenceMarks:
    senses = defaultdict(list, {kind: list(places) for kind, places in marks.senses.items()})
    for kind in _OWN:
        senses[kind] = [(place, value) for place, value in senses[kind] if (place > split) == after]
    return replace(marks, senses=senses)


def _asks(side: SentenceMarks) -> bool:
    """Say whether a side names what is asked for, or how it is summed up."""
    return any(side.has(kind) for kind in (*_ASKED, "aggregates"))


def _completed(side: SentenceMarks, other: SentenceMarks) -> SentenceMarks:
    """Give "and how much" the noun of the other side, and "payments" its "how many"."""
    lacking = [] if side.has("aggregates") or _is_summed(side, other) else ["aggregates"]
    lacking += [] if any(side.has(kind) for kind in _ASKED) else [*_ASKED, "qualifiers"]
    senses = defaultdict(list, {**side.senses, **{kind: other.senses[kind] for kind in lacking}})
    return replace(side, senses=senses)


def _is_summed(side: SentenceMarks, other: SentenceMarks) -> bool:
    """Say whether "number of" is of the other side alone: "spend and number of invoices"."""
    return other.values("aggregates") == ["count"] and bool(set(side.values("nouns")) & _SUMMED)
