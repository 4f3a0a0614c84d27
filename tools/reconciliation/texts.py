"""What a row's text says: its name as weighted letter trigrams, and the numbers that identify it.

Trigrams of the name run together survive typing errors, shifted spaces and truncation; weighing them by how
rare they are lets the book itself say which words are nobody's name (TF-IDF: Salton and Buckley, 1988, with
character n-grams as in Cohen, Ravikumar and Fienberg, "A Comparison of String Distance Metrics", 2003).
Every distinct text is looked at once, however many rows carry it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from scipy import sparse

from tools.reconciliation.vocabulary import FORM_OF, LEGAL_FORMS, NOBODY

Numbers = NDArray[np.float64]
Index = NDArray[np.int64]

_TOKEN: Final = re.compile(r"[A-Z0-9]+")
_WORD: Final = re.compile(r"(?<![A-Z0-9])[A-Z]++(?![A-Z0-9])|\n")
_GRAM: Final = 3
_LETTERS: Final = 26
_CODES: Final = _LETTERS**3
_SHORTEST: Final = 5  # letters of a name that another one may contain by chance
_HALF: Final = 0.3
_WHOLE: Final = 0.85
_STEEP: Final = 2.5  # nine letters in ten agree: three quarters alike; seven in ten: a quarter
_WORTH: Final = 100 * (_HALF + _STEEP - 1) / _STEEP - 1  # percent: less adds nothing to what is half alike
_COMPARED: Final = 16_000_000  # pairs of names that are compared whole
_RAREST: Final = 5  # trigrams of a name that look for others, where there are more pairs than that
_CROWD: Final = 60  # names that a trigram may lead to and still count as rare
_STEM: Final = 4  # letters that a truncated word keeps
_STOCK_SHARE: Final = 0.01  # a word this frequent on one side and absent on the other is a stock phrase
_STOCK_LEAST: Final = 4


def tokens(text: str) -> list[str]:
    """Split text into runs of capital letters and digits, accents removed."""
    return _TOKEN.findall(_capitals(text))


def words(texts: Sequence[str]) -> list[str]:
    """Give what each text says in words: those of its tokens that are letters alone, joined by spaces."""
    whole = "\n".join(text.replace("\n", " ") for text in texts)
    lines = " ".join(_WORD.findall(_capitals(whole))).split("\n") if texts else []
    return [line.strip() for line in lines]


def _capitals(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return text.upper()


@dataclass(frozen=True)
class Names:
    """The distinct texts of a book (words in capitals, no codes) as points in one weighted space.

    cores: what was taken for each text's name, run together. left, right: which sides use the text.
    grams: texts x trigrams, weighted. size: the squared length of each text's row. form: each text's
    legal forms, a bit for each.
    """

    cores: list[str]
    left: NDArray[np.bool_]
    right: NDArray[np.bool_]
    grams: sparse.csr_matrix
    size: Numbers
    form: Index

    @classmethod
    def of(
        cls, texts: Sequence[str], left: NDArray[np.bool_], right: NDArray[np.bool_], times: Index
    ) -> Names:
        """Read distinct texts; `times` says on how many rows each stands."""
        words = [text.split() for text in texts]
        stock = _stock(words, left, right, times)
        cores = [
            "".join(w for w in row if w not in NOBODY and w not in LEGAL_FORMS and w not in stock)
            for row in words
        ]
        grams = _grams(cores)
        return cls(cores, left, right, grams, _squares(grams), _forms(words))

    @cached_property
    def length(self) -> Index:
        """Letters of each name."""
        return np.fromiter((len(core) for core in self.cores), dtype=np.int64, count=len(self.cores))

    @cached_property
    def same(self) -> Index:
        """A number for each text that texts of one core share."""
        return np.unique(np.array(self.cores, dtype=np.str_), return_inverse=True)[1].astype(np.int64)

    def alike(self, one: Index, other: Index) -> Numbers:
        """Give how much of the shorter name the other contains, 0 to 1, by pairs; NaN without names."""
        pair, at = np.unique(self.same[one] * len(self.cores) + self.same[other], return_inverse=True)
        first = self._first
        a, b = first[pair // len(self.cores)], first[pair % len(self.cores)]
        return self._alike(a, b)[at]

    def kin(self, least: float) -> tuple[Index, Index]:
        """Give the texts of the left and of the right whose names are at least this alike."""
        left, right, alike = self._near
        return left[alike >= least], right[alike >= least]

    def kin_lists(self, least: float, *, turned: bool) -> tuple[Index, Index]:
        """Give where each left (turned: right) text's kin begin, and the last one's end; then the kin."""
        if (least, turned) not in self._lists:
            one, other = self.kin(least)[:: -1 if turned else 1]
            count = np.bincount(one, minlength=len(self.cores))
            starts = np.concatenate([[0], np.cumsum(count)])
            self._lists[least, turned] = starts, other[np.argsort(one, kind="stable")]
        return self._lists[least, turned]

    @cached_property
    def _lists(self) -> dict[tuple[float, bool], tuple[Index, Index]]:
        return {}

    @cached_property
    def resolves(self) -> tuple[Numbers, Numbers]:
        """How well each text's name is found among the right's texts, and among the left's."""
        left, right, alike = self._near
        out = np.zeros(len(self.cores)), np.zeros(len(self.cores))
        np.fmax.at(out[0], left, alike)
        np.fmax.at(out[1], right, alike)
        return out

    @cached_property
    def _first(self) -> Index:
        first = np.zeros(int(self.same.max(initial=-1)) + 1, dtype=np.int64)
        first[self.same[::-1]] = np.arange(len(self.same))[::-1]
        return first

    @cached_property
    def _near(self) -> tuple[Index, Index, Numbers]:
        """Texts of left and right, and how alike: all pairs; in a long book those that rare trigrams join."""
        left, right = np.flatnonzero(self.left), np.flatnonzero(self.right)
        if len(left) * len(right) <= _COMPARED:
            product = (self.grams[left] @ self.grams[right].T).tocoo()
            one, other = left[product.row], right[product.col]
            first, at = self._once(one, other)
            return one, other, self._spelled(one[first], other[first], product.data[first])[at]
        one, other = _joined(self.grams, left, right)
        back, forth = _joined(self.grams, right, left)
        equal = _equal(self.same, left, right)
        n = len(self.cores)
        pairs = distinct(np.concatenate([one * n + other, forth * n + back, equal[0] * n + equal[1]]))
        one, other = pairs // len(self.cores), pairs % len(self.cores)
        first, at = self._once(one, other)
        return one, other, self._alike(one[first], other[first])[at]

    def _once(self, one: Index, other: Index) -> tuple[Index, Index]:
        """Give where each pair of cores comes first, and which of these each pair of texts has."""
        code = self.same[one] * len(self.cores) + self.same[other]
        _, first, at = np.unique(code, return_index=True, return_inverse=True)
        return first, at

    def _alike(self, one: Index, other: Index) -> Numbers:
        both = self.grams[one].multiply(self.grams[other])
        shared = np.asarray(both.sum(axis=1), dtype=np.float64).ravel()
        return self._spelled(one, other, shared)

    def _spelled(self, one: Index, other: Index, shared: Numbers) -> Numbers:
        """Turn shared weight into likeness; spell out what is half alike, for a slip spoils many trigrams.

        Names too short to be told from a word count only when they are the same.
        """
        alike = _contained(shared, self.size[one], self.size[other])
        short = np.minimum(self.length[one], self.length[other]) < _SHORTEST
        alike = np.where(short, np.where(self.same[one] == self.same[other], alike, np.nan), alike)
        half = np.flatnonzero((alike >= _HALF) & (alike < _WHOLE))
        if len(half):
            names = [[self.cores[at] for at in side[half]] for side in (one, other)]
            ratio = (
                process.cpdist(*names, scorer=fuzz.partial_ratio, score_cutoff=_WORTH, dtype=np.float64) / 100
            )
            alike[half] = np.maximum(alike[half], _STEEP * ratio - (_STEEP - 1))
        return alike


def distinct(codes: Index) -> Index:
    """Give the distinct codes, sorted. For millions of them this takes less than hashing."""
    ordered = np.sort(codes)
    return ordered[np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))]


def _stock(
    words: list[list[str]], left: NDArray[np.bool_], right: NDArray[np.bool_], times: Index
) -> set[str]:
    """Find stock phrases: words frequent on one side that nothing on the other begins like."""
    counts: tuple[dict[str, int], dict[str, int]] = (defaultdict(int), defaultdict(int))
    for row, n, on_left, on_right in zip(words, times.tolist(), left.tolist(), right.tolist(), strict=True):
        for word in set(row):
            if on_left:
                counts[0][word] += n
            if on_right:
                counts[1][word] += n
    found: set[str] = set()
    for own, foreign in (counts, counts[::-1]):
        starts = {word[:_STEM] for word, n in foreign.items() if n}
        least = max(_STOCK_LEAST, _STOCK_SHARE * float(times.sum()) / 2)
        found |= {word for word, n in own.items() if n >= least and word[:_STEM] not in starts}
    return found


def _forms(words: list[list[str]]) -> Index:
    """Give each text the legal forms in it, a bit for each."""
    bit = {form: 1 << at for at, form in enumerate(sorted(LEGAL_FORMS))}
    said = [{bit[FORM_OF.get(word, word)] for word in row if word in LEGAL_FORMS} for row in words]
    return np.array([sum(bits) for bits in said], dtype=np.int64)


def _grams(cores: list[str]) -> sparse.csr_matrix:
    """Give cores x trigrams, each weighted by the square root of how rare it is."""
    letters = np.frombuffer("".join(cores).encode("ascii"), dtype=np.uint8).astype(np.int64) - ord("A")
    lengths = np.fromiter((len(core) for core in cores), dtype=np.int64, count=len(cores))
    row = np.repeat(np.arange(len(cores)), lengths)
    code = (letters[:-2] * _LETTERS + letters[1:-1]) * _LETTERS + letters[2:]
    whole = row[:-2] == row[2:] if len(row) >= _GRAM else np.zeros(0, bool)
    seen = distinct(row[:-2][whole] * _CODES + code[: len(whole)][whole])
    at, code = seen // _CODES, seen % _CODES
    weight = np.sqrt(np.log1p(len(cores) / np.maximum(np.bincount(code, minlength=_CODES), 1)))
    return sparse.csr_matrix((weight[code], (at, code)), shape=(len(cores), _CODES))


def _joined(grams: sparse.csr_matrix, left: Index, right: Index) -> tuple[Index, Index]:
    """Give the pairs of texts that one of the left text's rarest trigrams joins."""
    columns = grams[right].tocsc()
    crowd = np.diff(columns.indptr)
    at = np.repeat(np.arange(len(left)), np.diff(grams[left].indptr))
    code = grams[left].indices
    useful = (crowd[code] > 0) & (crowd[code] <= _CROWD)
    at, code = at[useful], code[useful]
    order = np.lexsort((crowd[code], at))
    at, code = at[order], code[order]
    rank = np.arange(len(at)) - np.searchsorted(at, at)
    at, code = at[rank < _RAREST], code[rank < _RAREST]
    count = crowd[code]
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    other = columns.indices[np.repeat(columns.indptr[code], count) + step]
    return left[np.repeat(at, count)], right[other]


def _equal(same: Index, left: Index, right: Index) -> tuple[Index, Index]:
    order = np.argsort(same[right], kind="stable")
    first = np.searchsorted(same[right][order], same[left])
    count = np.searchsorted(same[right][order], same[left], "right") - first
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(left, count), right[order[np.repeat(first, count) + step]]


def _squares(grams: sparse.csr_matrix) -> Numbers:
    return np.asarray(grams.multiply(grams).sum(axis=1), dtype=np.float64).ravel()


def _contained(shared: Numbers, left: Numbers, right: Numbers) -> Numbers:
    least = np.minimum(left, right)
    share: Numbers = np.divide(shared, least, out=np.full(len(shared), np.nan), where=least > 0)
    return share
