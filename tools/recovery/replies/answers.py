"""What a person wrote back: paid, agrees, disputes, asks, wants no mail, is the wrong one; else unsure.

The words are data (answer_rules.yaml); what is quoted of our own letter does not count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from mailparser_reply import EmailReplyParser

from tools.core import package_yaml
from tools.recovery.replies import assertions

UNSURE: Final = "unsure"
_LANGUAGES: Final = ("en", "de", "fr", "es", "it", "nl")  # of the lines above what is quoted
_FORWARDED: Final = re.compile(
    r"(?im)^[-_\s]{0,12}(?:forwarded message|original message|weitergeleitete nachricht"
    r"|ursprüngliche nachricht"
    r"|message (?:transféré|d.origine)|mensaje (?:reenviado|original)|messaggio (?:inoltrato|originale)"
    r"|doorgestuurd bericht|oorspronkelijk bericht)\s*[-_]{2,}.*$"
)
# "On 3 March, Small Co wrote:" above what is quoted of us; the library drops it where nothing follows alone.
_ATTRIBUTION: Final = re.compile(
    r"(?im)^(?:on|am|le|el|il|op)\b[^\n>]{0,160}(?:\n[^\n>]{0,100})?"
    r"(?:\b(?:wrote|a écrit|escribió|ha scritto)|\b(?:schrieb|schreef)[^\n>]{0,80})\s?:[ \t]*\n(?=\s*>)"
)
_REGARDS: Final = re.compile(
    r"(?im)^\s*(?:-- ?|(?:(?:best|kind|warm|many)?\s*regards|sincerely|yours (?:sincerely|faithfully"
    r"|truly)|cheers"
    r"|(?:mit )?(?:freundliche\w*|beste\w*|viele\w*|herzliche\w*) (?:grü(?:ß|ss)e\w*|gruß)|mfg"
    r"|hochachtungsvoll"
    r"|cordialement|bien (?:cordialement|à vous)|salutations.*|(?:un )?(?:cordial )?saludos?.*|atentamente"
    r"|(?:cordiali|distinti) saluti|met vriendelijke groet\w*|hoogachtend|sent from my .{2,20}"
    r"|von meinem .{2,20} gesendet)[,.!]?)\s*$"
)


# A sentence that asks says nothing of what was paid or is owed.
_QUESTION: Final = re.compile(r"(?:(?<=[.!;|] )|(?<=^))[^.!?;|]{1,200}\?+")
_ASKING: Final = ("question", "opt_out", "meeting")


@dataclass(frozen=True)
class ReplyWords:
    """What was read, how sure, and by which words."""

    kind: str
    confidence: float
    signs: tuple[str, ...]


@cache
def _data() -> Mapping[str, Any]:
    text = (resources.files("tools.recovery.replies") / "answer_rules.yaml").read_text(encoding="utf-8")
    table: Mapping[str, Any] = package_yaml.load(text)
    return table


@cache
def _patterns() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    return tuple(
        (kind, int(points), re.compile(_with_concepts(pattern)))
        for kind, entry in _data()["kinds"].items()
        for points, patterns in entry["words"].items()
        for pattern in patterns
    )


def _with_concepts(pattern: str) -> str:
    """Put the words of a concept where a pattern names it: <money>."""
    for name, words in _data()["concepts"].items():
        pattern = pattern.replace(f"<{name}>", words)
    return pattern


def latest(text: str) -> str:
    """Give what is new in an answer, without what it quotes."""
    text = _ATTRIBUTION.sub("", text)
    reply = EmailReplyParser(languages=list(_LANGUAGES)).read(text).latest_reply
    lines = [line for line in str(reply or text).splitlines() if not line.lstrip().startswith(">")]
    return _FORWARDED.split("\n".join(lines))[0].strip() or text.strip()


def without_signature(text: str) -> str:
    """Cut what follows the regards: a footer's offer to unsubscribe is no wish of its writer."""
    start = _REGARDS.search(text)
    above = text[: start.start()] if start else text
    return above if above.strip() else text


def read(text: str) -> ReplyWords:
    """Read what a person wrote: the kind whose words weigh most, where it leads; else unsure."""
    subject, _, body = without_signature(text).lower().replace("\u2019", "'").partition("\n")
    words = " ".join(f"{subject} | {body}".split())
    stated = _QUESTION.sub(" ", words)
    points: dict[str, int] = {}
    signs: dict[str, list[str]] = {}
    for kind, weight, pattern in _patterns():
        if match := pattern.search(words if kind in _ASKING else stated):
            points[kind] = points.get(kind, 0) + weight
            signs.setdefault(kind, []).append(match[0])
    ranked = sorted(points.items(), key=lambda pair: -pair[1])
    if not ranked or ranked[0][1] < _data()["least"]:
        return ReplyWords(UNSURE, 0.0, ())
    first, lead = ranked[0], ranked[0][1] - (ranked[1][1] if len(ranked) > 1 else 0)
    if lead < _data()["lead"]:
        return ReplyWords(UNSURE, 0.5, tuple(signs[first[0]]))
    against = _data()["not_meant"].get(first[0])
    if against and not _is_plain(text, first[0], against):
        return ReplyWords(UNSURE, 0.5, tuple(signs[first[0]]))
    heard = sum(weight for weight in points.values() if weight > 0)  # the others only speak against
    return ReplyWords(first[0], first[1] / heard, tuple(signs[first[0]]))


def _is_plain(text: str, kind: str, against: Mapping[str, str]) -> bool:
    """Say whether a kind is said plainly below the subject, which may be our own."""
    subject, _, body = without_signature(text).lower().replace("\u2019", "'").partition("\n")
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", body or subject)]
    asked = tuple(pattern for name, weight, pattern in _patterns() if name == kind and weight > 1)
    return assertions.plainly("\n\n".join(paragraphs), subject if body else "", asked, against)


def sentiment(kind: str) -> str:
    """Give the sentiment of a kind; neutral where none is said."""
    return str(_data()["sentiments"].get(kind, "neutral"))
