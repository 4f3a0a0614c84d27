"""What is new in an answer: without what it quotes, and without the signature below it."""

from __future__ import annotations

import re
from typing import Final

from mailparser_reply import EmailReplyParser

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
