"""A sentence as the front desk reads it: normalised words with their places, and what each was used for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

MOST_CHARACTERS: Final = 500
CONJUNCTIONS: Final = frozenset({"and", "und", "or", "oder", "sowie"})
_UMLAUTS: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "\u2019": "'", "\u2018": "'", "\u2013": "-", "\u2014": " "}
)
_NOISE: Final = re.compile(r"[^a-z0-9&'./,%+_-]+")
_EDGES: Final = re.compile(r"^[&'.,/+_-]+|[&'.,/+_-]+$")
_QUOTED: Final = re.compile(r"[\"“„«]([^\"“”„«»]{2,80})[\"”“»]")


def normalise(text: str) -> str:
    """Give text as words are compared: lower case, umlauts spelt out, no accents, no punctuation around."""
    lowered = unicodedata.normalize("NFKC", text).casefold().translate(_UMLAUTS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    words = (_EDGES.sub("", word) for word in _NOISE.sub(" ", plain).split())
    return " ".join(word.removesuffix("'s") for word in words if word)


@dataclass
class Sentence:
    """Words in order; `uses` says of each what it was read as, "" while nothing has."""

    text: str
    words: list[str] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    uses: list[str] = field(default_factory=list)
    plain: str = ""
    quoted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.quoted = [normalise(match) for match in _QUOTED.findall(self.text)]
        self.plain = normalise(self.text)
        self.words = self.plain.split()
        self.places = [(match.start(), match.end()) for match in re.finditer(r"\S+", self.plain)]
        self.uses = [""] * len(self.words)

    def free(self, begin: int, length: int) -> bool:
        """Say whether none of these words was used."""
        return not any(self.uses[begin : begin + length])

    def use(self, begin: int, length: int, use: str) -> None:
        """Record what words were read as."""
        self.uses[begin : begin + length] = [use] * length

    def use_characters(self, begin: int, finish: int, use: str) -> None:
        """Record the same of the words that lie within these characters."""
        for number, (start, end) in enumerate(self.places):
            if begin <= start and end <= finish:
                self.uses[number] = use

    def runs(self) -> Iterable[tuple[int, int]]:
        """Give each run of unused words: where it begins, and how many they are."""
        begin = None
        for number, use in enumerate([*self.uses, "end"]):
            if not use and begin is None:
                begin = number
            elif use and begin is not None:
                yield begin, number - begin
                begin = None
