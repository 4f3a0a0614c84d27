"""Columns as measures: the number, or the day, that each of a column's values stands for."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tools.checks.quality.cell_columns import CellColumn
from tools.checks.quality.column_profile import ColumnProfile
from tools.checks.quality.format_habits import date_order, day_of

_NUMERIC: Final = 0.95
_EXACT: Final = 0.95  # of the rows are written with no more decimals than the column has


@dataclass(frozen=True)
class Measure:
    """A column of numbers, or of days as ordinals.

    at: by value index, its position. decimals: of the numbers as the column writes them; 0 for days.
    """

    at: Mapping[int, float]
    decimals: int
    is_day: bool


def number_of(text: str) -> float | None:
    """Give the number that a text is, None where it is none."""
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in text else None


def measure(column: CellColumn) -> Measure | None:
    """Read a column's values as numbers, else as days; None where too few of them are either."""
    numbers = {i: number for i in column.present if (number := number_of(column.values[i])) is not None}
    if column.rows(numbers) >= _NUMERIC * column.filled:
        return Measure(numbers, _decimals(column, numbers), is_day=False)
    order = date_order(ColumnProfile(column))
    if order is None:
        return None
    days = {i: float(day.toordinal()) for i in column.present if (day := day_of(column.values[i], order))}
    return Measure(days, 0, is_day=True)


def _decimals(column: CellColumn, numbers: Mapping[int, float]) -> int:
    rows = Counter[int]()
    for i in numbers:
        rows[len(column.values[i].partition(".")[2])] += int(column.counts[i])
    enough, covered = _EXACT * sum(rows.values()), 0
    for decimals in sorted(rows):
        covered += rows[decimals]
        if covered >= enough:
            return decimals
    return 0
