"""Sums, products and fixed rates that hold between the numbers of a row, found in the table itself.

A relation is believed where it holds on nearly all rows, where it would hold on few if one of its columns
came from another row, and where its exceptions have nothing in common: a tenth of the invoices at another
rate are no errors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from tools.checks.quality.cell_columns import Bools

Floats = NDArray[np.float64]

_RATES: Final = (1.0, 0.01)  # of products: the second one for per cent
_FIRST: Final = 100
_EXPLAINED: Final = 3  # times as many rows have to fail without a column as with it
POWERS: Final = frozenset({-1.0, 10.0, 100.0, 1000.0, 0.1, 0.01, 0.001})  # slips, however often they are made


@dataclass(frozen=True)
class RelationLimits:
    """What makes a relation: share of the rows on which it holds, rows that it takes, and rows looked at.

    alike: share of the exceptions that may be off by one and the same factor or amount.
    """

    holds: float
    rows: int
    sample: int
    alike: float


@dataclass(frozen=True)
class ColumnRelation:
    """A column that follows from others: their sum, their product, or a rate and a fixed amount of one.

    rate: of a product, a factor beside the two (0.01 where one of them is per cent).
    """

    kind: Literal["sum", "product", "rate"]
    inputs: tuple[int, ...]
    result: int
    rate: float = 1.0
    fixed: float = 0.0

    @property
    def columns(self) -> tuple[int, ...]:
        """All of its columns."""
        return (*self.inputs, self.result)

    def computed(self, values: Floats) -> Floats:
        """Compute the result. values: a row for each column of the table."""
        first = values[self.inputs[0]]
        if self.kind == "rate":
            return np.asarray(self.rate * first + self.fixed)
        second = values[self.inputs[1]]
        return np.asarray(first + second if self.kind == "sum" else first * second * self.rate)

    def solved(self, column: int, values: Floats) -> Floats:
        """Compute what one of its columns has to be, given the others."""
        if column == self.result:
            return self.computed(values)
        result = values[self.result]
        if self.kind == "rate":
            return np.asarray((result - self.fixed) / self.rate)
        operand = values[self.inputs[1 - self.inputs.index(column)]]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(result - operand if self.kind == "sum" else result / operand / self.rate)

    def agrees(self, values: Floats, units: Floats) -> Bools:
        """Say of each row whether it holds, to a unit of the result's last decimal."""
        result = values[self.result]
        return _near(self.computed(values), result, float(units[self.result]))


def _near(due: Floats, actual: Floats, unit: float) -> Bools:
    near: Bools = np.abs(due - actual) <= unit * 1.0001 + 1e-9 * np.abs(actual)
    return near


def discover(values: Floats, units: Floats, limits: RelationLimits) -> list[ColumnRelation]:
    """Find the relations of a table's measures, sums and products before rates.

    values: a row for each column, NaN where there is no number. units: of each column's last decimal.
    """
    step = max(1, -(-values.shape[1] // limits.sample))
    few = values[:, ::step]
    relations = [relation for relation in _of_three(few) if _is_relation(relation, few, units, limits)]
    joined = {
        (column, relation.result)
        for relation in relations
        if relation.kind == "sum"
        for column in relation.inputs
    }
    for relation in _of_two(few, units):
        pair = (relation.inputs[0], relation.result)
        if pair not in joined and pair[::-1] not in joined and _is_relation(relation, few, units, limits):
            relations.append(relation)
            joined.add(pair)
    return relations


def _of_three(values: Floats) -> Iterator[ColumnRelation]:
    columns = range(len(values))
    for a, b in combinations(columns, 2):
        for result in columns:
            if result not in (a, b):
                yield ColumnRelation("sum", (a, b), result)
                yield from (ColumnRelation("product", (a, b), result, rate) for rate in _RATES)


def _of_two(values: Floats, units: Floats) -> Iterator[ColumnRelation]:
    """Guess a rate and a fixed amount from rows apart, for the finer column from the coarser one."""
    for a, b in permutations(range(len(values)), 2):
        both = np.isfinite(values[a]) & np.isfinite(values[b])
        x, y = values[a][both], values[b][both]
        half = len(x) // 2
        run = x[half : 2 * half] - x[:half]
        moved = np.abs(run) > 0
        if moved.sum() < 2:  # noqa: PLR2004 - a line takes two points
            continue
        rate = _simple(float(np.median((y[half : 2 * half] - y[:half])[moved] / run[moved])))
        if rate == 0 or (abs(rate) * units[a] > units[b] * 1.0001 and a > b):
            continue
        fixed = float(np.median(y - rate * x))
        yield ColumnRelation("rate", (a,), b, rate, fixed)


def _simple(rate: float) -> float:
    return float(f"{rate:.6g}")


def _is_relation(relation: ColumnRelation, values: Floats, units: Floats, limits: RelationLimits) -> bool:
    if not _may_be_relation(relation, values[:, :_FIRST], units):
        return False
    own = values[list(relation.columns)]
    usable = np.isfinite(own).all(axis=0) & (own[:-1] != 0).all(axis=0)
    if relation.kind == "product":
        usable &= (own[:-1] != 1).all(axis=0)
    rows = int(usable.sum())
    if rows < limits.rows:
        return False
    rows_of_use = values[:, usable]
    right = relation.agrees(rows_of_use, units)
    if right.mean() < limits.holds or len(np.unique(rows_of_use[relation.result])) < limits.rows / 4:
        return False
    return _needs_all(relation, rows_of_use, units, float(right.mean())) and _is_odd_each(
        relation, rows_of_use[:, ~right], limits
    )


def _may_be_relation(relation: ColumnRelation, values: Floats, units: Floats) -> bool:
    """Whether it holds on some of the first rows: most that are tried do not."""
    return 4 * int(relation.agrees(values, units).sum()) >= int(np.isfinite(values[relation.result]).sum())


def _needs_all(relation: ColumnRelation, values: Floats, units: Floats, holds: float) -> bool:
    """Whether it fails far more often with any one of its columns taken from another row."""
    for column in relation.inputs:
        moved = values.copy()
        moved[column] = np.roll(values[column], values.shape[1] // 3 + 1)
        if 1 - float(relation.agrees(moved, units).mean()) < max(_EXPLAINED * (1 - holds), 0.1):
            return False
    return True


def _is_odd_each(relation: ColumnRelation, wrong: Floats, limits: RelationLimits) -> bool:
    """Whether the exceptions have nothing in common but slips of the decimal point or the sign."""
    if wrong.shape[1] < 3:  # noqa: PLR2004 - two have nothing in common
        return True
    due, actual = relation.computed(wrong), wrong[relation.result]
    with np.errstate(divide="ignore", invalid="ignore"):
        factors = [float(f"{factor:.3g}") for factor in actual / due]
    slipped: Bools = np.array([factor in POWERS for factor in factors])
    rest = [factor for factor, slip in zip(factors, slipped, strict=True) if not slip]
    most = max(2.0, limits.alike * wrong.shape[1])
    apart = [float(amount) for amount in (actual - due)[~slipped].round(6)]
    return bool(max(_commonest(rest), _commonest(apart)) <= most)


def _commonest(values: Sequence[float]) -> int:
    return int(np.unique(values, return_counts=True)[1].max()) if len(values) else 0
