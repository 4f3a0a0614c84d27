"""What is new in an answer: without what it quotes, and without the signature below it."""

from __future__ import annotations

import re
from typing import Final

from mailparser_reply import EmailReplyParser

_LANGUAGES: Final = ("en", "de", "fr", "es", "it", "nl")  # of the lines above what is quoted
FORWARDED: Final = re.compile(
    r"(?im)^[-_\s]{0,12}(?:begin forwarded message:|anfang der weitergeleiteten (?:nachricht|e-mail):"
    r"|début du message (?:réexpédié|transféré) ?:|inicio del mensaje reenviado:|inizio messaggio inoltrato:"
    r"|(?:forwarded message|original message|weitergeleitete nachricht|ursprüngliche nachricht"
    r"|message (?:transféré|d.origine)|mensaje (?:reenviado|original)|messaggio (?:inoltrato|originale)"
    r"|doorgestuurd bericht|oorspronkelijk bericht)\s*[-_]{2,}).*$"
)
FROM_NAMES: Final = "from|von|de|da|van"
# The head of a mail as mail programs put it above what they quote or forward.
HEAD: Final = re.compile(
    rf"(?im)^\*?(?:{FROM_NAMES})\s?:\*?[^\n]+\n"
    r"(?:\*?(?:sent|date|gesendet|datum|envoyé|enviado(?: el)?|fecha|inviato|data|verzonden|to|an|à|para|a"
    r"|aan|cc|reply-to)\s?:\*?[^\n]*\n){0,5}"
    r"\*?(?:subject|betreff|objet|asunto|oggetto|onderwerp)\s?:\*?[^\n]*\n"
    r"(?:\*?(?:sent|date|gesendet|datum|fecha|data|to|an|à|para|a|aan|cc|reply-to)\s?:\*?[^\n]*\n){0,4}"
)
_ANY: Final = r"(?:[^\n<>]|<\s?[^<>\s]{1,80}\s?>|\n(?![\s>]))"  # of a line that may be wrapped
_WROTE: Final = rf"(?:\bwrote|\ba\s+écrit|\bescribió|\bha\s+scritto|\b(?:schrieb|schreef){_ANY}{{0,120}})"
# "On 3 March, Small Co wrote:" above what is quoted of us; the library drops it where nothing follows alone.
_ATTRIBUTION: Final = re.compile(
    rf"(?im)^(?:on|am|le|el|il|op)\b(?:[^\n>]{{0,160}}|[^\n]{{0,40}}\b\d{{1,2}}[:.h]\d\d\b{_ANY}{{0,200}}?)"
    rf"{_WROTE}\s?:[ \t]*\n(?=\s*>)"
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
    above = HEAD.split(text)[0]
    text = _ATTRIBUTION.sub("", above if above.strip() else text)
    reply = EmailReplyParser(languages=list(_LANGUAGES)).read(text).latest_reply
    lines = [line for line in str(reply or text).splitlines() if not line.lstrip().startswith(">")]
    return FORWARDED.split("\n".join(lines))[0].strip() or text.strip()


def without_signature(text: str) -> str:
    """Cut what follows the regards: a footer's offer to unsubscribe is no wish of its writer."""
    start = _REGARDS.search(text)
    above = text[: start.start()] if start else text
    return above if above.strip() else text
