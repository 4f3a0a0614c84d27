"""What a message says in its sender's own words: a plain yes, how far it goes, or that it is taken back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Final

_FLAGS: Final = re.IGNORECASE


def _words(listed: str) -> str:
    """Give a pattern for any of these words; `_` stands for a blank."""
    return rf"\b(?:{'|'.join(word.replace('_', ' ') for word in listed.split())})\b"


_QUOTED: Final = re.compile(
    r"^\s*(?:>|On .{5,160}(?:wrote|writes):|Am .{5,160}schrieb|Le .{5,160}a \u00e9crit"
    r"|-{2,}\s*(?:Original|Forwarded|Urspr|Weitergeleitete)|Begin forwarded message|_{10,}"
    r"|\*?From:\*?\s|Von:\s|De\s?:\s)",
    _FLAGS,
)
_SENTENCE: Final = re.compile(
    r"(?:[^.!?;\n]|(?<=\d)[.](?=\d)|(?:(?<=max)|(?<=no)|(?<=nr))[.])+[.!?;]*", _FLAGS
)
# Says that nothing is in the way: no denial.
_HARMLESS: Final = re.compile(
    r"\b(?:no|not an?|without(?: any)?) (?:further |other )?"
    + _words(
        "objections? issues? problems? concerns? questions? worries doubts? remarks? comments? hesitation"
        " reservations? need_to_ask need_to_wait need_to_call"
    )
    + r"|\bnothing (?:to add|against it)\b|\bnot only\b",
    _FLAGS,
)
# Before the yes: a question, a denial, a wish, a report.
_BEFORE: Final = re.compile(
    r"^\W*" + _words("has have had did does do is was are were will shall should may")
    + "|" + _words(
        "not never no nobody none neither nor can't cannot don't doesn't didn't won't isn't aren't hasn't"
        " wasn't weren't haven't couldn't wouldn't shouldn't unable without until unless if once when"
        " after before pending await\\w* wait\\w* needs? needed require[sd]? please_get to_be should_be"
        " must_be will_be would_be could_be can_be may_be might_be want\\w* seek\\w* hope hoping expect\\w*"
        " reject\\w*"
        " declin\\w* refus\\w* withdr\\w* revok\\w* could_you can_you would_you will_you who whether ask\\w*"
        " get_it get_this hold_off in_principle almost would_have should_have could_have pretend\\w*"
        " says? saying said told claims? click\\w* answer\\w* reply\\w* write type"
    ),
    _FLAGS,
)  # fmt: skip
# Behind it: a condition, a withdrawal; or "approved" only says which vendors, lists or budgets.
_AFTER: Final = re.compile(
    _words(
        "not if once when after unless until provided providing subject_to as_long_as as_soon_as assuming"
        " depending condition\\w* contingent in_principle no_longer pending await\\w* wait\\w* hold\\w*"
        " withdr\\w* revok\\w* reject\\w* by_mistake in_error yet_to only_if only_when only_after but"
    )
    + r"|^\s*(?:by (?!me\b|us\b|phone\b|e-?mail\b)\w|"
    + _words("vendors? suppliers? list budgets? limits? quotes? templates? forms?") + ")",
    _FLAGS,
)  # fmt: skip
# How a next sentence begins that makes a condition of the yes before it.
_THEN: Final = re.compile(
    r"^\W*(?:please )?" + _words(
        "but however only provided subject_to if once unless as_long_as except not wait hold on_condition"
        " under_the_condition just_kidding or_not or_rather_not"
    ),
    _FLAGS,
)  # fmt: skip
_ANOTHERS: Final = re.compile(
    _words("he she they nobody somebody someone everybody everyone")
    + r".{0,20}\b(?:approv|authori[sz]|signed)"
    r"|(?<!\bi )(?<!\bwe )\b(?:has|had|have)\s+(?:already )?(?:approved|authori[sz]ed|signed)"
    r"|\b(?:pre|un|dis|non)-?(?:approved|authori[sz]ed)\b|\bapproved by (?!me\b|us\b)",
    _FLAGS,
)  # fmt: skip
_REVOKED: Final = re.compile(
    r"\b(?:withdraw\w*|withdrew|revok\w*|cancel\w*|take back|disregard|ignore) (?:my|our|the|this|that) "
    r"(?:\w+ )?(?:approval|authori[sz]ation|ok|okay)\b"
    r"|\b(?:do not|don't|please stop|stop|hold|never) (?:the )?(?:pay\w*|releas\w*|proceed\w*|transfer)\b"
    r"|\b(?:not|no longer) (?:approved|approve|authori[sz]ed)\b|\b(?:is|are|was|be) rejected\b|\bI reject\b"
    r"|\bapproved (?:by mistake|in error)\b|\bput .{0,30}on hold\b",
    _FLAGS,
)
_MONEY: Final = re.compile(
    r"(?:[$\u20ac\u00a3]|\b(?:USD|EUR|GBP|CHF)\b)\s*(?P<marked>\d[\d.,' ]*\d|\d)\s*(?P<k>k\b)?"
    r"|(?<![\w-])(?P<plain>\d{1,3}(?:[,.']\d{3})+(?:[.,]\d{2})?|\d{3,}[.,]\d{2})(?!\w|[.,]\d|%)",
    _FLAGS,
)
_CAP: Final = re.compile(
    r"\b(?:up to|at most|no more than|not more than|not over|max(?:imum)?(?: of)?|limited to|capped at)"
    r"\W{0,3}(?:USD|EUR|GBP)?\W{0,3}(?P<amount>\d[\d.,']*)\s*(?P<k>k\b)?",
    _FLAGS,
)


def spoken(body: str, phrases: Sequence[str]) -> str | None:
    """Give the sentence of a message's own lines that says yes, or None.

    Quoted and forwarded lines are another's words; a question, a negation, a condition (also one in the
    next sentence) or a report of what somebody else did is not a yes.
    """
    if not _any_of(tuple(phrases)).search(body):
        return None
    sentences = [part.strip() for part in _SENTENCE.findall(own_text(body)) if part.strip()]
    for place, sentence in enumerate(sentences):
        after = sentences[place + 1] if place + 1 < len(sentences) else ""
        if _says_yes(sentence, phrases) and not _THEN.match(after):
            return str(sentence)[:300]
    return None


def tells(phrases: Sequence[str]) -> str:
    """Give a pattern (RE2, to be matched without regard to case) for what could be a yes or take one back."""
    back = "withdr", "revok", "cancel", "take back", "disregard", "ignore", "do not", "don.t", "stop", "hold"
    more = "never", "no longer", "not approv", "not authori", "reject", "in error", "by mistake"
    return "|".join([*(re.escape(phrase) for phrase in phrases), *back, *more])


def takes_back(body: str) -> bool:
    """Whether a message's own words take an approval back, or stop the payment."""
    return bool(_REVOKED.search(own_text(body)))


def cap(sentence: str) -> Decimal | None:
    """Give the amount up to which a yes goes, where it names one: "up to 5,000", or the sum approved."""
    match = _CAP.search(sentence)
    if match:
        return _amount(match["amount"], bool(match["k"]))
    named = [
        _amount(sum_match["marked"] or sum_match["plain"], bool(sum_match["k"]))
        for sum_match in _MONEY.finditer(sentence)
    ]
    return max((amount for amount in named if amount is not None), default=None)


def own_text(body: str) -> str:
    """Give what the sender wrote: no quoted lines, and wrapped lines joined again."""
    text = ""
    for line in body.splitlines():
        if _QUOTED.match(line):
            if not line.lstrip().startswith(">"):
                break
            continue
        joined = line.strip()
        text += (" " if joined[:1].islower() else "\n") + joined
    return text


def _says_yes(sentence: str, phrases: Sequence[str]) -> bool:
    plain = _CAP.sub(" ", _HARMLESS.sub(" ", sentence.replace("\u2019", "'")))
    if plain.rstrip(" )\"'").endswith("?") or _ANOTHERS.search(plain):
        return False
    match = _any_of(tuple(phrases)).search(plain)
    return bool(
        match and not _BEFORE.search(plain[: match.start()]) and not _AFTER.search(plain[match.end() :])
    )


@cache
def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    either = "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{either})\b", _FLAGS)


def _amount(text: str, thousands: bool) -> Decimal | None:
    digits = re.sub(r"[' ]", "", text).rstrip(".,")
    whole, mark, cents = digits, "", ""
    if (match := re.search(r"[.,](\d{1,2})$", digits)) is not None:
        whole, mark, cents = digits[: match.start()], ".", match[1]
    plain = re.sub(r"[.,]", "", whole)
    return Decimal(f"{plain}{mark}{cents}") * (1000 if thousands else 1) if plain.isdigit() else None
