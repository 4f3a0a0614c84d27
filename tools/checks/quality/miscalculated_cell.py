"""Numbers that their row's other numbers contradict: which relations hold is learned from the table.

Of the cells of a relation that fails, the wrong one is that in most failing relations and in none that
holds (Fellegi and Holt 1976: change as few fields as will do); then that which is a slip of what it has
to be; then that which stands apart in its column; else the computed one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from math import isfinite
from typing import Any, Final

import numpy as np
import pyarrow as pa
from rapidfuzz.distance import DamerauLevenshtein

from tools.checks.quality.arithmetic import POWERS, ColumnRelation, Floats, RelationLimits, discover
from tools.checks.quality.cell_columns import Bools, CellColumn, Findings, Table, tables
from tools.checks.quality.numeric_columns import Measure, measure

_SIGNS: Final = 0.02  # of the rows: from there on a column has numbers of both signs
_WHOLE: Final = 0.05
_CONSISTENT: Final = 0.6745  # of a normal column's deviation (Iglewicz and Hoaglin)


def judge(rows: pa.Table, params: Mapping[str, Any]) -> pa.Table:
    """Name the cells that were computed or copied wrongly.

    rows: source, row_key, field, value. params: scores, what makes a relation, nearer. Gives row_key, field,
    score, observed, threshold, population.
    """
    findings = Findings()
    limits = RelationLimits(params["holds"], params["fewest"], params["sample"], params["alike"])
    for table in tables(rows):
        numbers = [
            (column, figures)
            for column in table.columns
            if column.filled >= params["fewest"] and (figures := measure(column))
        ]
        if 1 < len(numbers) <= params["most_columns"]:
            sheet = Sheet(table, [column for column, _ in numbers], [figures for _, figures in numbers])
            sheet.recompute(limits)
            sheet.report(findings, params)
    return findings.arrow()


class Sheet:
    """The numbers of one table, a row for each column, and the relations between them."""

    def __init__(self, table: Table, columns: Sequence[CellColumn], measures: Sequence[Measure]) -> None:
        """Read the cells; NaN stands for what is no number."""
        self.table, self.columns, self.measures = table, columns, measures
        self.values: Floats = np.array(
            [_positions(column, figures) for column, figures in zip(columns, measures, strict=True)]
        )
        self.units: Floats = np.array([10.0**-figures.decimals for figures in measures])
        self.relations: list[ColumnRelation] = []
        self.right: list[Bools] = []
        self.usable: list[Bools] = []
        self.middles = self.spreads = np.zeros(len(columns))
        self.signed: Bools = np.zeros(len(columns), dtype=np.bool_)

    def recompute(self, limits: RelationLimits) -> None:
        """Find the relations, and say of each row which of them hold."""
        self.relations = discover(self.values, self.units, limits)
        self.right = [relation.agrees(self.values, self.units) for relation in self.relations]
        self.usable = [_is_complete(self.values[list(relation.columns)]) for relation in self.relations]

    def report(self, findings: Findings, params: Mapping[str, Any]) -> None:
        """Name a cell in each row that does not compute."""
        if not self.relations:
            return
        wrong = np.any(np.array(self.usable) & ~np.array(self.right), axis=0)
        self.middles = np.nanmedian(self.values, axis=1)
        off = np.abs(self.values - self.middles[:, None])
        self.spreads = np.maximum(np.nanmedian(off, axis=1), 1e-12)
        self.signed = np.nanmean(self.values < 0, axis=1) > _SIGNS
        for row in map(int, np.flatnonzero(wrong)):
            cell, relation, sure = self._blamed(row, params["nearer"])
            score = params["score"] if sure else params["unsure_score"]
            findings.add(self.table, self.columns[cell], row, score, self._says(relation, cell, row))

    def _blamed(self, row: int, least: float) -> tuple[int, ColumnRelation, bool]:
        """Give the cell to blame, a relation that it breaks, and whether anything besides shows it."""
        usable = [i for i in range(len(self.relations)) if self.usable[i][row]]
        failing = [self.relations[i] for i in usable if not self.right[i][row]]
        vouched = {cell for i in usable if self.right[i][row] for cell in self.relations[i].columns}
        count = Counter(cell for relation in failing for cell in relation.columns if cell not in vouched)
        count = count or Counter(cell for relation in failing for cell in relation.columns)
        suspects = [cell for cell, n in count.items() if n == max(count.values())]
        breaks = {
            cell: next(relation for relation in failing if cell in relation.columns) for cell in suspects
        }
        slips = [cell for cell in suspects if self._is_slip(cell, breaks[cell], row)]
        if len(suspects) == 1 or len(slips) == 1:
            cell = (slips if len(slips) == 1 else suspects)[0]
            return cell, breaks[cell], True
        rest = slips or suspects
        nearer = {cell: self._nearer(cell, breaks[cell], row) for cell in rest}
        most = max(rest, key=lambda cell: nearer[cell])
        computed = next((relation.result for relation in failing if relation.result in rest), rest[-1])
        cell = most if nearer[most] >= least else computed
        return cell, breaks[cell], False

    def _nearer(self, cell: int, relation: ColumnRelation, row: int) -> float:
        """Give by how many robust deviations a cell would come nearer to its column's median."""
        apart = (
            abs(x - self.middles[cell]) for x in (self.values[cell][row], self._due(cell, relation, row))
        )
        actual, due = (_CONSISTENT * float(off / self.spreads[cell]) for off in apart)
        return actual - due if isfinite(due) else 0.0

    def _due(self, cell: int, relation: ColumnRelation, row: int) -> float:
        return float(relation.solved(cell, self.values[:, row : row + 1])[0])

    def _is_slip(self, cell: int, relation: ColumnRelation, row: int) -> bool:
        due, actual = self._due(cell, relation, row), float(self.values[cell][row])
        if not isfinite(due) or (due < 0 and not self.signed[cell]):
            return False
        if self.measures[cell].is_day:
            return _is_slip_of_day(actual, due)
        unit, decimals = self.units[cell], self.measures[cell].decimals
        if relation.kind == "product" and not decimals and abs(due - round(due)) > _WHOLE:
            return False  # a count that would be no whole number
        shifted = any(abs(actual - due * power) <= 0.51 * unit for power in POWERS)
        return shifted or DamerauLevenshtein.distance(f"{actual:.{decimals}f}", f"{due:.{decimals}f}") == 1

    def _says(self, relation: ColumnRelation, cell: int, row: int) -> str:
        due = self._due(cell, relation, row)
        names = [f"'{self.columns[column].name}'" for column in relation.inputs]
        sign = " + " if relation.kind == "sum" else " times "
        hundredth = " / 100" if relation.kind == "product" and relation.rate != 1 else ""
        left_side = sign.join(names) + hundredth if relation.kind != "rate" else _line(names[0], relation)
        formula = f"as {left_side} = '{self.columns[relation.result].name}'"
        return f"{self._cell_text(cell, due)}, {formula}" if isfinite(due) else f"a number, {formula}"

    def _cell_text(self, cell: int, number: float) -> str:
        if not self.measures[cell].is_day:
            return f"{number:.{self.measures[cell].decimals}f}"
        inside = date.min.toordinal() <= number <= date.max.toordinal()
        return date.fromordinal(round(number)).isoformat() if inside else "another day"


def _is_complete(values: Floats) -> Bools:
    return np.asarray(np.isfinite(values).all(axis=0), dtype=np.bool_)


def _positions(column: CellColumn, figures: Measure) -> Floats:
    by_value = np.full(len(column.values), np.nan)
    by_value[list(figures.at)] = list(figures.at.values())
    positions: Floats = by_value[column.codes]
    return positions


def _line(name: str, relation: ColumnRelation) -> str:
    rate = "" if relation.rate == 1 else f"{relation.rate:g} times "
    return f"{rate}{name}" + (
        f" {'+' if relation.fixed > 0 else '-'} {abs(relation.fixed):g}" * bool(relation.fixed)
    )


def _is_slip_of_day(actual: float, has_to_be: float) -> bool:
    """Whether two of year, month and day are the same."""
    if not date.min.toordinal() <= has_to_be <= date.max.toordinal():
        return False
    a, b = date.fromordinal(round(actual)), date.fromordinal(round(has_to_be))
    return (a.year == b.year) + (a.month == b.month) + (a.day == b.day) == 2  # noqa: PLR2004 - of three
