"""Solve groups of candidate pairs where a cluster's executors are, some groups a task, by the same code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import numpy as np

from tools.books.elsewhere import Machines
from tools.checks.reconciliation import assignment
from tools.checks.reconciliation.assignment import AssignedGroups, EdgeGroups, Solver

TASK: Final = 100_000  # edges; of fewer than two tasks each group is solved here


@dataclass(frozen=True)
class GroupsOrder:
    """A unit of solving: a file of edges, and the position of the first of them among all."""

    file: Path
    begin: int


def solver(machines: Machines) -> Solver:
    """Give what has groups solved by these machines."""

    def solve(groups: EdgeGroups) -> AssignedGroups:
        if len(groups.left) < 2 * TASK:
            return assignment.solve(groups)
        orders = [_order(part, begin, machines.scratch) for begin, part in groups.parts(TASK)]
        solved = machines.executors.run("matching groups", solve_there, orders)
        for order in orders:
            order.file.unlink()
        return AssignedGroups(
            np.concatenate([part.edge for part in solved]),
            np.concatenate([part.margin for part in solved]),
            tuple(size for part in solved for size in part.too_large),
        )

    return solve


def solve_there(order: GroupsOrder) -> AssignedGroups:
    """Solve the groups of a file, in the executor that has this unit."""
    with np.load(order.file) as edges:
        groups = EdgeGroups(edges["left"], edges["right"], edges["weight"], edges["starts"])
    solved = assignment.solve(groups)
    return AssignedGroups(order.begin + solved.edge, solved.margin, solved.too_large)


def _order(groups: EdgeGroups, begin: int, scratch: Path) -> GroupsOrder:
    file = scratch / f"{uuid4().hex}.npz"
    np.savez(file, left=groups.left, right=groups.right, weight=groups.weight, starts=groups.starts)
    return GroupsOrder(file, begin)
