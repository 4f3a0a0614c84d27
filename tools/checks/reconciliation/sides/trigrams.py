"""Names as weighted letter trigrams: what two have in common, and which pairs rare ones join."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation import size_limits
from tools.checks.reconciliation.sides.distinct_values import (
    Index,
    distinct_pairs,
    spread,
)

if TYPE_CHECKING:
    from scipy import sparse

Numbers = NDArray[np.float64]

_GRAM: Final = 3
_LETTERS: Final = 26
_CODES: Final = _LETTERS**3


def lengths(cores: list[str]) -> Index:
    """Count the letters of each name."""
    return np.fromiter(map(len, cores), dtype=np.int64, count=len(cores))


def weighted_trigrams(cores: list[str], times: Index) -> sparse.csr_matrix:
    """Give names x trigrams, each weighted by the square root of how rare it is; times: a name's texts."""
    letters = np.frombuffer("".join(cores).encode("ascii"), dtype=np.uint8).astype(np.int64) - ord("A")
    row = np.repeat(np.arange(len(cores)), lengths(cores))
    code = (letters[:-2] * _LETTERS + letters[1:-1]) * _LETTERS + letters[2:]
    whole = row[:-2] == row[2:] if len(row) >= _GRAM else np.zeros(0, bool)
    at, code = distinct_pairs(row[:-2][whole], code[: len(whole)][whole], _CODES)
    often = np.bincount(code, times[at], minlength=_CODES)
    weight = np.sqrt(np.log1p(int(times.sum()) / np.maximum(often, 1)))
    starts = np.searchsorted(at, np.arange(len(cores) + 1))
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - takes long to open

    return csr_matrix((weight[code], code, starts), shape=(len(cores), _CODES))


def shared_weight(grams: sparse.csr_matrix, left_name: Index, right_name: Index) -> Numbers:
    """Give the squared weight of the trigrams that pairs of names have in common."""
    starts = grams.indptr.astype(np.int64)
    pair, place = spread(starts[left_name], starts[left_name + 1])
    theirs, their_place = spread(starts[right_name], starts[right_name + 1])
    their_key = theirs * _CODES + grams.indices[their_place]
    key = pair * _CODES + grams.indices[place]
    at = np.searchsorted(their_key, key)
    both = (
        np.flatnonzero(their_key[np.minimum(at, len(their_key) - 1)] == key)
        if len(their_key)
        else np.empty(0, np.int64)
    )
    weight = np.square(grams.data[place[both]])
    return np.asarray(np.bincount(pair[both], weight, minlength=len(left_name)), dtype=np.float64)


def joined_by_rare(grams: sparse.csr_matrix, left: Index, right: Index, times: Index) -> tuple[Index, Index]:
    """Give the pairs of names that one of the left name's rarest trigrams joins; times: the right's texts."""
    own, columns = grams[left], grams[right].tocsc()
    crowd = np.bincount(grams[right].indices, np.repeat(times[right], np.diff(grams[right].indptr)), _CODES)
    at = np.repeat(np.arange(len(left)), np.diff(own.indptr))
    code = own.indices
    useful = (crowd[code] > 0) & (crowd[code] <= size_limits.NAMES_OF_A_RARE_TRIGRAM)
    at, code = at[useful], code[useful]
    order = np.lexsort((crowd[code], at))
    at, code = at[order], code[order]
    rank = np.arange(len(at)) - np.searchsorted(at, at)
    at, code = at[rank < size_limits.TRIGRAMS_THAT_SEARCH], code[rank < size_limits.TRIGRAMS_THAT_SEARCH]
    starts = columns.indptr.astype(np.int64)
    pair, place = spread(starts[code], starts[code + 1])
    return left[at[pair]], right[columns.indices[place]]


def squared_lengths(grams: sparse.csr_matrix) -> Numbers:
    """Give the squared length of each name's row."""
    return np.asarray(grams.multiply(grams).sum(axis=1), dtype=np.float64).ravel()


def contained(shared: Numbers, left: Numbers, right: Numbers) -> Numbers:
    """Give the share of the shorter name's weight that is shared; NaN where a name has none."""
    least = np.minimum(left, right)
    share: Numbers = np.divide(shared, least, out=np.full(len(shared), np.nan), where=least > 0)
    return share
