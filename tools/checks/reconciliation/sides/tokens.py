"""Distinct texts split into words, every word known by its place among the distinct ones."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Index = NDArray[np.int64]


@dataclass(frozen=True)
class Wording:
    """Texts in words: capitals with a single space between them.

    vocabulary: the distinct words; "" stands for a text without any. word: of each text's words in order,
    the place in `vocabulary`. starts: where each text's words begin, and the last one's end.
    """

    vocabulary: list[str]
    word: Index
    starts: Index

    @classmethod
    def of(cls, texts: Sequence[str]) -> Wording:
        """Split texts."""
        parts = pc.split_pattern(pa.array(texts, pa.string()), " ")
        coded = parts.flatten().dictionary_encode()
        word = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        return cls(coded.dictionary.to_pylist(), word, np.asarray(parts.offsets.to_numpy(), np.int64))

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def text(self) -> Index:
        """The text that each word is of."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def are(self, good: Container[str] | Callable[[str], bool]) -> NDArray[np.bool_]:
        """Say which of the known words are good."""
        says = good if callable(good) else good.__contains__
        return np.fromiter(map(says, self.vocabulary), dtype=bool, count=len(self.vocabulary))

    def saying(self, words: Container[str]) -> NDArray[np.bool_]:
        """Say which texts have any of these words."""
        return np.bincount(self.text, self.are(words)[self.word], minlength=len(self)) > 0

    def leading_letters(self, beside: NDArray[np.bool_]) -> tuple[Index, NDArray[np.bool_]]:
        """Count the single letters that each text begins with (initials, from two on), and mark those words.

        beside: known words that may stand before them, as what a bank writes.
        """
        single = self.are(lambda word: len(word) == 1)
        at = np.flatnonzero(~(beside & ~single)[self.word])
        text, letter = self.text[at], single[self.word[at]]
        first = np.searchsorted(text, text)
        others = np.concatenate([[0], np.cumsum(~letter)])
        leads = letter & (others[:-1] == others[first])
        marked = np.zeros(len(self.word), bool)
        marked[at[leads]] = True
        return np.bincount(text[leads], minlength=len(self)), marked

    def together(self, mask: NDArray[np.bool_]) -> pa.Array:
        """Give of each text those of its words that are to be kept, run together."""
        starts = np.concatenate([[0], np.cumsum(mask)])[self.starts]
        words = pa.array(self.vocabulary, pa.string()).take(pa.array(self.word[mask]))
        return pc.binary_join(pa.ListArray.from_arrays(pa.array(starts, pa.int32()), words), "")

    def bits(self, bit: Sequence[int]) -> Index:
        """Give for each text the bits of its words put together; bit: those of each known word."""
        if not len(self):
            return np.empty(0, np.int64)
        return np.bitwise_or.reduceat(np.array(bit, dtype=np.int64)[self.word], self.starts[:-1])
