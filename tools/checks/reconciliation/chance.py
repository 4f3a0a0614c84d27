"""Whether a sum is an accident: what hits its target, held against what misses it by a hair.

A sum that misses by a few of the smallest steps is an accident by construction. How many miss says how many
hits are accidents, and how they look (how long, of one party or several ...) says how accidents look: decoys,
as in Elias and Gygi, "Target-decoy search strategy" (2007). How real groups look is learned from the hits by
expectation maximisation; few hits lean on a prior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

LONGEST: Final = 60  # items of a sum
LOOKS: Final = 12  # ways in which a sum can look
_EDGES: Final = np.array([3, 4, 5, 7, 10, 15, 25, LONGEST + 1])  # sizes that are counted together
_SIZES: Final = np.searchsorted(_EDGES, np.arange(LONGEST + 1), side="right")
_GROUPED: Final = 0.3  # of rows with items to sum up that do, before anything is known
_PRIOR: Final = 10.0
_OWN: Final = 2.0  # decoys that a row's own expectation counts for
_ROUNDS: Final = 10
_LEAST: Final = 1e-9


@dataclass(frozen=True)
class Sums:
    """Sums found near their targets. A sum's items are `items` from `first` on, `count` of them.

    row: position among the targets that were tried. hits: whether it is exact, or else a decoy.
    """

    row: Index
    count: Index
    items: Index
    hits: NDArray[np.bool_]

    @property
    def first(self) -> Index:
        """Where each sum's items start."""
        return np.cumsum(self.count) - self.count


@dataclass(frozen=True)
class Family:
    """Sums found in one way.

    target: position of each row that was tried. expected: of each, how many exact sums of each size chance
    was to find (rows x LONGEST + 1). steps: how many of the smallest steps its decoys miss by at most, on
    either side; 0 where none were looked for.
    """

    target: Index
    expected: Numbers
    steps: Index
    sums: Sums


def joined(parts: Sequence[Sums]) -> Sums:
    """Put sums of the same targets together."""
    none = np.empty(0, np.int64)
    parts = [Sums(none, none, none, np.empty(0, bool)), *parts]
    return Sums(
        np.concatenate([part.row for part in parts]),
        np.concatenate([part.count for part in parts]).astype(np.int64),
        np.concatenate([part.items for part in parts]),
        np.concatenate([part.hits for part in parts]),
    )


def whole(parts: Sequence[Family]) -> Family:
    """Put families of different targets together."""
    before = np.cumsum([0, *(len(part.target) for part in parts)])
    moved = [
        Sums(part.sums.row + start, part.sums.count, part.sums.items, part.sums.hits)
        for part, start in zip(parts, before[:-1], strict=True)
    ]
    return Family(
        np.concatenate([np.empty(0, np.int64), *(part.target for part in parts)]),
        np.concatenate([np.zeros((0, LONGEST + 1)), *(part.expected for part in parts)]),
        np.concatenate([np.empty(0, np.int64), *(part.steps for part in parts)]),
        joined(moved),
    )


def weigh(family: Family, looks: Index) -> Numbers:
    """Give the log-odds that each sum (hit or decoy) is a group; `looks` says how each looks, below LOOKS."""
    sums = family.sums
    chance = _chance(family)[sums.row, sums.count]
    strange = _share(np.bincount(looks[~sums.hits], minlength=LOOKS), _prior(looks))
    row, count, look = (column[sums.hits] for column in (sums.row, sums.count, looks))
    tried = len(family.target)
    share, sizes, alike = _GROUPED, _usual_sizes(), _prior(looks)
    for _ in range(_ROUNDS):
        usual = np.log(share / (1 - share)) + np.log(sizes[sums.count]) + np.log(alike / strange)[looks]
        weight = usual - np.log(chance)
        likely = among(row, weight[sums.hits])
        sizes = _share(np.bincount(count, likely, LONGEST + 1), _usual_sizes())
        alike = _share(np.bincount(look, likely, LOOKS), _prior(looks))
        share = (likely.sum() + _PRIOR * _GROUPED) / (tried + _PRIOR + _LEAST)
    return np.asarray(weight, dtype=np.float64)


def among(row: Index, weight: Numbers) -> Numbers:
    """Give how likely each choice of a row is, where none of them may be right."""
    odds = np.exp(np.minimum(weight, 600.0))
    return np.asarray(odds / (1 + np.bincount(row, odds, minlength=1))[row], dtype=np.float64)


def _chance(family: Family) -> Numbers:
    """Correct what chance was expected to find by the decoys: by size over all rows, then row by row."""
    sums, missed = family.sums, ~family.sums.hits
    due = 2 * family.steps[:, None] * family.expected
    counts = np.bincount(_SIZES[sums.count[missed]], minlength=len(_EDGES) + 1)
    often = (counts + 1) / (np.bincount(_SIZES, due.sum(axis=0), minlength=len(_EDGES) + 1) + 1)
    expected = family.expected * often[_SIZES]
    own = np.bincount(sums.row[missed], minlength=len(family.target))
    dense = (own + _OWN) / ((due * often[_SIZES]).sum(axis=1) + _OWN)
    return np.asarray(np.maximum(expected * dense[:, None], _LEAST), dtype=np.float64)


def _usual_sizes() -> Numbers:
    size = np.arange(2, LONGEST + 1, dtype=np.float64)
    return np.concatenate([[_LEAST, _LEAST], 1 / (size * (size - 1))])


def _prior(looks: Index) -> Numbers:
    """Give how sums look at large: with nothing known, groups and accidents look the same."""
    counts = np.bincount(looks, minlength=LOOKS) + 1.0
    return np.asarray(counts / counts.sum(), dtype=np.float64)


def _share(counts: Numbers | Index, prior: Numbers) -> Numbers:
    return np.asarray((counts + _PRIOR * prior) / (counts.sum() + _PRIOR), dtype=np.float64)
