"""Names written in initials ("J A Smith" as "J A"): which are, and which other names they may stand for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation.sides.tokens import Wording

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_BLOCK: Final = 2  # letters that two rows of initials have to begin with alike to be compared
_SAME: Final = 1.0
_CUT: Final = 0.7  # one goes on where the other ends: a letter of what stood behind it
_STAND_FOR: Final = 0.65  # initials and a whole name


@dataclass(frozen=True)
class Initials:
    """The first letters of each name's words, in order.

    letters: of each name. alone: whether the name is written in nothing else.
    """

    letters: list[str]
    alone: NDArray[np.bool_]

    @classmethod
    def of(
        cls, texts: Wording, significant: NDArray[np.bool_], alone: NDArray[np.bool_], same: Index, names: int
    ) -> Initials:
        """Read the names of texts; where none is written in initials, nothing is spelled out.

        significant: which words of the texts are of the name. alone: texts whose name is initials. same: each
        text's name, below `names`.
        """
        of_names = np.zeros(names, bool)
        of_names[same[alone]] = True
        letters = [""] * names
        if of_names.any():
            for text in range(len(texts)):
                words = slice(texts.starts[text], texts.starts[text + 1])
                name_words = (texts.vocabulary[word] for word in texts.word[words][significant[words]])
                letters[same[text]] = "".join(word[:1] for word in name_words)
        return cls(letters, of_names)

    def pairs(self, left: Index, right: Index) -> Index:
        """Give the pairs of names (a row each) that begin alike, where one of the two is initials."""
        block: dict[str, list[int]] = defaultdict(list)
        for name in right.tolist():
            block[self.letters[name][:_BLOCK]].append(name)
        pairs = [
            (name, partner)
            for name in left.tolist()
            if len(self.letters[name]) >= _BLOCK
            for partner in block[self.letters[name][:_BLOCK]]
            if self.alone[name] or self.alone[partner]
        ]
        return np.array(pairs, dtype=np.int64).reshape(-1, 2)

    def likeness(self, left: Index, right: Index, alike: Numbers) -> Numbers:
        """Put in how alike pairs of names are of which one is initials; the others stay as they are."""
        at = np.flatnonzero(self.alone[left] | self.alone[right])
        if not len(at):
            return alike
        out = alike.copy()
        out[at] = [
            self._likeness(left_name, right_name)
            for left_name, right_name in zip(left[at], right[at], strict=True)
        ]
        return out

    def _likeness(self, left: int, right: int) -> float:
        ours, theirs = self.letters[left], self.letters[right]
        if min(len(ours), len(theirs)) < _BLOCK:
            return float("nan")
        if not (ours.startswith(theirs) or theirs.startswith(ours)):
            return 0.0
        if not (self.alone[left] and self.alone[right]):
            return _STAND_FOR
        return _SAME if ours == theirs else _CUT
