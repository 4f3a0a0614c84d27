"""Columns that all but decide another column, discovered in the data.

An approximate functional dependency (Huhtala et al. 1999, TANE): rows that agree in the determinant nearly
always agree in the target. Agreement is measured leaving each row out, against always guessing the commonest
value, so that small groups and lopsided columns do not pass for dependencies. Where the rows that disagree
crowd into few groups (one city with many zip codes), the columns do not depend; noise spreads evenly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Final

import numpy as np

from tools.checks.quality.cell_columns import Bools, CellColumn, Ints

Determinant = tuple[int, ...]  # one column, or two together

_ONE_VALUE: Final = 0.999  # a column that is all but one value tells nothing
_DECIDED: Final = 0.97  # strength of a single column to which a pair adds nothing
_CACHED_ROWS: Final = 20_000  # of a table whose pairs' keys are kept: more are a memory's worth
_MOST_PAIRS: Final = 2


@dataclass(frozen=True)
class DependencyLimits:
    """What makes a dependency, out of the rules file.

    rows: decided rows that it takes. covered: share of the rows that have to be in groups. nearly: agreement
    and strength of a dependency that all but holds; exact: agreement from which on its exceptions may crowd.
    lopsided, gain: agreement, and strength over guessing, in a column that is mostly one value. noisy,
    varied: strength in a column of many values, of which none has more than so much. crowded,
    crowded_lopsided: how much more often than by even noise two rows of a group may disagree with it
    together. comparable: rows of a group from which on that is counted. tolerated, times: disagreement that
    no other dependency has to account for, and how much more of it than the columns' own errors may remain.
    sound: agreement with its own determinants that a determinant has to have. sample, pairs_from, budget:
    rows looked at; rows under which pairs of columns tell nothing; rows times combinations of columns up to
    which pairs are tried.
    """

    rows: int
    covered: float
    nearly: float
    exact: float
    lopsided: float
    gain: float
    noisy: float
    varied: float
    crowded: float
    crowded_lopsided: float
    comparable: int
    tolerated: float
    times: float
    sound: float
    sample: int
    pairs_from: int
    budget: int


@dataclass(frozen=True)
class Grid:
    """The cells of a table as numbers, a list for each column; -1 where there is nothing."""

    codes: list[Ints]
    sizes: list[int]

    @classmethod
    def of(cls, columns: Sequence[CellColumn]) -> Grid:
        """Make it of a table's columns."""
        codes = [np.where(column.missing[column.codes], -1, column.codes) for column in columns]
        return cls(codes, [len(column.values) for column in columns])

    @cached_property
    def rows(self) -> int:
        """Count the rows."""
        return len(self.codes[0])

    def sample(self, most: int) -> Grid:
        """Give every so many-th row: keys are hashes, so that is a random sample and always the same."""
        step = -(-self.rows // most)
        return Grid([codes[::step] for codes in self.codes], self.sizes)

    def key(self, determinant: Determinant) -> tuple[Ints, int]:
        """Give each row's group under a determinant, -1 for none, and how many groups there are."""
        if len(determinant) == 1:
            return self.codes[determinant[0]], self.sizes[determinant[0]]
        if self.rows > _CACHED_ROWS:
            return self._joined(*determinant)
        if determinant not in self._keys:
            self._keys[determinant] = self._joined(*determinant)
        return self._keys[determinant]

    @cached_property
    def _keys(self) -> dict[Determinant, tuple[Ints, int]]:
        """Keys of pairs, which are asked for again for every target."""
        return {}

    def _joined(self, first: int, second: int) -> tuple[Ints, int]:
        a, b = self.codes[first], self.codes[second]
        joint = np.where((a >= 0) & (b >= 0), a * self.sizes[second] + b, -1)
        distinct, groups = np.unique(joint, return_inverse=True)
        if distinct[0] == -1:
            return groups.astype(np.int64) - 1, len(distinct) - 1
        return groups.astype(np.int64), len(distinct)


@dataclass(frozen=True)
class Tally:
    """For each row, what the other rows of its group have in the target column.

    usual: the commonest other value, and on how many rows; own: rows with the row's own value; others: rows.
    """

    usual: Ints
    usual_rows: Ints
    own_rows: Ints
    others: Ints


@dataclass(frozen=True)
class Dependency:
    """A determinant of a target: share of rows that agree with their group, and strength over guessing."""

    determinant: Determinant
    target: int
    agreement: float
    strength: float


def tally(key: Ints, groups: int, target: Ints, size: int, counted: Bools) -> Tally:
    """Tally the target within the groups of a key; only `counted` rows count."""
    counted = counted & (key >= 0) & (target >= 0)
    pair = np.where((key >= 0) & (target >= 0), key * size + target, -1)
    pairs, rows = np.unique(pair[counted], return_counts=True)
    usual, first, second_value, second, total = _leaders(pairs // size, pairs % size, rows, groups)
    at = np.minimum(np.searchsorted(pairs, pair), max(len(pairs) - 1, 0))
    matched = pairs[at] == pair if len(pairs) else np.zeros(len(pair), dtype=np.bool_)
    own = np.where(matched, rows[at] if len(pairs) else 0, 0) - counted
    group = np.maximum(key, 0)
    leads = matched & (target == usual[group])
    return Tally(
        usual=np.where(leads, second_value[group], usual[group]),
        usual_rows=np.where(leads, second[group], first[group]),
        own_rows=own,
        others=np.where(key >= 0, total[group] - counted, 0),
    )


def discover(grid: Grid, limits: DependencyLimits) -> list[Dependency]:
    """Find the dependencies of a table, single columns first, pairs of columns where they say more."""
    small = grid.sample(limits.sample)
    every = range(len(grid.codes))
    singles = {
        (d.determinant, d.target): d
        for a in every
        for b in every
        if a != b
        for d in _dependency_of(small, (a,), b, limits)
    }
    affordable = 2 * limits.budget // len(every) ** 3
    if affordable >= min(grid.rows, limits.pairs_from):
        smaller = small.sample(affordable)
        for target in every:
            singles = _with_pairs(smaller, singles, target, limits)
    return _reliable(list(singles.values()), limits)


ByColumns = dict[tuple[Determinant, int], Dependency]


def _dependency_of(
    grid: Grid, determinant: Determinant, target: int, limits: DependencyLimits
) -> Iterator[Dependency]:
    """Give the dependency where it holds."""
    values = grid.codes[target]
    filled = values >= 0
    if filled.sum() < limits.rows:
        return
    guess = np.bincount(values[filled]).max() / filled.sum()
    key, groups = grid.key(determinant)
    counts = tally(key, groups, values, grid.sizes[target], filled)
    covered = filled & (counts.others > 0)
    right = int((covered & (counts.own_rows > counts.usual_rows)).sum())
    decided = right + int((covered & (counts.own_rows < counts.usual_rows)).sum())
    if guess > _ONE_VALUE or decided < limits.rows or covered.sum() < limits.covered * grid.rows:
        return
    agreement = right / decided
    strength = (agreement - guess) / (1 - guess)
    dependency = Dependency(determinant, target, agreement, strength)
    if _holds(
        dependency, guess, _crowding(key, groups, values, grid.sizes[target], limits.comparable), limits
    ):
        yield dependency


def _holds(dependency: Dependency, guess: float, crowding: float, limits: DependencyLimits) -> bool:
    """Decide: nearly exact; or even noise, in a lopsided column or in one of many values."""
    agreement, strength, even = dependency.agreement, dependency.strength, crowding <= limits.crowded
    nearly = min(agreement, strength) >= limits.nearly and (agreement >= limits.exact or even)
    lopsided = agreement >= limits.lopsided and strength >= limits.gain
    noisy = strength >= limits.noisy and guess <= limits.varied and even
    return nearly or noisy or (lopsided and crowding <= limits.crowded_lopsided)


def _crowding(key: Ints, groups: int, target: Ints, size: int, comparable: int) -> float:
    """Give how much more often two rows of a group disagree with it together than by even noise."""
    both = (key >= 0) & (target >= 0)
    pairs, rows = np.unique(key[both] * size + target[both], return_counts=True)
    _, first, _, _, total = _leaders(pairs // size, pairs % size, rows, groups)
    large = total >= comparable
    n, odd = total[large].astype(float), (total - first)[large].astype(float)
    if not n.sum():
        return 0.0
    expected = (n * (n - 1)).sum() * (odd.sum() / n.sum()) ** 2
    return float(((odd * (odd - 1)).sum() + 1) / (expected + 1))


def _with_pairs(grid: Grid, dependencies: ByColumns, target: int, limits: DependencyLimits) -> ByColumns:
    """Add pairs of columns that leave at most half of what the better of the two alone leaves open."""
    singles = {d.determinant[0]: d for d in dependencies.values() if d.target == target}
    if any(single.strength >= _DECIDED for single in singles.values()):
        return dependencies
    top = max((single.agreement for single in singles.values()), default=0.5)
    better = []
    for a, b in combinations([c for c in range(len(grid.codes)) if c != target], 2):
        if not limits.rows / 4 < grid.key((a, b))[1] <= grid.rows / limits.comparable:
            continue
        own = max((singles[c].agreement for c in (a, b) if c in singles), default=top)
        better += [
            d for d in _dependency_of(grid, (a, b), target, limits) if 1 - d.agreement <= (1 - own) / 2
        ]
    best = sorted(better, key=lambda d: (-d.agreement, d.determinant))[:_MOST_PAIRS]
    refined = {(column,) for pair in best for column in pair.determinant}
    rest = {key: d for key, d in dependencies.items() if d.target != target or d.determinant not in refined}
    return {**rest, **{(pair.determinant, target): pair for pair in best}}


def _reliable(dependencies: list[Dependency], limits: DependencyLimits) -> list[Dependency]:
    """Leave out what is no dependency next to the others of its columns.

    Determinants that are themselves full of errors, where a target has a cleaner one; and those that
    disagree with their target far more often than the errors of both would have it: cities of one name in
    several states.
    """
    sure = {d.target: max(e.agreement for e in dependencies if e.target == d.target) for d in dependencies}

    def clean(d: Dependency) -> bool:
        return all(sure.get(column, 1.0) >= limits.sound for column in d.determinant)

    def explained(d: Dependency) -> bool:
        if not all(column in sure for column in d.determinant):
            return True
        errors = sum(1 - sure[column] for column in (d.target, *d.determinant))
        return 1 - d.agreement <= max(limits.tolerated, limits.times * errors)

    plausible = [d for d in dependencies if explained(d)]
    targets = {d.target for d in plausible if clean(d)}
    return [d for d in plausible if clean(d) or d.target not in targets]


def _leaders(groups: Ints, values: Ints, rows: Ints, size: int) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Give, for each group, its commonest value and rows, the next value and rows, and all rows."""
    order = np.lexsort((values, -rows, groups))
    groups, values, rows = groups[order], values[order], rows[order]
    usual, next_ = np.full(size, -1, dtype=np.int64), np.full(size, -1, dtype=np.int64)
    first, second = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    start = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]]) if len(groups) else np.empty(0, np.int64)
    usual[groups[start]], first[groups[start]] = values[start], rows[start]
    after = start + 1
    inside = after[(after < len(groups))]
    inside = inside[groups[inside] == groups[inside - 1]]
    next_[groups[inside]], second[groups[inside]] = values[inside], rows[inside]
    total = np.bincount(groups, weights=rows, minlength=size).astype(np.int64)
    return usual, first, next_, second, total
