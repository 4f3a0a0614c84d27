"""Numbers and days that a gap sets apart from everything else in their column.

The gap is held against how wide the others spread on that side of the median (after Dixon's ratio). Amounts
and counts have long tails, whose largest stands apart by chance: the gap has to show in logarithms, too.
Slips of all sizes leave no gap. Where a side of the column is a bell, in numbers or in logarithms, what its
tail would not hold is named besides (Iglewicz and Hoaglin 1993, the bound widened by the number of rows).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tools.checks.quality.cell_columns import CellColumn, Findings, tables
from tools.checks.quality.column_profile import ColumnProfile, Expected
from tools.checks.quality.format_habits import date_order, day_of
from tools.checks.quality.numeric_columns import number_of

Floats = NDArray[np.float64]

_DISTINCT: Final = 8  # among the others: fewer are codes
_NUMERIC: Final = 0.95
_FIXED: Final = 0.8
_CODE: Final = 5
_CONTINUOUS: Final = 20  # distinct values under which a column has no tail
_INNER: Final = (0.75, 0.9, 0.95)
_BELL: Final = NormalDist()


@dataclass(frozen=True)
class Scale:
    """A column on a scale: the value index and position of each distinct value, in order, and its rows."""

    at: list[int]
    where: Floats
    rows: NDArray[np.int64]

    def beyond(self, params: Mapping[str, Any]) -> tuple[set[int], set[int]]:
        """Give the values that stand apart above, and those below."""
        above = _apart(self.where, self.rows, params)
        below = _apart(-self.where[::-1], self.rows[::-1], params)
        return set(self.at[len(self.at) - above :]), set(self.at[:below])

    def improbable(self, params: Mapping[str, Any]) -> tuple[set[int] | None, set[int] | None]:
        """Give the values above, and those below, that a bell would not have; None where there is no bell."""
        above = _off_the_bell(self.where, self.rows, params)
        below = _off_the_bell(-self.where[::-1], self.rows[::-1], params)
        return (
            None if above is None else set(self.at[len(self.at) - above :]),
            None if below is None else set(self.at[:below]),
        )


def judge(rows: pa.Table, params: Mapping[str, Any]) -> pa.Table:
    """Name the cells that stand apart.

    rows: source, row_key, field, value. params: gap, most, fewest, slack, reach, odds. Gives row_key, field,
    score, observed, threshold, population.
    """
    findings = Findings()
    for table in tables(rows):
        for column in table.columns:
            if column.filled >= params["fewest"]:
                findings.add_values(table, column, params["score"], _outlying(column, params))
    return findings.arrow()


def _outlying(column: CellColumn, params: Mapping[str, Any]) -> Expected:
    profile = ColumnProfile(column)
    numbers = {i: number_of(column.values[i]) for i in column.present}
    figures = {i: number for i, number in numbers.items() if number is not None}
    if column.rows(figures) >= _NUMERIC * column.filled:
        return {} if _is_code(column) else _outlying_numbers(column, figures, params)
    order = date_order(profile)
    if order is None:
        return {}
    days = {i: day for i in column.present if (day := day_of(column.values[i], order))}
    return _outlying_days(column, days, params)


def _outlying_numbers(
    column: CellColumn, figures: Mapping[int, float], params: Mapping[str, Any]
) -> Expected:
    above, below = _scale(column, figures).beyond(params)
    sized = {i: math.log(abs(number)) for i, number in figures.items() if number}
    log_above, log_below = _scale(column, sized).beyond(params)  # a refund is as large as other amounts
    apart = (above | below) & (log_above | log_below)
    apart |= _improbable(
        _scale(column, figures), _scale(column, sized if min(figures.values()) > 0 else {}), params
    )
    return _expected_between(apart, {i: number for i, number in figures.items() if i not in apart}, "{:g}")


def _improbable(scale: Scale, logs: Scale, params: Mapping[str, Any]) -> set[int]:
    """Give what is improbable on each scale on which that side of the column is a bell."""
    improbable = set[int]()
    for sides in zip(scale.improbable(params), logs.improbable(params), strict=True):
        bells = [side for side in sides if side is not None]
        improbable |= set.intersection(*bells) if bells else set()
    return improbable


def _outlying_days(column: CellColumn, days: Mapping[int, date], params: Mapping[str, Any]) -> Expected:
    above, below = _scale(column, {i: float(day.toordinal()) for i, day in days.items()}).beyond(params)
    apart = above | below
    return _expected_between(apart, {i: day for i, day in days.items() if i not in apart}, "{}")


def _expected_between(apart: set[int], others: Mapping[int, Any], form: str) -> Expected:
    if not apart:
        return {}
    like = f"between {form.format(min(others.values()))} and {form.format(max(others.values()))}"
    return dict.fromkeys(apart, like)


def _scale(column: CellColumn, placed: Mapping[int, float]) -> Scale:
    at = sorted(placed, key=lambda i: (placed[i], i))
    return Scale(at, np.array([placed[i] for i in at]), column.counts[at].astype(np.int64))


def _apart(where: Floats, rows: NDArray[np.int64], params: Mapping[str, Any]) -> int:
    """Count the distinct values at the upper end that a gap sets apart."""
    if len(where) <= _DISTINCT:
        return 0
    total = int(rows.sum())
    allowed = max(1, math.floor(params["most"] * total))
    median = where[min(int(np.searchsorted(np.cumsum(rows), total / 2)), len(where) - 1)]
    count, behind = 0, 0
    for last in range(len(where) - 2, _DISTINCT - 2, -1):
        behind += int(rows[last + 1])
        spread = where[last] - median
        if behind > allowed or spread <= 0:
            break
        if where[last + 1] - where[last] >= params["gap"] * spread:
            count = len(where) - 1 - last
    return count


def _off_the_bell(where: Floats, rows: NDArray[np.int64], params: Mapping[str, Any]) -> int | None:
    """Count the distinct values at the upper end that a normal tail would not hold; None where it is none.

    The tail's width is told by its inner half, and that it is no wider further out by its last tenth and
    twentieth; slips among the few beyond change neither.
    """
    if len(where) < _CONTINUOUS:
        return None
    total = int(rows.sum())
    upto = np.cumsum(rows) / total
    median, *outer = (float(where[int(np.searchsorted(upto, share))]) for share in (0.5, *_INNER))
    width = (outer[0] - median) / _BELL.inv_cdf(_INNER[0])
    bell = [
        (at - median) <= params["slack"] * width * _BELL.inv_cdf(share)
        for at, share in zip(outer, _INNER, strict=True)
    ]
    if width <= 0 or not all(bell):
        return None
    furthest = median + params["reach"] * width * -_BELL.inv_cdf(params["odds"] / total)
    beyond = int((where > furthest).sum())
    return beyond if int(rows[len(rows) - beyond :].sum()) <= params["most"] * total else 0


def _is_code(column: CellColumn) -> bool:
    """Whether nearly all values have one length of five digits or more, as zip codes and ids have."""
    lengths = Counter[int]()
    for i in column.present:
        if column.values[i].isdecimal():
            lengths[len(column.values[i])] += int(column.counts[i])
    return any(n >= _FIXED * column.filled and length >= _CODE for length, n in lengths.items())
