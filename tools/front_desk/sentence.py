"""A sentence as the front desk reads it: normalised words with their places, and what each was used for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from tools.core.plain_words import normalise

MOST_CHARACTERS: Final = 500
CONJUNCTIONS: Final = frozenset({"and", "und", "or", "oder", "sowie"})
_QUOTED: Final = re.compile(r"[\"“„«]([^\"“”„«»]{2,80})[\"”“»]")


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
        self._place(normalise(self.text))

    def respell(self, number: int, word: str) -> None:
        """Put a word right, before anything was read."""
        self._place(" ".join([*self.words[:number], word, *self.words[number + 1 :]]))

    def _place(self, plain: str) -> None:
        self.plain = plain
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
