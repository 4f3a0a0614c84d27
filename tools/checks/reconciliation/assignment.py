"""Choose among candidates: the best whole, not the first come, and how far the second best lies behind.

Edges join left and right rows and weigh log-odds. Inside each connected group the matching of greatest
weight is taken (Kuhn's Hungarian method as improved by Jonker and Volgenant, 1987, in scipy). The
confidence of a choice is the logistic of what the group would lose without it, which also declares
ambiguity. Rows that no weight tells apart, as many on the left as on the right, are no rivals of each
other: whichever is whose, none of them is left over. In a group too large for that, only an edge that
outweighs the best others of both its rows together is chosen, for it is in every best whole; the rest is
ambiguous.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation import components, size_limits

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_NEVER: Final = -1e6
_ORDERLY: Final = 1e-7  # among equals, dates don't cross


@dataclass(frozen=True)
class Choice:
    """Chosen edges (positions in the given arrays), and what the group would lose without each (log-odds)."""

    edge: Index
    margin: Numbers

    @property
    def confidence(self) -> Numbers:
        """Give the confidence of each choice, 0 to 1."""
        return np.asarray(1 / (1 + np.exp(-self.margin)), dtype=np.float64)


@dataclass(frozen=True)
class EdgeGroups:
    """Edges sorted by the connected group that they are of; `starts`: the position of each group's first."""

    left: Index
    right: Index
    weight: Numbers
    starts: Index

    def parts(self, most: int) -> Iterator[tuple[int, EdgeGroups]]:
        """Give some groups after the other and where they begin, `most` edges at once unless one has more."""
        ends = np.append(self.starts[1:], len(self.left))
        first = 0
        while first < len(self.starts):
            begin = int(self.starts[first])
            last = max(first + 1, int(np.searchsorted(ends, begin + most, "right")))
            at = slice(begin, int(ends[last - 1]))
            own = self.starts[first:last] - begin
            yield begin, EdgeGroups(self.left[at], self.right[at], self.weight[at], own)
            first = last


@dataclass(frozen=True)
class AssignedGroups:
    """Chosen edges of groups (positions), their margins, and the rows and columns of each group too large."""

    edge: Index
    margin: Numbers
    too_large: tuple[tuple[int, int], ...] = ()


Solver = Callable[[EdgeGroups], AssignedGroups]


def solve(groups: EdgeGroups) -> AssignedGroups:
    """Solve each group, one after the other, in this process."""
    edges, margins, too_large = [np.empty(0, np.int64)], [np.empty(0)], []
    bounds = np.append(groups.starts, len(groups.left)).tolist()
    for first, last in pairwise(bounds):
        at = slice(first, last)
        matrix = _Matrix.of(groups.left[at], groups.right[at], groups.weight[at])
        if matrix.is_large:
            too_large.append(matrix.shape)
        chosen, margin = matrix.dominant() if matrix.is_large else matrix.best()
        edges.append(first + chosen)
        margins.append(margin)
    return AssignedGroups(np.concatenate(edges), np.concatenate(margins), tuple(too_large))


_SOLVER: Final[ContextVar[Solver]] = ContextVar("solver", default=solve)
_TOO_LARGE: Final[ContextVar[set[tuple[int, int]] | None]] = ContextVar("too_large", default=None)


@contextmanager
def solving(solver: Solver = solve) -> Iterator[set[tuple[int, int]]]:
    """Solve groups by `solver` while this is open; give the sizes of those too large, once it is closed."""
    sizes = set[tuple[int, int]]()
    tokens = _SOLVER.set(solver), _TOO_LARGE.set(sizes)
    try:
        yield sizes
    finally:
        _SOLVER.reset(tokens[0])
        _TOO_LARGE.reset(tokens[1])


def choose(left: Index, right: Index, weight: Numbers) -> Choice:
    """Choose edges of positive weight so that no row is used twice and the sum of weights is greatest."""
    good = np.flatnonzero(weight > 0)
    left, right, weight = left[good], right[good], weight[good]
    group = _groups(left, right)
    simple = _stars(left, right, weight)
    edges, margins = [simple[0]], [simple[1]]
    rest = np.flatnonzero(~np.isin(group, group[simple[2]]))
    order = rest[np.argsort(group[rest], kind="stable")]
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    solved = _SOLVER.get()(EdgeGroups(left[order], right[order], weight[order], starts))
    if (sizes := _TOO_LARGE.get()) is not None:
        sizes.update(solved.too_large)
    edges.append(order[solved.edge])
    margins.append(solved.margin)
    chosen = np.concatenate(edges)
    return Choice(good[chosen], np.concatenate(margins))


def _stars(left: Index, right: Index, weight: Numbers) -> tuple[Index, Numbers, Index]:
    """Solve the groups that have a single row on one side: the heaviest edge, and how far the next is behind.

    Gives the chosen edges, their margins, and every edge of such groups.
    """
    l_times, r_times = np.bincount(left, minlength=1)[left], np.bincount(right, minlength=1)[right]
    hub_left = _all_of(left, r_times == 1)
    hub_right = _all_of(right, l_times == 1) & ~hub_left
    edges, margins = [], []
    for hub, indices in ((left, np.flatnonzero(hub_left)), (right, np.flatnonzero(hub_right))):
        order = indices[np.lexsort((left[indices] + right[indices], -weight[indices], hub[indices]))]
        first = np.flatnonzero(np.diff(hub[order], prepend=-1))
        after = np.append(order, -1)[first + 1]
        rival = np.where((after >= 0) & (hub[after] == hub[order[first]]), weight[after], 0.0)
        edges.append(order[first])
        margins.append(weight[order[first]] - rival)
    return np.concatenate(edges), np.concatenate(margins), np.flatnonzero(hub_left | hub_right)


def _all_of(hub: Index, good: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say of which edges all of the hub's are good."""
    bad = np.bincount(hub, weights=~good, minlength=1)
    return np.asarray(bad[hub] == 0)


def _groups(left: Index, right: Index) -> Index:
    _, l_at = np.unique(left, return_inverse=True)
    _, r_at = np.unique(right, return_inverse=True)
    total = len(l_at) and int(l_at.max()) + int(r_at.max()) + 2
    if not total:
        return np.empty(0, np.int64)
    offset = int(l_at.max()) + 1
    return components.labels(l_at, r_at + offset, total)[l_at]


@dataclass(frozen=True)
class _Matrix:
    """One group: each edge's row, column and weight."""

    row: Index
    column: Index
    weight: Numbers
    shape: tuple[int, int]

    @classmethod
    def of(cls, left: Index, right: Index, weight: Numbers) -> _Matrix:
        rows, row = np.unique(left, return_inverse=True)
        columns, column = np.unique(right, return_inverse=True)
        return cls(row, column, weight, (len(rows), len(columns)))

    @property
    def is_large(self) -> bool:
        return self.shape[0] * self.shape[1] > size_limits.CELLS_SOLVED_EXACTLY

    def best(self) -> tuple[Index, Numbers]:
        """Give the edges of the best whole, and what it would lose without each."""
        rows, columns = self.shape
        profit = np.full((rows, columns + rows), _NEVER)
        profit[np.arange(rows), columns + np.arange(rows)] = 0.0  # staying unmatched
        profit[self.row, self.column] = self.weight
        edge_at = np.full(profit.shape, -1)
        edge_at[self.row, self.column] = np.arange(len(self.weight))
        tidy = profit.copy()
        tidy[self.row, self.column] -= _ORDERLY * np.square(self.row - self.column, dtype=np.float64)
        r, c = _solve(tidy)
        chosen = edge_at[r, c]
        matched = chosen >= 0
        whole = float(profit[r, c].sum())
        twins = _Twins.of(profit[:, :columns])
        places = [
            (row, column, *twins.beside(row, column))
            for row, column in zip(r[matched].tolist(), c[matched].tolist(), strict=True)
        ]
        if rows <= size_limits.ROWS_TRIED_WITHOUT:
            margin = [whole - _without(profit, row, alike) for row, _, _, alike in places]
        else:
            margin = [_local(profit, *place) for place in places]
        return chosen[matched], np.array(margin, dtype=np.float64)

    def dominant(self) -> tuple[Index, Numbers]:
        """Give the edges that outweigh the best others of both their rows together, and by how much.

        No less would the group lose without such an edge: it displaces those two at most.
        """
        margin = self.weight - _second(self.row, self.weight) - _second(self.column, self.weight)
        chosen = np.flatnonzero(margin > 0)
        return chosen, margin[chosen]


@dataclass(frozen=True)
class _Twins:
    """Of each row, and of each column, the class of those that no weight tells apart from it."""

    row: Index
    column: Index

    @classmethod
    def of(cls, weight: Numbers) -> _Twins:
        _, row = np.unique(weight, axis=0, return_inverse=True)
        _, column = np.unique(weight, axis=1, return_inverse=True)
        return cls(row, column)

    def beside(self, row: int, column: int) -> tuple[Index, Index]:
        """Give the rows and the columns that may stand for a pair: itself, or as many twins of either."""
        rows = np.flatnonzero(self.row == self.row[row])
        columns = np.flatnonzero(self.column == self.column[column])
        if len(rows) == len(columns):
            return rows, columns
        return np.array([row]), np.array([column])


def _second(hub: Index, weight: Numbers) -> Numbers:
    """Give for each edge the greatest weight of its hub's other edges; 0 where it has none."""
    order = np.lexsort((-weight, hub))
    first = np.flatnonzero(np.diff(hub[order], prepend=-1))
    heaviest, after = order[first], np.append(order, -1)[first + 1]
    runner_up = np.where((after >= 0) & (hub[after] == hub[heaviest]), weight[after], 0.0)
    rival = weight[heaviest][hub]
    rival[heaviest] = runner_up
    return np.asarray(rival, dtype=np.float64)


def _without(profit: Numbers, row: int, columns: Index) -> float:
    weight = profit[row, columns]
    profit[row, columns] = _NEVER
    r, c = _solve(profit)
    rest = float(profit[r, c].sum())
    profit[row, columns] = weight
    return rest


def _local(profit: Numbers, row: int, column: int, rows: Index, columns: Index) -> float:
    rivals = np.delete(profit[row], columns).max(), np.delete(profit[:, column], rows).max(initial=0.0)
    return float(profit[row, column] - max(0.0, *rivals))


def _solve(profit: Numbers) -> tuple[Index, Index]:
    """Give the rows and columns of the assignment of greatest profit."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - scipy takes long to open

    rows, columns = linear_sum_assignment(profit, maximize=True)
    return np.asarray(rows, np.int64), np.asarray(columns, np.int64)
