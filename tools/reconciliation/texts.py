"""What a row's text says: its name as weighted letter trigrams, and the numbers that identify it.

Trigrams of the name run together survive typing errors, shifted spaces and truncation; weighing them by how
rare they are lets the book itself say which words are nobody's name (TF-IDF: Salton and Buckley, 1988, with
character n-grams as in Cohen, Ravikumar and Fienberg, "A Comparison of String Distance Metrics", 2003).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tools.reconciliation.vocabulary import LEGAL_FORMS, NOBODY

Numbers = NDArray[np.float64]
Index = NDArray[np.int64]

_TOKEN: Final = re.compile(r"[A-Z0-9]+")
_DIGITS: Final = re.compile(r"\d+")
_SHORTEST_NUMBER: Final = 3  # digits; shorter ones identify nothing
_GRAM: Final = 3
_LETTERS: Final = 36
_CODES: Final = _LETTERS**3
_START: Final = 6  # letters that names too many to compare must share
_CROWDED: Final = 200
_COMPARED: Final = 16_000_000  # pairs of names that are compared whole
_STEM: Final = 4  # letters that a truncated word keeps
_STOCK_SHARE: Final = 0.01  # a word this frequent on one side and absent on the other is a stock phrase
_STOCK_LEAST: Final = 4
_RARE_NUMBER: Final = 4  # rows of one side that a number may stand on and still identify them
_SHARED_NUMBER: Final = 60  # rows of the other side that it may gather: the lines of one deposit


def tokens(text: str) -> list[str]:
    """Split text into runs of capital letters and digits, accents removed."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _TOKEN.findall(text.upper())


def is_word(token: str) -> bool:
    """Say whether a token is a word rather than a code: letters, at most one digit among them."""
    digits = sum(letter.isdigit() for letter in token)
    return digits == 0 or (digits == 1 and len(token) > _SHORTEST_NUMBER)


def numbers(text: str) -> set[str]:
    """Give the identifying numbers in text (a check, invoice or order number), without leading zeros."""
    return {run.lstrip("0") or run for run in _DIGITS.findall(text) if len(run) >= _SHORTEST_NUMBER}


@dataclass(frozen=True)
class Texts:
    """The texts of both sides in one space.

    grams: per side, rows x trigrams, weighted; marks: per side, rows x identifying numbers.
    cores: per side, what was taken for the name, run together.
    """

    cores: tuple[list[str], list[str]]
    grams: tuple[sparse.csr_matrix, sparse.csr_matrix]
    marks: tuple[sparse.csr_matrix, sparse.csr_matrix]

    @classmethod
    def of(
        cls, left: Sequence[str], right: Sequence[str], left_refs: Sequence[str], right_refs: Sequence[str]
    ) -> Texts:
        """Read both sides' texts and references."""
        words = [[[t for t in tokens(text) if is_word(t)] for text in side] for side in (left, right)]
        stock = _stock(words[0], words[1])
        cores = [
            [
                "".join(w for w in row if w not in NOBODY and w not in LEGAL_FORMS and w not in noise)
                for row in side
            ]
            for side, noise in zip(words, stock, strict=True)
        ]
        found = [
            [numbers(text) | numbers(ref) for text, ref in zip(side, refs, strict=True)]
            for side, refs in ((left, left_refs), (right, right_refs))
        ]
        return cls((cores[0], cores[1]), _grams(cores[0], cores[1]), _marks(found[0], found[1]))

    def at(self, left: Index, right: Index) -> Texts:
        """Give the texts of the rows at these positions, weighed as before."""
        cores = [self.cores[0][n] for n in left], [self.cores[1][n] for n in right]
        grams, marks = ((both[0][left], both[1][right]) for both in (self.grams, self.marks))
        return Texts(cores, grams, marks)

    def alike(self, left: Index, right: Index) -> Numbers:
        """Give how much of the shorter name the other contains, 0 to 1, by pairs; NaN without names."""
        a, b = self.grams
        return _contained(_dot(a, b, left, right), _size(a)[left], _size(b)[right])

    def best(self) -> tuple[Numbers, Numbers]:
        """Give for each row how well its name resolves anywhere on the other side; NaN where not tried.

        Names are compared once each; past a bounded number of them nothing is tried.
        """
        (a, a_at), (b, b_at) = (
            _distinct(core, gram) for core, gram in zip(self.cores, self.grams, strict=True)
        )
        out = np.zeros(a.shape[0]), np.zeros(b.shape[0])
        if a.shape[0] * b.shape[0] > _COMPARED:
            return np.full(len(a_at), np.nan), np.full(len(b_at), np.nan)
        product = (a @ b.T).tocoo()
        share = _contained(product.data, _size(a)[product.row], _size(b)[product.col])
        np.maximum.at(out[0], product.row, share)
        np.maximum.at(out[1], product.col, share)
        return out[0][a_at], out[1][b_at]

    def kin(self, least: float) -> tuple[Index, Index]:
        """Give the pairs of rows whose names are at least this alike.

        Where the sides are too long to compare whole, only names that begin alike are.
        """
        a, b = self.grams
        if a.shape[0] * b.shape[0] <= _COMPARED:
            product = (a @ b.T).tocoo()
            left, right = product.row.astype(np.int64), product.col.astype(np.int64)
            alike = _contained(product.data, _size(a)[left], _size(b)[right])
        else:
            left, right = _same_start(self.cores[0], self.cores[1])
            alike = self.alike(left, right)
        return left[alike >= least], right[alike >= least]

    def sharing(self) -> tuple[Index, Index]:
        """Give the pairs of rows that share an identifying number."""
        shared = (self.marks[0] @ self.marks[1].T).tocoo()
        return shared.row.astype(np.int64), shared.col.astype(np.int64)

    def swapped(self) -> Texts:
        """Give the same texts with the sides exchanged."""
        return Texts(self.cores[::-1], self.grams[::-1], self.marks[::-1])

    def agree(self, left: Index, right: Index) -> NDArray[np.int8]:
        """Compare identifying numbers of pairs: 1 shared, -1 one names another row, 0 nothing said."""
        a, b = self.marks
        shared = _dot(a, b, left, right) > 0
        elsewhere = (_size(a) > 0)[left] | (_size(b) > 0)[right]
        return np.where(shared, 1, np.where(elsewhere, -1, 0)).astype(np.int8)


def _stock(left: list[list[str]], right: list[list[str]]) -> tuple[set[str], set[str]]:
    """Find each side's stock phrases: frequent words that nothing on the other side begins like."""
    counts = [Counter(word for row in side for word in set(row)) for side in (left, right)]
    starts = [{word[:_STEM] for word in side} for side in counts]
    least = [max(_STOCK_LEAST, _STOCK_SHARE * len(side)) for side in (left, right)]
    return (
        {word for word, n in counts[0].items() if n >= least[0] and word[:_STEM] not in starts[1]},
        {word for word, n in counts[1].items() if n >= least[1] and word[:_STEM] not in starts[0]},
    )


def _grams(left: list[str], right: list[str]) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    a, b = _coded(left), _coded(right)
    rows = np.bincount(a[1], minlength=_CODES) + np.bincount(b[1], minlength=_CODES)
    weight = np.sqrt(np.log1p((len(left) + len(right)) / np.maximum(rows, 1)))
    return _matrix(a, weight, len(left)), _matrix(b, weight, len(right))


def _coded(cores: list[str]) -> tuple[Index, Index]:
    """Give (row, trigram code) of every distinct trigram of every core."""
    letters = np.frombuffer("".join(cores).encode("ascii"), dtype=np.uint8).astype(np.int64)
    letters = np.where(letters >= ord("A"), letters - ord("A"), letters - ord("0") + 26)
    lengths = np.fromiter((len(core) for core in cores), dtype=np.int64, count=len(cores))
    row = np.repeat(np.arange(len(cores)), lengths)
    if len(letters) < _GRAM:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    code = (letters[:-2] * _LETTERS + letters[1:-1]) * _LETTERS + letters[2:]
    whole = row[:-2] == row[2:]
    seen = np.unique(row[:-2][whole] * _CODES + code[whole])
    return seen // _CODES, seen % _CODES


def _matrix(coded: tuple[Index, Index], weight: Numbers, rows: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((weight[coded[1]], coded), shape=(rows, len(weight)))


def _marks(left: list[set[str]], right: list[set[str]]) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    counts = [Counter(number for row in side for number in row) for side in (left, right)]
    known = sorted(
        number
        for number in counts[0].keys() & counts[1].keys()
        if min(counts[0][number], counts[1][number]) <= _RARE_NUMBER
        and max(counts[0][number], counts[1][number]) <= _SHARED_NUMBER
    )
    place = {number: at for at, number in enumerate(known)}
    return _marked(left, place), _marked(right, place)


def _marked(rows: list[set[str]], place: dict[str, int]) -> sparse.csr_matrix:
    at = [(n, place[number]) for n, row in enumerate(rows) for number in sorted(row) if number in place]
    index = np.array(at, dtype=np.int64).reshape(-1, 2)
    return sparse.csr_matrix(
        (np.ones(len(at)), (index[:, 0], index[:, 1])), shape=(len(rows), max(1, len(place)))
    )


def _dot(a: sparse.csr_matrix, b: sparse.csr_matrix, left: Index, right: Index) -> Numbers:
    return np.asarray(a[left].multiply(b[right]).sum(axis=1), dtype=np.float64).ravel()


def _size(a: sparse.csr_matrix) -> Numbers:
    return np.asarray(a.multiply(a).sum(axis=1), dtype=np.float64).ravel()


def _contained(shared: Numbers, left: Numbers, right: Numbers) -> Numbers:
    least = np.minimum(left, right)
    share: Numbers = np.divide(shared, least, out=np.full(len(shared), np.nan), where=least > 0)
    return share


def _distinct(cores: list[str], grams: sparse.csr_matrix) -> tuple[sparse.csr_matrix, Index]:
    """Give the rows of distinct names, and for each row which of them is its own."""
    place: dict[str, int] = {}
    at = np.array([place.setdefault(core, len(place)) for core in cores], dtype=np.int64)
    first = np.unique(at, return_index=True)[1] if len(at) else at
    return grams[first], at


def _same_start(left: list[str], right: list[str]) -> tuple[Index, Index]:
    starts: dict[str, list[int]] = {}
    for at, core in enumerate(right):
        if len(core) >= _START:
            starts.setdefault(core[:_START], []).append(at)
    pairs = [(n, at) for n, core in enumerate(left) for at in starts.get(core[:_START], [])[:_CROWDED]]
    index = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return index[:, 0], index[:, 1]
