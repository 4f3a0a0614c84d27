"""Whether two texts name the same party: whole, cut short, abbreviated, by initials, or as learned.

Legal forms don't count; a number in the name ("Division 36") tells two parties of one family apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import Levenshtein

from tools.checks.reconciliation.sides.name_index import tokens
from tools.checks.reconciliation.sides.vocabulary import CHANNEL, FILLER
from tools.ledger.vendor import LEGAL_FORMS

# Log-odds of what a comparison of names shows, on the scale of evidence.
SAME_PAYMENT: Final = 8.0  # by another line of the same payment
SAME: Final = 6.0
LIKE: Final = 4.0
ABBREVIATED: Final = 3.0
PARTLY: Final = 1.0
STRANGE: Final = -4.0
_DIFFERENT_NUMBER: Final = -5.0
_NUMBER_MISSING: Final = -0.5
_ALIKE: Final = 0.8
_HALF: Final = 0.5
_SHORT: Final = 2
_SHORT_WORD: Final = 3
_STEM: Final = 3
_LONG: Final = 6
_Words = tuple[tuple[str, ...], str]  # a name's words, and all of its letters
_APOSTROPHE: Final = re.compile(r"['\u2019]")


@dataclass(frozen=True)
class Name:
    """A party's name: its words without legal forms, its numbers, and all of its letters."""

    words: tuple[str, ...]
    numbers: frozenset[str]
    letters: str


@lru_cache(maxsize=65_536)
def name(text: str) -> Name:
    """Read a name."""
    parts = tokens(_APOSTROPHE.sub("", text))
    numbered = [*parts[1:], ""][
        : len(parts)
    ]  # "Division 36", "Store 12": the word before a number goes with it
    unnumbered = [
        part for part, after in zip(parts, numbered, strict=True) if not (part.isdigit() or after.isdigit())
    ]
    words = tuple(word for word in unnumbered if word not in LEGAL_FORMS and word not in FILLER) or tuple(
        unnumbered
    )
    return Name(
        words, frozenset(token.lstrip("0") for token in parts if token.isdigit()), "".join(unnumbered)
    )


def without_channel(text: str) -> str:
    """Drop what a bank says about the way ("ACH", "Wire Ref:"), which leaves a name or nothing."""
    return " ".join(token for token in tokens(text) if token not in CHANNEL)


def compare(text: str, party: str) -> float:
    """Give the log-odds that `said` names `party`."""
    text_name, party_name = name(text), name(party)
    if not text_name.words or not party_name.words:
        return 0.0
    odds = _words(text_name.words, party_name.words, party_name.letters)
    if text_name.numbers and text_name.numbers != party_name.numbers:
        return min(odds, PARTLY) + _DIFFERENT_NUMBER
    return odds + (_NUMBER_MISSING if party_name.numbers - text_name.numbers else 0.0)


@lru_cache(maxsize=262_144)
def _words(text_words: tuple[str, ...], party_words: tuple[str, ...], letters: str) -> float:
    if text_words == party_words:
        return SAME
    if _initials(text_words, party_words, letters):
        return ABBREVIATED
    explained = _explained(text_words, party_words)
    if explained >= _ALIKE:
        return LIKE if len(text_words) > 1 or len(text_words[0]) > _SHORT_WORD else PARTLY
    if _together("".join(text_words), "".join(party_words)):
        return LIKE
    return PARTLY if explained >= _HALF else STRANGE


def _explained(text_words: Sequence[str], words: Sequence[str]) -> float:
    """Give the share of what was said that stands, in order, for words of the name or for their initials."""
    at, hit = 0, 0.0
    for token in text_words:
        best = 0.0
        for start in range(at, len(words)):
            word = _stands_for(token, words[start], alone=len(text_words) == 1 < len(words))
            if fit := max(word, _run_of_initials(token, words[start:])):
                best, at = fit, start + (1 if word else len(token))
                break
        hit += best
    first = text_words[0][0] == words[0][0]
    return hit / len(text_words) if first else hit / len(text_words) * _HALF


def _stands_for(token: str, word: str, *, alone: bool) -> float:
    """Say how well a token stands for a word: its beginning, a contraction (not `alone`), a slip."""
    if token == word or (len(token) == 1 and word.startswith(token)):
        return 1.0
    if token[0] != word[0]:
        return 0.0
    if word.startswith(token) or token.startswith(word):
        return 1.0
    if len(token) >= _SHORT and not alone and _is_subsequence(token, word):
        return 0.9
    stem = next((n for n, (a, b) in enumerate(zip(token, word, strict=False)) if a != b), len(token))
    slip = Levenshtein.distance(token, word) <= max(1, len(word) // 4)
    return 0.8 if slip or (stem >= _STEM and stem >= 0.75 * len(token)) else 0.0


def _together(text_name: str, party_name: str) -> bool:
    """Compare names with their words run together: "Iron Bridge Ind" and Ironbridge Industrial."""
    if min(len(text_name), len(party_name)) >= _LONG and (
        text_name.startswith(party_name) or party_name.startswith(text_name)
    ):
        return True
    return Levenshtein.normalized_similarity(text_name, party_name) >= _ALIKE


def _run_of_initials(token: str, words: Sequence[str]) -> float:
    whole = len(token) > 1 and token == "".join(word[0] for word in words[: len(token)])
    return 1.0 if whole else 0.0


def _initials(text_words: tuple[str, ...], party_words: tuple[str, ...], letters: str) -> bool:
    """Tell "IBI Corp" for Ironbridge Industrial: one short word of the name's letters, its initials in it."""
    if len(text_words) != 1 or len(text_words[0]) > 2 * len(party_words) + 1 or len(party_words) < _SHORT:
        return False
    abbreviation = text_words[0]
    initials = "".join(word[0] for word in party_words)
    return (
        abbreviation[0] == initials[0]
        and _is_subsequence(initials, abbreviation)
        and _is_subsequence(abbreviation, letters)
    )


def _is_subsequence(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)


class Directory:
    """The parties of a book, to be looked up by what people write for them.

    Who begins with the same letter is compared; everybody, where none of those fits.
    """

    def __init__(self, parties: Iterable[str]) -> None:
        """Take the parties' names."""
        self._at: dict[str, int] = {}
        self._by_letter: dict[str, dict[_Words, list[str]]] = defaultdict(lambda: defaultdict(list))
        for party in parties:
            self._at.setdefault(party, len(self._at))
            self._by_letter[_initial(party)][_words_of(party)].append(party)
        self._candidates: dict[str, dict[str, float]] = {}
        self._alike: dict[tuple[tuple[str, ...], str | None], list[str]] = {}

    def candidates(self, names: Sequence[str]) -> dict[str, float]:
        """Give the parties that any of the names may mean, with the best log-odds."""
        candidates: dict[str, float] = {}
        for text in names:
            for party, odds in self._look_up(text).items():
                candidates[party] = max(odds, candidates.get(party, odds))
        return candidates

    def _look_up(self, text: str) -> dict[str, float]:
        if text not in self._candidates:
            self._candidates[text] = self._fitting(text, _initial(text)) or self._fitting(text, None)
        return self._candidates[text]

    def _fitting(self, text: str, letter: str | None) -> dict[str, float]:
        odds = {party: compare(text, party) for party in self._worded_alike(name(text).words, letter)}
        return {party: weight for party, weight in odds.items() if weight > 0}

    def _worded_alike(self, words: tuple[str, ...], letter: str | None) -> list[str]:
        """Give the parties whose words speak for them; numbers, which many differ in, only lessen that."""
        key = (words, letter)
        if key not in self._alike:
            groups = [self._by_letter[letter]] if letter is not None else self._by_letter.values()
            self._alike[key] = [
                party
                for group in groups
                for party in sorted(_members(words, group), key=self._at.__getitem__)
            ]
        return self._alike[key]


def _members(words: tuple[str, ...], group: Mapping[_Words, list[str]]) -> Iterator[str]:
    for (other, letters), members in group.items():
        if words and other and _words(words, other, letters) > 0:
            yield from members


def _initial(party: str) -> str:
    words = name(party).words
    return words[0][0] if words else ""


def _words_of(party: str) -> _Words:
    party_name = name(party)
    return party_name.words, party_name.letters
