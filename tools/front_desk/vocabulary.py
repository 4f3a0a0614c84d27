"""The words that the front desk knows, English and German, out of words/*.yaml; longest phrases first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Final

from tools.core import bounded_yaml
from tools.core.plain_words import normalise

LANGUAGES: Final = ("en", "de")
_HERE: Final = "tools.front_desk.words"
Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Sense:
    """What a phrase may stand for. kind: nouns, qualifiers, aggregates, ...; value: which of them."""

    kind: str
    value: str = ""


@dataclass
class DeskVocabulary:
    """Every phrase with its senses."""

    exact: dict[Phrase, list[Sense]] = field(default_factory=lambda: defaultdict(list))
    begun: dict[int, list[tuple[Phrase, Sense]]] = field(default_factory=lambda: defaultdict(list))
    longest: int = 1

    def add(self, text: str, sense: Sense) -> None:
        """Learn a phrase; a word that ends in * stands for whatever begins so."""
        starred = "*" in text
        words = tuple(word + "*" * mark for word, mark in _words(text))
        self.longest = max(self.longest, len(words))
        if starred:
            self.begun[len(words)].append((words, sense))
        elif sense not in self.exact[words]:
            self.exact[words].append(sense)

    def senses(self, words: Phrase) -> list[Sense]:
        """Give what exactly these words may stand for; of a kind, the whole word or the longest beginning."""
        fitting = [(phrase, sense) for phrase, sense in self.begun[len(words)] if _fits(phrase, words)]
        exact = self.exact.get(words, [])
        whole = {sense.kind for sense in exact}
        longest: dict[str, int] = {}
        for phrase, sense in fitting:
            longest[sense.kind] = max(longest.get(sense.kind, 0), len(" ".join(phrase)))
        begun = [sense for phrase, sense in fitting if len(" ".join(phrase)) == longest[sense.kind]]
        return [*exact, *dict.fromkeys(sense for sense in begun if sense.kind not in whole)]

    def knows(self, word: str) -> bool:
        """Say whether a word alone stands for anything."""
        return bool(self.senses((word,)))

    def single_words(self) -> list[str]:
        """List the single words, stems with their plurals too, to correct a slip of the keys."""
        whole = [words[0] for words in self.exact if len(words) == 1]
        stems = [phrase[0].removesuffix("*") for phrase, _ in self.begun[1]]
        inflected = [stem + ending for stem in stems for ending in ("", "s", "en")]
        return [word for word in dict.fromkeys([*whole, *inflected]) if len(word) >= 5]  # noqa: PLR2004 - shorter ones are too alike


@cache
def vocabulary() -> DeskVocabulary:
    """Read the words of every language, once."""
    lexicon = DeskVocabulary()
    for language in LANGUAGES:
        for text, sense in _entries(_loaded(language)):
            lexicon.add(text, sense)
    return lexicon


def _loaded(language: str) -> Mapping[str, Any]:
    text = (resources.files(_HERE) / f"{language}.yaml").read_text(encoding="utf-8")
    words: Mapping[str, Any] = bounded_yaml.load(text)
    return words


def _entries(words: Mapping[str, Any]) -> Iterator[tuple[str, Sense]]:
    for kind, entries in words.items():
        if isinstance(entries, Mapping):
            for value, phrases in entries.items():
                for phrase in phrases:
                    yield str(phrase), Sense(kind, str(value))
        else:
            for phrase in entries:
                yield str(phrase), Sense(kind)


def _words(text: str) -> Iterator[tuple[str, bool]]:
    for word in text.split():
        for piece in normalise(word.removesuffix("*")).split():
            yield piece, word.endswith("*")


def _fits(phrase: Phrase, words: Phrase) -> bool:
    return all(
        word.startswith(part[:-1]) if part.endswith("*") else word == part
        for part, word in zip(phrase, words, strict=True)
    )
