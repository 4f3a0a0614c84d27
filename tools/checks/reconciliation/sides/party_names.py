"""Whether two texts name the same party: whole, cut short, abbreviated, by initials, or as learned.

Legal forms don't count; a number in the name ("Division 36") tells two parties of one family apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import Levenshtein

from tools.checks.reconciliation.sides.name_index import tokens
from tools.checks.reconciliation.sides.vocabulary import CHANNEL, FILLER
from tools.ledger.vendor import LEGAL_FORMS

# Log-odds of what a comparison of names shows, on the scale of evidence.
TOLD: Final = 8.0  # by another line of the same payment
SAME: Final = 6.0
LIKE: Final = 4.0
ABBREVIATED: Final = 3.0
PARTLY: Final = 1.0
STRANGE: Final = -4.0
_OTHER_NUMBER: Final = -5.0
_NUMBER_LEFT_OUT: Final = -0.5
_ALIKE: Final = 0.8
_HALF: Final = 0.5
_SHORT: Final = 2
_SHORT_WORD: Final = 3
_STEM: Final = 3
_LONG: Final = 6
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
    found = tokens(_APOSTROPHE.sub("", text))
    numbered = [*found[1:], ""][
        : len(found)
    ]  # "Division 36", "Store 12": the word before a number goes with it
    said = [one for one, after in zip(found, numbered, strict=True) if not (one.isdigit() or after.isdigit())]
    words = tuple(word for word in said if word not in LEGAL_FORMS and word not in FILLER) or tuple(said)
    return Name(words, frozenset(token.lstrip("0") for token in found if token.isdigit()), "".join(said))


def without_channel(text: str) -> str:
    """Drop what a bank says about the way ("ACH", "Wire Ref:"), which leaves a name or nothing."""
    return " ".join(token for token in tokens(text) if token not in CHANNEL)


def compare(said: str, party: str) -> float:
    """Give the log-odds that `said` names `party`."""
    one, other = name(said), name(party)
    if not one.words or not other.words:
        return 0.0
    odds = _words(one.words, other.words, other.letters)
    if one.numbers and one.numbers != other.numbers:
        return min(odds, PARTLY) + _OTHER_NUMBER
    return odds + (_NUMBER_LEFT_OUT if other.numbers - one.numbers else 0.0)


@lru_cache(maxsize=262_144)
def _words(one: tuple[str, ...], other: tuple[str, ...], letters: str) -> float:
    if one == other:
        return SAME
    if _initials(one, other, letters):
        return ABBREVIATED
    explained = _explained(one, other)
    if explained >= _ALIKE:
        return LIKE if len(one) > 1 or len(one[0]) > _SHORT_WORD else PARTLY
    if _together("".join(one), "".join(other)):
        return LIKE
    return PARTLY if explained >= _HALF else STRANGE


def _explained(said: Sequence[str], words: Sequence[str]) -> float:
    """Give the share of what was said that stands, in order, for words of the name or for their initials."""
    at, hit = 0, 0.0
    for token in said:
        best = 0.0
        for start in range(at, len(words)):
            word = _stands_for(token, words[start], alone=len(said) == 1 < len(words))
            if fit := max(word, _run_of_initials(token, words[start:])):
                best, at = fit, start + (1 if word else len(token))
                break
        hit += best
    first = said[0][0] == words[0][0]
    return hit / len(said) if first else hit / len(said) * _HALF


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


def _together(one: str, other: str) -> bool:
    """Compare names with their words run together: "Iron Bridge Ind" and Ironbridge Industrial."""
    if min(len(one), len(other)) >= _LONG and (one.startswith(other) or other.startswith(one)):
        return True
    return Levenshtein.normalized_similarity(one, other) >= _ALIKE


def _run_of_initials(token: str, words: Sequence[str]) -> float:
    whole = len(token) > 1 and token == "".join(word[0] for word in words[: len(token)])
    return 1.0 if whole else 0.0


def _initials(one: tuple[str, ...], other: tuple[str, ...], letters: str) -> bool:
    """Tell "IBI Corp" for Ironbridge Industrial: one short word of the name's letters, its initials in it."""
    if len(one) != 1 or len(one[0]) > 2 * len(other) + 1 or len(other) < _SHORT:
        return False
    said = one[0]
    initials = "".join(word[0] for word in other)
    return said[0] == initials[0] and _is_subsequence(initials, said) and _is_subsequence(said, letters)


def _is_subsequence(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)


class Directory:
    """The parties of a book, to be looked up by what people write for them.

    Who begins with the same letter is compared; everybody, where none of those fits.
    """

    def __init__(self, known: Iterable[str]) -> None:
        """Take the parties' names."""
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        for party in known:
            self._by_letter[_initial(party)].append(party)
        self._meant: dict[str, dict[str, float]] = {}

    def meant(self, names: Sequence[str]) -> dict[str, float]:
        """Give the parties that any of the names may mean, with the best log-odds."""
        found: dict[str, float] = {}
        for said in names:
            for party, odds in self._look_up(said).items():
                found[party] = max(odds, found.get(party, odds))
        return found

    def _look_up(self, said: str) -> dict[str, float]:
        if said not in self._meant:
            among = self._by_letter[_initial(said)]
            everybody = [party for others in self._by_letter.values() for party in others]
            self._meant[said] = _fitting(said, among) or _fitting(said, everybody)
        return self._meant[said]


def _initial(party: str) -> str:
    words = name(party).words
    return words[0][0] if words else ""


def _fitting(said: str, among: Iterable[str]) -> dict[str, float]:
    odds = {party: compare(said, party) for party in among}
    return {party: weight for party, weight in odds.items() if weight > 0}
