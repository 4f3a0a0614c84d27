"""Read what a person wrote by the words of answer_rules.yaml: the kind that weighs most, where it leads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tools.core import package_yaml
from tools.recovery.replies import assertions
from tools.recovery.replies.answer_text import without_signature

UNSURE: Final = "unsure"

# A sentence that asks, or asks for something, says nothing of what was paid or is owed.
_QUESTION: Final = re.compile(
    r"(?:(?<=[.!;|] )|(?<=^))(?:[^.!?;|]{1,200}\?+|(?:[^.!?;|]{0,40}[ ,])?(?:(?:please|kindly|bitte|merci de"
    r"|veuillez|graag|gelieve|por favor|vi preghiamo di|vogliate) (?:[^.!?;|]{0,30} )?(?:let (?:me|us) know"
    r"|tell|send|provide|advise|share|state|specify|supply|forward|teilen|nennen|senden|schicken|lassen|geben"
    r"|(?:nous |me )?(?:transmettre|communiquer|indiquer|préciser|envoyer|fournir)|sturen|doorgeven|vermelden"
    r"|env[ií]\w+|indi(?:car|qu)\w+|facilit\w+|comunic\w+|inviar\w+)|(?:teilen|nennen|senden|schicken) sie"
    r"|let (?:me|us) know|laat (?:me|mij|ons) (?:even )?weten)\b[^.!?;|]*[.!]?)"
)
_ASKING: Final = ("question", "opt_out", "meeting", "wrong_person")
_OPT_OUT: Final = "opt_out"
# What mail programs put before the subject of a letter that is answered or passed on: its words are ours.
_ANSWERED: Final = re.compile(
    r"\W*(?:re|aw|sv|vs|antw|antwort|r[ée]p?|rv|res?p|rif|odp|fwd?|wg|tr|i|enc|doorst)\s?(?:\[\d+\])?\s?:"
)
_GRANTED: Final = 3  # points
_LIKE: Final = 0.6  # how sure a kind is that only like answers speak for


@dataclass(frozen=True)
class ReplyWords:
    """What was read, how sure, and by which words."""

    kind: str
    confidence: float
    signs: tuple[str, ...]
    between: tuple[str, ...] = ()  # kinds that words leave open, of an unsure one


@cache
def _data() -> Mapping[str, Any]:
    table: Mapping[str, Any] = package_yaml.of_package("tools.recovery.replies", "answer_rules")
    return table


@cache
def _patterns(table: str = "words") -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    return tuple(
        (kind, int(points), re.compile(_with_concepts(pattern)))
        for kind, entry in _data()["kinds"].items()
        for points, patterns in entry.get(table, {}).items()
        for pattern in patterns
    )


def _with_concepts(pattern: str) -> str:
    """Put the words of a concept where a pattern names it: <money>."""
    for name, words in _data()["concepts"].items():
        pattern = pattern.replace(f"<{name}>", words)
    return pattern


def _plain(text: str) -> str:
    """Give a text as patterns have it: in small letters, with one kind of apostrophe."""
    return text.lower().replace("\u2019", "'")


def read(text: str) -> ReplyWords:
    """Read the subject and what is below it; unsure where no kind leads."""
    subject, _, body = _plain(without_signature(text)).partition("\n")
    whole = " ".join(f"{subject} | {body}".split())
    words = f"| {' '.join(body.split())}" if body.strip() and _ANSWERED.match(subject) else whole
    for kind, _, pattern in _patterns("asked"):
        if (offer := pattern.search(words)) and not re.search(_data()["not_meant"][kind]["undone"], words):
            return ReplyWords(kind, _LIKE, (offer[0],))
    points, signs = _weighed(words, whole)
    ranked = sorted(points.items(), key=lambda pair: -pair[1])
    if not ranked or ranked[0][1] < _data()["least"]:
        return ReplyWords(UNSURE, 0.0, ())
    first, lead = ranked[0], ranked[0][1] - (ranked[1][1] if len(ranked) > 1 else 0)
    against = _data()["not_meant"].get(first[0])
    if against and not _is_plain(text, first[0], against):
        return ReplyWords(UNSURE, 0.5, tuple(signs[first[0]]))
    heard = sum(weight for weight in points.values() if weight > 0)  # the others only speak against
    share = first[1] / heard
    if (
        lead < _data()["lead"]
        or share < _data()["share"]
        or (first[0] == "question" and _is_granted(text, points))
    ):
        return ReplyWords(UNSURE, 0.5, tuple(signs[first[0]]), between=(first[0], ranked[1][0]))
    return ReplyWords(first[0], share, tuple(signs[first[0]]))


def _weighed(words: str, whole: str) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Give the points and signs of each kind; whole: with the subject, where a wish to leave may stand."""
    stated = _QUESTION.sub(" ", words)
    texts = dict.fromkeys(_ASKING, words) | {_OPT_OUT: whole}
    points: dict[str, int] = {}
    signs: dict[str, list[str]] = {}
    for kind, weight, pattern in _patterns():
        if match := pattern.search(texts.get(kind, stated)):
            points[kind] = points.get(kind, 0) + weight
            signs.setdefault(kind, []).append(match[0])
    return points, signs


def _is_granted(text: str, points: Mapping[str, int]) -> bool:
    """Say whether an answer that asks something also grants what we want: how it asks decides then."""
    against = _data()["not_meant"]["agree"]
    return points.get("agree", 0) >= _GRANTED and _is_plain(text, "agree", against)


def _is_plain(text: str, kind: str, against: Mapping[str, str]) -> bool:
    """Say whether a kind is said plainly below the subject, which may be our own."""
    subject, _, body = _plain(without_signature(text)).partition("\n")
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", body or subject)]
    asked = tuple(pattern for name, weight, pattern in _patterns() if name == kind and weight > 1)
    return assertions.plainly("\n\n".join(paragraphs), subject if body else "", asked, against)


def names_other_bank(body: str) -> str:
    """Give the words by which an answer names another account to pay to; "" where it names none."""
    words = " ".join(_plain(body).split())
    marks = map(re.compile, _data()["bank_change"]["words"])
    return next((match[0] for mark in marks if (match := mark.search(words))), "")


def may_be(text: str, kind: str, by_words: ReplyWords) -> bool:
    """Say whether an answer that words leave open may be taken for the kind of those that it is like."""
    if by_words.signs:
        return kind in by_words.between
    words = " ".join(_plain(text.partition("\n")[2].strip() or text).split())
    against = _data()["not_meant"].get(kind, {})
    asks = "?" in words and kind not in _ASKING
    return not asks and not any(re.search(mark, words) for mark in against.values())


def sentiment(kind: str) -> str:
    """Give the sentiment of a kind; neutral where none is said."""
    return str(_data()["sentiments"].get(kind, "neutral"))
