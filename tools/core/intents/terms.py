"""A sentence as a linear classifier sees it: words, pairs of words, and pieces of words, weighted by rarity.

Sublinear term frequency times inverse document frequency (Salton and Buckley, 1988), words and pieces each
of length one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import log, sqrt
from typing import Final

from tools.core.plain_words import normalise

Term = tuple[str, str]  # ("word" or "piece", its text)
_PIECES: Final = range(2, 6)  # characters
_LEAST_PIECES: Final = 2  # sentences that a piece is in: a rarer one is noise


def terms(sentence: str) -> Counter[Term]:
    """Count the words, pairs of neighbouring words and pieces of two to five characters of a sentence."""
    words = normalise(sentence).split()
    pairs = (f"{left} {right}" for left, right in pairwise(words))
    counted: Counter[Term] = Counter(("word", text) for text in (*words, *pairs))
    counted.update(("piece", text) for word in words for text in _pieces(f" {word} "))
    return counted


def _pieces(word: str) -> Iterator[str]:
    for length in _PIECES:
        for start in range(max(1, len(word) - length + 1)):
            yield word[start : start + length]


def rarity(sentences: Sequence[Counter[Term]]) -> dict[Term, float]:
    """Give each term its inverse document frequency; pieces that are in a single sentence are left out."""
    met = Counter(term for sentence in sentences for term in sentence)
    return {
        term: log((1 + len(sentences)) / (1 + times)) + 1
        for term, times in sorted(met.items())
        if term[0] == "word" or times >= _LEAST_PIECES
    }


def weighted(sentence: Counter[Term], rarities: Mapping[Term, float]) -> dict[Term, float]:
    """Weigh a sentence's terms that are known; words and pieces each have length one together."""
    weights = {
        term: (1 + log(times)) * rarities[term] for term, times in sentence.items() if term in rarities
    }
    squares = defaultdict[str, float](float)
    for (kind, _), weight in weights.items():
        squares[kind] += weight * weight
    return {term: weight / sqrt(squares[term[0]]) for term, weight in weights.items()}
