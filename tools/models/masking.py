"""Replace names, accounts, cards and addresses by tokens before text leaves, and put them back after."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from itertools import zip_longest
from types import MappingProxyType

from tools.models.person_names import common, replaced

CARD_DIGITS = range(13, 20)  # ISO/IEC 7812
SHORTEST_NAME = 3

_EMAIL = re.compile(
    r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?i:\b[\w.+%-]+ ?[(\[{] ?at ?[)\]}] ?[\w-]+(?: ?(?:\.|[(\[{] ?dot ?[)\]}]) ?[\w-]+)+)"
    r"|(?i:\b[\w.+%-]+ at [\w-]+(?: dot [\w-]+)+)"
)
_LINK = re.compile(
    r"(?i)\b(?:https?://|www\.)[^\s<>\"']+"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|io|biz|info|eu|de|fr|uk|us|ch|example|invalid|test)\b(?:/[^\s<>\"']*)?"
)
_IBAN = re.compile(r"(?i)\b[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]{4}){2,7}(?:[ .-]?[A-Z0-9]{1,4})?\b")
_TAX = re.compile(r"\b\d{3}-\d{2}-\d{4}\b|\b\d{2}-\d{7}\b")
# A day or a time is kept; a long run of digits is not, unless it is an amount.
_NUMBER = re.compile(
    r"(?P<day>\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?)"
    r"|(?P<long>(?<![\w.,])\+?\(?\d(?:[ ()_\u2013\u2014-]{0,2}\d){6,24}(?![\w]|[.,]\d))"
    r"|(?P<grouped>(?<![\w.,/])\d{2,6}(?:[./\u00b7]\d{2,6}){2,6}(?!\w|[.,/]\d))"
    r"|(?P<glued>(?<![^\W\d_])[A-Za-z]{1,6}[ -]?U?\d{7,24}(?!\d|[.,]\d))"
)
_DAY_WRITTEN = re.compile(r"(?:\d{1,2}|\d{4})[./]\d{1,2}[./]\d{2,4}")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_CARD = re.compile(
    r"(?<!\d)\d{13,19}(?!\d|[.,]\d)"
)  # glued to a word; a card number when its check digit fits
_ENDING = re.compile(
    r"(?i)(?:\bending(?: in)?|\blast (?:four|4)(?: digits)?|\bcard(?: no\.?| number)?|\bx{2,}|\*{2,}"
    r"|[\u2022\u00b7]{2,}|\.{3,})"
    r"[ :#-]*(\d{4})\b"
)
_GREETED = re.compile(
    r"(?:\b(?:Dear|Hi|Hello|Hey|Thanks|Thank you|Regards|Best|Cheers|Sincerely|Signed)\b[,:!]?\s+)"
    r"(?P<name>[A-Z][a-z]+(?: [A-Z][a-z]+)?)"
)
_SEPARATED = re.compile(r"[\W_]+")
_LABELS = "EMAIL|LINK|ACCOUNT|CARD|PERSON|VENDOR|CLIENT"
_NAMES = frozenset({"ACCOUNT", "PERSON", "VENDOR", "CLIENT"})
_TOKEN = re.compile(rf"\[(?:{_LABELS})_\d+\]")
_JOINED = 8  # letters of a name of several words that is found inside a longer word, too
_IBAN_DIGITS = 10


class Mask:
    """Tokens of one conversation: the same text always gets the same token.

    names: label ("PERSON", "VENDOR", "CLIENT") -> names that must not leave. tokens: of a conversation
    that goes on, as `tokens` gave them.
    """

    def __init__(
        self, names: Iterable[tuple[str, str]] = (), tokens: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._text: dict[str, str] = dict(tokens)
        self._token = {
            (token[1:].partition("_")[0], text.casefold()): token for token, text in tokens.items()
        }
        self._names: set[tuple[str, str]] = set()
        self.learn(
            [*names, *((label, text) for (label, _), text in zip(self._token, tokens.values(), strict=True))]
        )

    def learn(self, names: Iterable[tuple[str, str]]) -> None:
        """Take more names that must not leave."""
        self._names.update((label, name) for label, name in names if label in _NAMES)
        ordered = _longest_first(self._names)
        self._pattern = _any_of(name for _, name in ordered)
        spelled = [(write(name), label) for label, name in reversed(ordered) for write in (_joined, _plain)]
        self._labels = dict(spelled)

    def hide(self, text: str, *, letter: bool = False) -> str:
        """Give the text, in plain characters, with tokens in place of what must not leave.

        letter: somebody wrote it, so that what reads like a name is one.
        """
        text = plain(text)
        text = _TOKEN.sub(lambda match: match[0].replace("[", "(").replace("]", ")"), text)
        text = _EMAIL.sub(lambda match: self._as("EMAIL", match[0]), text)
        text = _outside_tokens(text, lambda part: _LINK.sub(lambda match: self._as("LINK", match[0]), part))
        text = _outside_tokens(text, lambda part: _IBAN.sub(self._iban, part))
        text = _outside_tokens(text, lambda part: _TAX.sub(lambda match: self._as("ACCOUNT", match[0]), part))
        text = _outside_tokens(text, lambda part: _CARD.sub(self._card, part))
        text = _outside_tokens(text, lambda part: _NUMBER.sub(self._number, part))
        text = _outside_tokens(text, lambda part: _ENDING.sub(self._card_end, part))
        text = _outside_tokens(text, self._unnamed)
        text = _outside_tokens(text, lambda part: _GREETED.sub(self._greeted, part))
        if letter:
            text = _outside_tokens(text, lambda part: replaced(part, lambda name: self._as("PERSON", name)))
        return text

    @property
    def tokens(self) -> dict[str, str]:
        """What each token stands for."""
        return dict(self._text)

    def show(self, text: str) -> str:
        """Put back what the tokens stand for."""
        return _TOKEN.sub(lambda match: self._text.get(match[0], match[0]), text)

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

    def _number(self, match: re.Match[str]) -> str:
        grouped = match["grouped"]
        if match["day"] or (grouped and (_DAY_WRITTEN.fullmatch(grouped) or _THOUSANDS.fullmatch(grouped))):
            return match[0]
        digits = sum(character.isdigit() for character in match[0])
        return self._as("CARD" if digits in CARD_DIGITS else "ACCOUNT", match[0])

    def _iban(self, match: re.Match[str]) -> str:
        digits = sum(character.isdigit() for character in match[0])
        sure = digits >= _IBAN_DIGITS or match[0].replace(" ", "").isupper() or _checks_iban(match[0])
        return self._as("ACCOUNT", match[0]) if sure else match[0]

    def _unnamed(self, text: str) -> str:
        """Put tokens in place of names, whatever their accents."""
        if self._pattern is None:
            return text
        parts, done = [], 0
        for match in self._pattern.finditer(folded(text)):
            start, end = match.span()
            label = self._labels.get(_plain(match[0])) or self._labels.get(_joined(match[0]), "PERSON")
            parts += [text[done:start], self._as(label, text[start:end])]
            done = end
        return "".join([*parts, text[done:]])

    def _card(self, match: re.Match[str]) -> str:
        return self._as("CARD", match[0]) if _checks(match[0]) else match[0]

    def _card_end(self, match: re.Match[str]) -> str:
        return match[0].replace(match[1], self._as("CARD", match[1]))

    def _greeted(self, match: re.Match[str]) -> str:
        if all(common(word) for word in match["name"].split()):
            return match[0]
        return match[0].replace(match["name"], self._as("PERSON", match["name"]))


def tokens(text: str) -> list[str]:
    """Give the tokens in a text."""
    return _TOKEN.findall(text)


def without_tokens(text: str) -> str:
    """Give a text without its tokens, whose digits are no figures."""
    return _TOKEN.sub(" ", text)


def plain(text: str) -> str:
    """Write a text in plain characters: full-width digits as digits, nothing that cannot be seen.

    Compatibility forms become ordinary ones (Unicode NFKC); format and control characters go.
    """
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFKC", text)
    return "".join(
        c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cf", "Cc", "Cs", "Co", "Cn"}
    )


def _longest_first(names: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    unique = {(label, " ".join(name.split())) for label, name in names if len(_joined(name)) >= SHORTEST_NAME}
    return sorted(unique, key=lambda pair: (-len(pair[1]), pair))


def _any_of(names: Iterable[str]) -> re.Pattern[str] | None:
    words = [pattern for name in names if (pattern := _spelled(name))]
    return re.compile("|".join(words), re.IGNORECASE) if words else None


def _spelled(name: str) -> str:
    """Write a name as a pattern: any separators between its words, or none; digits may touch it."""
    words = [word for word in _SEPARATED.split(folded(plain(name))) if word]
    if not words:
        return ""
    pattern = r"[\W_]{0,3}".join(re.escape(word) for word in words)
    if len(words) > 1 and len("".join(words)) >= _JOINED:
        return pattern
    first, last = (r"[^\W_]" if edge.isdigit() else r"[^\W\d_]" for edge in (words[0][0], words[-1][-1]))
    return rf"(?<!{first}){pattern}(?!{last})"


def folded(text: str) -> str:
    """Take the accents off, character for character, so that places stay the same."""
    return text if text.isascii() else "".join(unicodedata.normalize("NFD", c)[0] for c in text)


def _plain(name: str) -> str:
    return _SEPARATED.sub(" ", folded(plain(name))).strip().casefold()


def _joined(name: str) -> str:
    return _plain(name).replace(" ", "")


def _checks_iban(text: str) -> bool:
    """Check an account number's digits (ISO 13616: the remainder of 97 is 1)."""
    letters = re.sub(r"[\W_]", "", text).upper()
    digits = "".join(str(int(c, 36)) for c in letters[4:] + letters[:4] if c.isascii() and c.isalnum())
    return int(digits or "0") % 97 == 1


def _checks(digits: str) -> bool:
    """Check a card number's last digit (Luhn; ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0  # noqa: PLR2004 - the algorithm's own


def _outside_tokens(text: str, change: Callable[[str], str]) -> str:
    """Change only what lies between the tokens."""
    tokens = _TOKEN.findall(text)
    parts = [change(part) for part in _TOKEN.split(text)]
    return "".join(part + token for part, token in zip_longest(parts, tokens, fillvalue=""))
