"""The names of a book's texts as points in one space of letter trigrams, and how alike two are.

Trigrams of the name run together survive typing errors, shifted spaces and truncation; weighing them by how
rare they are lets the book itself say which words are nobody's name (TF-IDF: Salton and Buckley, 1988, with
character n-grams as in Cohen, Ravikumar and Fienberg, "A Comparison of String Distance Metrics", 2003).
Every distinct text is looked at once, however many rows carry it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from tools.checks.reconciliation import size_limits
from tools.checks.reconciliation.sides import stock_words
from tools.checks.reconciliation.sides.distinct_values import (
    Index,
    distinct,
    distinct_pairs,
    numbered,
)
from tools.checks.reconciliation.sides.initials import Initials
from tools.checks.reconciliation.sides.tokens import Wording
from tools.checks.reconciliation.sides.trigrams import (
    contained,
    joined_by_rare,
    lengths,
    shared_weight,
    squared_lengths,
    weighted_trigrams,
)
from tools.checks.reconciliation.sides.vocabulary import FORM_OF, NOBODY
from tools.core.latin import latin
from tools.ledger.vendor import LEGAL_FORMS

if TYPE_CHECKING:
    from scipy import sparse

Numbers = NDArray[np.float64]

_TOKEN: Final = re.compile(r"[A-Z0-9]+")
_WORD: Final = re.compile(r"(?<![A-Z0-9])[A-Z]++(?![A-Z0-9])|\n")
_INITIALS: Final = 2  # single letters that a name begins with: it is written in initials
_SHORTEST: Final = 5  # letters of a name that another one may contain by chance
_HALF: Final = 0.3
_WHOLE: Final = 0.85
_STEEP: Final = 2.5  # nine letters in ten agree: three quarters alike; seven in ten: a quarter
_WORTH: Final = 100 * (_HALF + _STEEP - 1) / _STEEP - 1  # percent: less adds nothing to what is half alike
_PRINTED: Final = 0.25  # share of one side's rows, at least, that have what its bank prints


def tokens(text: str) -> list[str]:
    """Split text into runs of capital letters and digits, in Latin letters without accents."""
    return _TOKEN.findall(_capitals(text))


def words(texts: Sequence[str]) -> list[str]:
    """Give what each text says in words: those of its tokens that are letters alone, joined by spaces."""
    whole = "\n".join(text.replace("\n", " ") for text in texts)
    lines = " ".join(_WORD.findall(_capitals(whole))).split("\n") if texts else []
    return [line.strip() for line in lines]


def _capitals(text: str) -> str:
    return latin(text).upper()


@dataclass(frozen=True)
class Names:
    """The names in a book's distinct texts (words in capitals, no codes), as points in one weighted space.

    cores: the distinct names, run together, in order. same: the position of each text's name among them.
    left, right: how many of that side's texts have the name. grams: names x trigrams, weighted. size: the
    squared length of each name's row. form: each text's legal forms, a bit for each. initials: names
    written so. Names are given and asked for by their position.
    """

    cores: list[str]
    same: Index
    left: Index
    right: Index
    grams: sparse.csr_matrix
    size: Numbers
    form: Index
    initials: Initials

    @classmethod
    def of(cls, texts: Wording, left: NDArray[np.bool_], right: NDArray[np.bool_], times: Index) -> Names:
        """Read distinct texts; `times` says on how many rows each stands."""
        pairs = distinct_pairs(texts.text, texts.word, len(texts.vocabulary))
        of_bank = texts.are(NOBODY) | stock_words.ways(texts, pairs)
        stock = stock_words.stock_phrases(texts, pairs, left, right, times)
        nobodys = of_bank | texts.are(LEGAL_FORMS) | stock
        significant = ~nobodys[texts.word]
        leading, letters = texts.leading_letters(of_bank)
        by_initials = leading >= _INITIALS
        significant = np.where(by_initials[texts.text], letters, significant)
        cores, same = numbered(texts.together(significant))
        initials = Initials.of(texts, significant, by_initials, same, len(cores))
        of_left, of_right = (np.bincount(same[side], minlength=len(cores)) for side in (left, right))
        grams = weighted_trigrams(cores, np.bincount(same, minlength=len(cores)))
        form = _forms(texts, pairs, [times * side for side in (left, right)])
        return cls(cores, same, of_left, of_right, grams, squared_lengths(grams), form, initials)

    @cached_property
    def length(self) -> Index:
        """Letters of each name."""
        return lengths(self.cores)

    def alike(self, left_name: Index, right_name: Index) -> Numbers:
        """Give how much of the shorter name the other contains, 0 to 1, by pairs; NaN without names."""
        pair, at = np.unique(left_name * len(self.cores) + right_name, return_inverse=True)
        return self._alike(pair // max(1, len(self.cores)), pair % max(1, len(self.cores)))[at]

    def kin(self, least: float) -> tuple[Index, Index]:
        """Give the names of the left and of the right that are at least this alike."""
        left, right, alike = self._near
        return left[alike >= least], right[alike >= least]

    def kin_lists(self, least: float, *, turned: bool) -> tuple[Index, Index]:
        """Give where each left (turned: right) name's kin begin, and the last one's end; then the kin."""
        if (least, turned) not in self._lists:
            name, partner = self.kin(least)[:: -1 if turned else 1]
            count = np.bincount(name, minlength=len(self.cores))
            starts = np.concatenate([[0], np.cumsum(count)])
            self._lists[least, turned] = starts, partner[np.argsort(name, kind="stable")]
        return self._lists[least, turned]

    @cached_property
    def _lists(self) -> dict[tuple[float, bool], tuple[Index, Index]]:
        return {}

    @cached_property
    def resolves(self) -> tuple[Numbers, Numbers]:
        """How well each name is found among the right's, and among the left's."""
        left, right, alike = self._near
        out = np.zeros(len(self.cores)), np.zeros(len(self.cores))
        np.fmax.at(out[0], left, alike)
        np.fmax.at(out[1], right, alike)
        return out

    @cached_property
    def _near(self) -> tuple[Index, Index, Numbers]:
        """Names of left and right, and how alike: all pairs; in a long book those that rare trigrams join."""
        left, right = np.flatnonzero(self.left), np.flatnonzero(self.right)
        left_name, right_name, alike = self._near_in_letters(left, right)
        if not self.initials.alone.any():
            return left_name, right_name, alike
        pairs = [
            left_name * len(self.cores) + right_name,
            self.initials.pairs(left, right) @ [len(self.cores), 1],
        ]
        both = distinct(np.concatenate(pairs))
        left_name, right_name = both // len(self.cores), both % len(self.cores)
        return left_name, right_name, self._alike(left_name, right_name)

    def _near_in_letters(self, left: Index, right: Index) -> tuple[Index, Index, Numbers]:
        if int(self.left.sum()) * int(self.right.sum()) <= size_limits.NAMES_COMPARED_WHOLE:
            product = (self.grams[left] @ self.grams[right].T).tocoo()
            left_name, right_name = left[product.row], right[product.col]
            return left_name, right_name, self._spelled(left_name, right_name, product.data)
        left_name, right_name = joined_by_rare(self.grams, left, right, self.right)
        back, forth = joined_by_rare(self.grams, right, left, self.left)
        n, equal = len(self.cores), np.flatnonzero((self.left > 0) & (self.right > 0))
        pairs = distinct(np.concatenate([left_name * n + right_name, forth * n + back, equal * n + equal]))
        left_name, right_name = pairs // n, pairs % n
        return left_name, right_name, self._alike(left_name, right_name)

    def _alike(self, left_name: Index, right_name: Index) -> Numbers:
        return self._spelled(left_name, right_name, shared_weight(self.grams, left_name, right_name))

    def _spelled(self, left_name: Index, right_name: Index, shared: Numbers) -> Numbers:
        """Turn shared weight into likeness; spell out what is half alike, for a slip spoils many trigrams.

        Names too short to be told from a word count only when they are the same.
        """
        alike = contained(shared, self.size[left_name], self.size[right_name])
        short = np.minimum(self.length[left_name], self.length[right_name]) < _SHORTEST
        alike = np.where(short, np.where(left_name == right_name, alike, np.nan), alike)
        alike = self.initials.likeness(left_name, right_name, alike)
        half = np.flatnonzero((alike >= _HALF) & (alike < _WHOLE))
        if len(half):
            names = [[self.cores[at] for at in side[half].tolist()] for side in (left_name, right_name)]
            ratio = (
                process.cpdist(*names, scorer=fuzz.partial_ratio, score_cutoff=_WORTH, dtype=np.float64) / 100
            )
            alike[half] = np.maximum(alike[half], _STEEP * ratio - (_STEEP - 1))
        return alike


def _forms(texts: Wording, pairs: tuple[Index, Index], sides: Sequence[Index]) -> Index:
    """Give each text the legal forms in it, a bit for each; none that one side writes beside any name.

    A bank's "ORIG CO NAME" is no company's form: it stands on many of its lines, and on few across. pairs:
    the distinct ones of text and word. sides: of each, on how many of its rows a text stands.
    """
    bit = {form: 1 << at for at, form in enumerate(sorted(LEGAL_FORMS))}
    shares = [stock_words.rows_with(texts, pairs, times) / max(1, int(times.sum())) for times in sides]
    printed = (np.maximum(*shares) > _PRINTED) & (np.minimum(*shares) < np.maximum(*shares) / 2)
    return texts.bits(
        [
            bit[FORM_OF.get(word, word)] if word in LEGAL_FORMS and not is_printed else 0
            for word, is_printed in zip(texts.vocabulary, printed.tolist(), strict=True)
        ]
    )
