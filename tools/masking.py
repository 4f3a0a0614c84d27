"""Replace names, accounts, cards and addresses by tokens before text leaves, and put them back after."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import zip_longest

CARD_DIGITS = range(13, 20)  # ISO/IEC 7812
SHORTEST_NAME = 3

_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?\b")
_TAX = re.compile(r"\b\d{3}-\d{2}-\d{4}\b|\b\d{2}-\d{7}\b")
# A day or a time is kept; a long run of digits is not, unless it is an amount.
_NUMBER = re.compile(
    r"(?P<day>\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?)"
    r"|(?P<long>(?<![\w.,])\+?\(?\d(?:[ ()-]{0,2}\d){6,24}(?![\w]|[.,]\d))"
)
_CARD = re.compile(
    r"(?<!\d)\d{13,19}(?!\d|[.,]\d)"
)  # glued to a word; a card number when its check digit fits
_ENDING = re.compile(r"(?i)\b(?:ending(?: in)?|last four|card|x{2,}|\*{2,})[ :#]*(\d{4})\b")
_GREETED = re.compile(
    r"(?:\b(?:Dear|Hi|Hello|Hey|Thanks|Thank you|Regards|Best|Cheers|Sincerely|Signed)\b[,:!]?\s+)"
    r"(?P<name>[A-Z][a-z]+(?: [A-Z][a-z]+)?)"
)
_SEPARATED = re.compile(r"[\s_.-]+")
_TOKEN = re.compile(r"\[(?:EMAIL|ACCOUNT|CARD|PERSON|VENDOR|CLIENT)_\d+\]")


class Mask:
    """Tokens of one conversation: the same text always gets the same token.

    names: label ("PERSON", "VENDOR", "CLIENT") -> names that must not leave.
    """

    def __init__(self, names: Iterable[tuple[str, str]] = ()) -> None:
        self._token: dict[tuple[str, str], str] = {}
        self._text: dict[str, str] = {}
        self._names = _longest_first(names)
        self._pattern = _any_of(name for _, name in self._names)
        self._labels = {_plain(name): label for label, name in reversed(self._names)}

    def hide(self, text: str) -> str:
        """Give the text with tokens in place of what must not leave."""
        text = _TOKEN.sub(lambda found: found[0].replace("[", "(").replace("]", ")"), text)
        text = _EMAIL.sub(lambda found: self._as("EMAIL", found[0]), text)
        text = _IBAN.sub(lambda found: self._as("ACCOUNT", found[0]), text)
        text = _TAX.sub(lambda found: self._as("ACCOUNT", found[0]), text)
        text = _CARD.sub(self._card, text)
        text = _ENDING.sub(self._card_end, text)
        text = _outside_tokens(text, lambda part: _NUMBER.sub(self._number, part))
        if self._pattern:
            named = self._pattern
            text = _outside_tokens(text, lambda part: named.sub(self._name, part))
        return _outside_tokens(text, lambda part: _GREETED.sub(self._greeted, part))

    def show(self, text: str) -> str:
        """Put back what the tokens stand for."""
        return _TOKEN.sub(lambda found: self._text.get(found[0], found[0]), text)

    @property
    def hidden(self) -> list[str]:
        """Everything that tokens stand for: what a leak test looks for."""
        return sorted(self._text.values())

    def _as(self, label: str, text: str) -> str:
        key = (label, text.casefold())
        if key not in self._token:
            self._token[key] = f"[{label}_{len(self._token) + 1}]"
            self._text[self._token[key]] = text
        return self._token[key]

    def _number(self, found: re.Match[str]) -> str:
        if found["day"]:
            return found[0]
        digits = sum(character.isdigit() for character in found[0])
        return self._as("CARD" if digits in CARD_DIGITS else "ACCOUNT", found[0])

    def _card(self, found: re.Match[str]) -> str:
        return self._as("CARD", found[0]) if _checks(found[0]) else found[0]

    def _card_end(self, found: re.Match[str]) -> str:
        return found[0].replace(found[1], self._as("CARD", found[1]))

    def _name(self, found: re.Match[str]) -> str:
        return self._as(self._labels[_plain(found[0])], found[0])

    def _greeted(self, found: re.Match[str]) -> str:
        return found[0].replace(found["name"], self._as("PERSON", found["name"]))


def tokens(text: str) -> list[str]:
    """Give the tokens in a text."""
    return _TOKEN.findall(text)


def without_tokens(text: str) -> str:
    """Give a text without its tokens, whose digits are no figures."""
    return _TOKEN.sub(" ", text)


def _longest_first(names: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    unique = {(label, " ".join(name.split())) for label, name in names if len(name.strip()) >= SHORTEST_NAME}
    return sorted(unique, key=lambda pair: (-len(pair[1]), pair))


def _any_of(names: Iterable[str]) -> re.Pattern[str] | None:
    words = [r"[\s_.-]+".join(re.escape(word) for word in _SEPARATED.split(name)) for name in names]
    # An underscore joins words in ids and file names: it ends a name.
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(words)})(?![^\W_])", re.IGNORECASE) if words else None


def _plain(name: str) -> str:
    return _SEPARATED.sub(" ", name).casefold()


def _checks(digits: str) -> bool:
    """Check a card number's last digit (Luhn; ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0  # noqa: PLR2004 - the algorithm's own


def _outside_tokens(text: str, change: Callable[[str], str]) -> str:
    """Change only what lies between the tokens."""
    kept = _TOKEN.findall(text)
    parts = [change(part) for part in _TOKEN.split(text)]
    return "".join(part + token for part, token in zip_longest(parts, kept, fillvalue=""))
