"""Cells that contradict what other columns of their row all but decide.

Each dependency votes on each cell of its target: the other rows of the group say which value is usual there.
Votes weigh by how well their dependency agrees; a determinant that is not seen elsewhere abstains, but its
weight counts. A cell that was voted wrong no longer votes, so the vote is taken again, until it stands. A
determinant that several columns contradict at once is itself the wrong one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from rapidfuzz.distance import DamerauLevenshtein

from tools.checks.quality.cell_columns import Bools, CellColumn, Findings, Ints, Table, quoted, tables
from tools.checks.quality.dependencies import Dependency, DependencyLimits, Grid, Tally, discover, tally

Floats = NDArray[np.float64]

_ROUNDS: Final = 3


@dataclass(frozen=True)
class CellVote:
    """One dependency's vote on every cell of its target: -1 (right) to 1 (wrong), 0 where it cannot say."""

    dependency: Dependency
    tally: Tally
    share: Floats
    present: Bools

    @property
    def weight(self) -> float:
        """Log odds of its agreement."""
        agreement = self.dependency.agreement
        return max(0.0, math.log((agreement + 0.01) / (1.01 - agreement)))


def judge(rows: pa.Table, params: Mapping[str, Any]) -> pa.Table:
    """Name the cells that conflict with the rest of their row.

    rows: source, row_key, field, value. params: least (net share of votes against a cell), and what makes a
    dependency and a vote. Gives row_key, field, score, observed, threshold, population; the score rises with
    the share, by 20 in all.
    """
    findings = Findings()
    limits = _limits(params)
    for table in tables(rows):
        grid = Grid.of(table.columns)
        dependencies = discover(grid, limits) if grid.rows else []
        if dependencies:
            ballot = CellBallot(table, grid, dependencies, params)
            ballot.settle()
            ballot.report(findings, params["score"])
    return findings.arrow()


def _limits(params: Mapping[str, Any]) -> DependencyLimits:
    return DependencyLimits(
        rows=params["rows"],
        covered=params["covered"],
        nearly=params["nearly"],
        exact=params["exact"],
        lopsided=params["lopsided"],
        gain=params["gain"],
        noisy=params["noisy"],
        varied=params["varied"],
        crowded=params["crowded"],
        crowded_lopsided=params["crowded_lopsided"],
        comparable=params["comparable"],
        tolerated=params["tolerated"],
        times=params["times"],
        sound=params["sound"],
        sample=params["sample"],
        pairs_from=params["pairs_from"],
        budget=params["budget"],
    )


class CellBallot:
    """The vote on all cells of one table."""

    def __init__(
        self, table: Table, grid: Grid, dependencies: Sequence[Dependency], params: Mapping[str, Any]
    ) -> None:
        """Begin with every cell trusted."""
        self.table, self.grid, self.dependencies, self.params = table, grid, dependencies, params
        shape = (len(grid.codes), grid.rows)
        self.wrong: Bools = np.zeros(shape, dtype=np.bool_)
        self.blamed: Bools = np.zeros(shape, dtype=np.bool_)
        self.share: Floats = np.zeros(shape)
        self.votes: list[CellVote] = []

    def settle(self) -> None:
        """Vote until nothing changes, at most three times."""
        for _ in range(_ROUNDS):
            self.votes = [self._vote(dependency) for dependency in self.dependencies]
            none = np.zeros_like(self.blamed)
            support = np.array([self._net(column, none) for column in range(len(self.grid.codes))])
            self.blamed = np.array([self._blame(column, support) for column in range(len(self.grid.codes))])
            self.share = np.array([self._net(column, self.blamed) for column in range(len(self.grid.codes))])
            wrong = (self.share >= self.params["least"]) | self.blamed
            if (wrong == self.wrong).all():
                return
            self.wrong = wrong

    def report(self, findings: Findings, score: int) -> None:
        """Name each cell that was voted wrong, and what speaks against it most."""
        for at, column in enumerate(self.table.columns):
            for row in np.flatnonzero(self.wrong[at]):
                sure = 0.5 if self.blamed[at][row] else min(float(self.share[at][row]), 1.0)
                findings.add(
                    self.table, column, int(row), score + round(20 * sure), self._reason(at, int(row))
                )

    def _vote(self, dependency: Dependency) -> CellVote:
        target = dependency.target
        key, groups = self.grid.key(dependency.determinant)
        values = self.grid.codes[target]
        present = ~np.any([self.wrong[column] for column in dependency.determinant], axis=0)
        counts = tally(key, groups, values, self.grid.sizes[target], ~self.wrong[target] & present)
        filled = values >= 0
        lead = np.where(counts.usual >= 0, counts.usual_rows, 0)
        share = (lead - np.where(filled, counts.own_rows, 0)) / (
            lead + np.where(filled, counts.own_rows, 0) + 1.0
        )
        voting = present & (key >= 0) & (counts.others >= self.params["others"])
        share = np.where(voting & ~self._may_be_blank(key, groups, filled), share, 0.0)
        share[self._has_own_value(dependency, counts, share) | self._does_not_hold(dependency, share)] = 0.0
        return CellVote(dependency, counts, share, present & (key >= 0))

    def _may_be_blank(self, key: Ints, groups: int, filled: Bools) -> Bools:
        """Find the blanks that are none too few here for a column that need not be filled.

        Where many cells are blank (a web site that not everybody has), so may these be, unless the rest of
        their group would hardly be filled as it is by chance.
        """
        blank = ~filled & (key >= 0)
        if blank.sum() <= self.params["optional"] * len(filled):
            return np.zeros_like(filled)
        group = np.maximum(key, 0)
        empty = np.bincount(group[blank], minlength=groups)[group] - 1
        full = np.bincount(group[filled & (key >= 0)], minlength=groups)[group]
        from scipy.special import bdtr  # noqa: PLC0415 - takes long to open, and few tables have such columns

        by_chance = bdtr(empty[blank], (empty + full)[blank] - 1, 1 - filled.mean())
        may: Bools = np.zeros_like(filled)
        may[blank] = by_chance > self.params["by_chance"]
        return may

    def _has_own_value(self, dependency: Dependency, counts: Tally, share: Floats) -> Bools:
        """Find values that are a second one of their own: more than once here, and hardly elsewhere.

        Under a nearly exact dependency, also those that are here more often than errors would bring them,
        unless they are an odd value in many groups: the same error, made everywhere.
        Under any other, also those that stand nowhere else: a second zip code of a city is no other city's.
        A value that looks like the usual one is a slip of it however often it occurs.
        """
        values = self.grid.codes[dependency.target]
        again = (share > 0) & (values >= 0) & (counts.own_rows >= 1)
        everywhere = np.bincount(np.maximum(values, 0), minlength=self.grid.sizes[dependency.target])
        settled = counts.own_rows + 1 >= self.params["at_home"] * everywhere[np.maximum(values, 0)]
        if dependency.agreement >= self.params["nearly"]:
            errors = counts.others * (1 - dependency.agreement) / 2
            odd = (values >= 0) & (counts.own_rows < counts.usual_rows)
            oddly = np.bincount(values[odd], minlength=self.grid.sizes[dependency.target])
            own = counts.own_rows + 1 >= self.params["own"] * oddly[np.maximum(values, 0)]
            settled |= own & (counts.own_rows > errors + 3 * np.sqrt(errors))
        column = self.table.columns[dependency.target]
        chosen: Bools = again & settled
        if dependency.agreement < self.params["usually"]:
            chosen |= (share > 0) & (values >= 0) & (everywhere[np.maximum(values, 0)] == 1)
        chosen[chosen] = [
            not _alike(column, int(values[row]), int(counts.usual[row]), self.params["slip"])
            for row in np.flatnonzero(chosen)
        ]
        return chosen

    def _does_not_hold(self, dependency: Dependency, share: Floats) -> Bools:
        """Find the rows of a value under which a dependency is none: a state without exemptions says nothing.

        There far more rows conflict than elsewhere, and all for one or two values; errors are of many kinds.
        """
        conflicts = share > 0
        muted: Bools = np.zeros_like(conflicts)
        values = self.grid.codes[dependency.target]
        least = max(self.params["unsure"], 4 * conflicts.mean())
        for column, codes in enumerate(self.grid.codes):
            if column == dependency.target or self.grid.sizes[column] > self.params["slices"]:
                continue
            rows = np.bincount(np.maximum(codes, 0), minlength=self.grid.sizes[column])
            odd = np.bincount(np.maximum(codes, 0)[conflicts], minlength=self.grid.sizes[column])
            rate = odd / np.maximum(rows, 1)
            for code in np.flatnonzero((odd >= self.params["many"]) & (rate >= least)):
                in_slice = conflicts & (codes == code)
                counts = np.sort(np.bincount(values[in_slice] + 1))[::-1]
                if counts[:2].sum() >= self.params["same"] * in_slice.sum():
                    muted |= codes == code
        return muted

    def _net(self, column: int, blamed: Bools) -> Floats:
        """Give the share of the weight that speaks against each cell, less what speaks for it."""
        net, weight = np.zeros(self.grid.rows), np.zeros(self.grid.rows)
        for vote in self.votes:
            if vote.dependency.target == column:
                heard = ~np.any([blamed[member] for member in vote.dependency.determinant], axis=0)
                net += vote.weight * vote.share * heard
                weight += vote.weight * (vote.present & heard)
        return np.divide(net, weight, out=np.zeros(self.grid.rows), where=weight > 0)

    def _blame(self, column: int, support: Floats) -> Bools:
        """Find the cells of a determinant that several targets contradict and nothing supports."""
        votes = [
            vote
            for vote in self.votes
            if vote.dependency.determinant == (column,) and vote.dependency.strength >= self.params["nearly"]
        ]
        shares, targets = [vote.share for vote in votes], [vote.dependency.target for vote in votes]
        against = np.sum([share > self.params["against"] for share in shares], axis=0)
        for_ = np.sum([share < self.params["for"] for share in shares], axis=0)
        blamed: Bools = (against > 1) & (against > 2 * for_) & (support[column] >= self.params["supported"])
        if len(shares) <= 1 or not blamed.any():
            return np.zeros(self.grid.rows, dtype=np.bool_)
        return blamed & self._belongs_elsewhere(column, shares, targets)

    def _belongs_elsewhere(self, column: int, shares: Sequence[Floats], targets: Sequence[int]) -> Bools:
        """Find rows of which two contradicted cells go together on rows of another determinant."""
        elsewhere: Bools = np.zeros(self.grid.rows, dtype=np.bool_)
        own = self.grid.codes[column]
        for first, second in combinations(range(len(targets)), 2):
            key, groups = self.grid.key((targets[first], targets[second]))
            filled = (key >= 0) & (own >= 0)
            pair = np.where(filled, key * self.grid.sizes[column] + own, -1)
            _, at, pair_rows = np.unique(pair, return_inverse=True, return_counts=True)
            rows = np.bincount(key[filled], minlength=groups)[np.maximum(key, 0)]
            contradicted = (shares[first] > self.params["against"]) & (
                shares[second] > self.params["against"]
            )
            elsewhere |= contradicted & filled & (rows > pair_rows[at])
        return elsewhere

    def _reason(self, at: int, row: int) -> str:
        columns = self.table.columns
        if self.blamed[at][row] and self.share[at][row] < self.params["least"]:
            return "what goes with the rest of its row"
        mine = [vote for vote in self.votes if vote.dependency.target == at]
        vote = max(mine, key=lambda candidate: float(candidate.weight * candidate.share[row]))
        premise = " and ".join(
            f"{columns[c].name} {quoted(columns[c].values[columns[c].codes[row]])}"
            for c in vote.dependency.determinant
        )
        usual = quoted(columns[at].values[int(vote.tally.usual[row])])
        times = f"{vote.tally.usual_rows[row]} of {vote.tally.others[row]} other rows"
        return f"{usual}, as on {times} with {premise}"


def _alike(column: CellColumn, code: int, usual_code: int, share: float) -> bool:
    if usual_code < 0:
        return False
    a, b = column.values[code], column.values[usual_code]
    return DamerauLevenshtein.distance(a, b) <= max(1, share * max(len(a), len(b)))
