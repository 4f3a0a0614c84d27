"""Choose among candidates: the best whole, not the first come, and how far the second best lies behind.

Edges join left and right rows and weigh log-odds. Inside each connected group the matching of greatest weight
is taken (Kuhn's Hungarian method as improved by Jonker and Volgenant, 1987, in scipy). The confidence of a
choice is the logistic of what the group would lose without it, which also declares ambiguity.
"""

from __future__ import annotations

from dataclasses import dataclass
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


def choose(left: Index, right: Index, weight: Numbers) -> Choice:
    """Choose edges of positive weight so that no row is used twice and the sum of weights is greatest."""
    good = np.flatnonzero(weight > 0)
    left, right, weight = left[good], right[good], weight[good]
    group = _groups(left, right)
    simple = _stars(left, right, weight)
    edges, margins = [simple[0]], [simple[1]]
    rest = np.flatnonzero(~np.isin(group, group[simple[2]]))
    order = rest[np.argsort(group[rest], kind="stable")]
    for at in np.split(order, np.flatnonzero(np.diff(group[order])) + 1) if len(order) else []:
        chosen, margin = _best(left[at], right[at], weight[at])
        edges.append(at[chosen])
        margins.append(margin)
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


def _best(left: Index, right: Index, weight: Numbers) -> tuple[Index, Numbers]:
    rows, l_at = np.unique(left, return_inverse=True)
    columns, r_at = np.unique(right, return_inverse=True)
    if len(rows) * len(columns) > size_limits.CELLS_SOLVED_EXACTLY:
        return _greedy(l_at, r_at, weight)
    profit = np.full((len(rows), len(columns) + len(rows)), _NEVER)
    profit[np.arange(len(rows)), len(columns) + np.arange(len(rows))] = 0.0  # staying unmatched
    profit[l_at, r_at] = weight
    edge_at = np.full(profit.shape, -1)
    edge_at[l_at, r_at] = np.arange(len(weight))
    tidy = profit.copy()
    tidy[l_at, r_at] -= _ORDERLY * np.square(l_at - r_at, dtype=np.float64)
    r, c = _solve(tidy)
    chosen = edge_at[r, c]
    matched = chosen >= 0
    whole = float(profit[r, c].sum())
    pairs = list(zip(r[matched], c[matched], strict=True))
    if len(rows) <= size_limits.ROWS_TRIED_WITHOUT:
        margin = [whole - _without(profit, row, column) for row, column in pairs]
    else:
        margin = [_local(profit, row, column) for row, column in pairs]
    return chosen[matched], np.array(margin, dtype=np.float64)


def _without(profit: Numbers, row: int, column: int) -> float:
    weight = profit[row, column]
    profit[row, column] = _NEVER
    r, c = _solve(profit)
    rest = float(profit[r, c].sum())
    profit[row, column] = weight
    return rest


def _local(profit: Numbers, row: int, column: int) -> float:
    weight = float(profit[row, column])
    rivals = max(np.delete(profit[row], column).max(), np.delete(profit[:, column], row).max(initial=0.0))
    return weight - max(0.0, float(rivals))


def _greedy(left: Index, right: Index, weight: Numbers) -> tuple[Index, Numbers]:
    used_left: set[int] = set()
    used_right: set[int] = set()
    chosen: list[int] = []
    margin: list[float] = []
    for edge in np.lexsort((right, left, -weight)):
        row, column = int(left[edge]), int(right[edge])
        if row in used_left or column in used_right:
            continue
        rival = ((left == row) | (right == column)) & (np.arange(len(weight)) != edge)
        chosen.append(int(edge))
        margin.append(float(weight[edge] - weight[rival].max(initial=0.0)))
        used_left.add(row)
        used_right.add(column)
    return np.array(chosen, dtype=np.int64), np.array(margin)


def _solve(profit: Numbers) -> tuple[Index, Index]:
    """Give the rows and columns of the assignment of greatest profit."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - scipy takes long to open

    rows, columns = linear_sum_assignment(profit, maximize=True)
    return np.asarray(rows, np.int64), np.asarray(columns, np.int64)
