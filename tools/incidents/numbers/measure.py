"""A number before and now, by its dimensions: rows with their values of each dimension as codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from duckdb import CoalesceOperator, ColumnExpression, ConstantExpression

from tools.core.errors import UsageError
from tools.incidents.numbers.windows import Windows

MOST_DIMENSIONS = 6
MOST_VALUES = 60  # of one dimension; what moved least is one value together
OTHERS = "(others)"
ENOUGH_ROWS = 100_000  # for a median over cells
_MIX = 0x9E3779B97F4A7C15  # Knuth's multiplicative hashing: neighbouring codes fall apart
_MAD = 1.4826  # of a normal distribution: its standard deviation by its median absolute deviation
_OURS = ("role", "period", "value", "weight", "at", "feed", "content")
Floats = np.ndarray[Any, np.dtype[np.float64]]
Codes = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Dimension:
    """One dimension of the cells: the code of each row's value, and what the codes stand for."""

    name: str
    codes: Codes
    values: tuple[str, ...]


@dataclass(frozen=True)
class MeasuredNumber:
    """Rows of a number: value, and where it is a rate what it is divided by; before and now apart.

    scale: how long now is, by how long before is; a rate needs none. period: of each row, 0 is now.
    compared_windows, earlier_windows: how many windows `before` is of, and how many there are in all.
    """

    dimensions: tuple[Dimension, ...]
    before: Floats
    before_weight: Floats
    now: Floats
    now_weight: Floats
    is_rate: bool
    scale: float
    value: Floats
    weight: Floats
    period: Codes
    compared_windows: int = 1
    earlier_windows: int = 1

    @cached_property
    def expected(self) -> Floats:
        """What each row would be now, had nothing changed; of a rate, by the rate of all."""
        if not self.is_rate:
            return self.before * self.scale
        return self.now_weight * self.rate_before

    @cached_property
    def chance(self) -> Floats:
        """What each row adds to the variance of the difference of two sums, were rows to come by chance."""
        return np.square(self.now) + np.square(self.before * self.scale)

    @cached_property
    def steadiness(self) -> float:
        """By how much cells move anyway, as a part of what rows that come by chance would; at most 1.

        Rows that are sums already (one a cell and window) come whether or not anything moved.
        """
        rows = self.compared
        cells = np.zeros(len(rows.now), dtype=np.int64)
        for dimension in rows.dimensions:
            cells = cells * len(dimension.values) + dimension.codes
        sample = _sampled(cells)
        place = _numpy(pc.dictionary_encode(pa.array(cells[sample])).indices)
        moved = np.bincount(place, weights=(rows.now - rows.before * rows.scale)[sample])
        chance = np.sqrt(np.bincount(place, weights=rows.chance[sample]))
        present = chance > 0
        if not present.any():
            return 1.0
        return float(min(1.0, _MAD * np.median(np.abs(moved[present] / chance[present]))))

    @property
    def rate_before(self) -> float:
        """The rate of all rows before."""
        return float(self.before.sum() / max(self.before_weight.sum(), 1e-12))

    @cached_property
    def compared(self) -> MeasuredNumber:
        """Leave out rows of control windows: they say how much a number moves, not what moved it."""
        mask = (self.before != 0) | (self.now != 0) | (self.before_weight != 0) | (self.now_weight != 0)
        if mask.all():
            return self
        figures = {
            name: getattr(self, name)[mask]
            for name in ("before", "before_weight", "now", "now_weight", "value", "weight", "period")
        }
        dimensions = tuple(replace(each, codes=each.codes[mask]) for each in self.dimensions)
        return replace(self, dimensions=dimensions, **figures)

    @property
    def has_windows_before(self) -> bool:
        """Say whether there are windows before those that were asked for."""
        return self.earlier_windows > self.compared_windows

    @cached_property
    def pooled(self) -> MeasuredNumber:
        """Hold now against all windows before, as if they were one: of one alone half is chance."""
        if not self.has_windows_before:
            return self.compared
        earlier = self.period > 0
        return replace(
            self,
            before=self.value * earlier,
            before_weight=self.weight * earlier,
            scale=self.scale * self.compared_windows / self.earlier_windows,
            compared_windows=self.earlier_windows,
        ).compared

    def where(self, parts: Sequence[tuple[str, str]]) -> Flags:
        """Say of each row whether it is part of an element."""
        mask = np.ones(len(self.value), dtype=np.bool_)
        by_name = {dimension.name: dimension for dimension in self.dimensions}
        for name, value in parts:
            mask &= by_name[name].codes == by_name[name].values.index(value)
        return mask


def _sampled(cells: Codes) -> Flags:
    """Choose rows for a median over cells: all of them, or of very many those of some cells, whole."""
    share = len(cells) // ENOUGH_ROWS
    if share < 2:  # noqa: PLR2004 - less than every second cell
        return np.ones(len(cells), dtype=np.bool_)
    mixed = (cells.astype(np.uint64) * np.uint64(_MIX)) >> np.uint64(32)
    chosen: Flags = mixed % np.uint64(share) == 0
    return chosen


def check_dimensions(columns: Sequence[str], by: Sequence[str]) -> None:
    """Raise UsageError for a dimension that rows do not have, or too many of them."""
    if not 1 <= len(by) <= MOST_DIMENSIONS:
        raise UsageError(f"a number is taken apart by 1 to {MOST_DIMENSIONS} dimensions.", place="--by")
    if missing := [name for name in by if name not in columns]:
        shown = ", ".join(name for name in columns if name not in _OURS)
        raise UsageError(
            f"there is no dimension '{missing[0]}'.", place="--by", remedy=f"There are: {shown}."
        )


def measured(
    rows: duckdb.DuckDBPyRelation, by: Sequence[str], windows: Windows, *, is_rate: bool
) -> MeasuredNumber:
    """Read the rows of a number.

    rows: the columns of `by`, `period`, `value` and `weight`.
    """
    named = [_present(name, "VARCHAR", "").alias(f"d{number}") for number, name in enumerate(by, 1)]
    figures = [_present(name, "DOUBLE", 0.0).alias(name) for name in ("value", "weight")]
    periods = ColumnExpression("period").cast("BIGINT").alias("period")
    table = rows.select(*named, *figures, periods).to_arrow_table()
    period, value, weight = (_numpy(table[name].combine_chunks()) for name in ("period", "value", "weight"))
    now, against = period == 0, (period > 0) & (period < windows.against.stop)
    moved = value * (now - against * windows.scale)
    dimensions = tuple(_dimension(name, table[f"d{number}"], moved) for number, name in enumerate(by, 1))
    return MeasuredNumber(
        dimensions, value * against, weight * against, value * now, weight * now, is_rate, windows.scale,
        value, weight, period, len(windows.against), len(windows.all) - 1,
    )  # fmt: skip


def _present(name: str, kind: str, absent: str | float) -> duckdb.Expression:
    return CoalesceOperator(ColumnExpression(name).cast(kind), ConstantExpression(absent))


def _numpy(column: pa.Array[Any]) -> np.ndarray[Any, Any]:
    """Give a column without NULLs to numpy as it lies; pyarrow's own way there imports pandas."""
    return np.from_dlpack(column)


def _dimension(name: str, column: pa.ChunkedArray, moved: Floats) -> Dimension:
    encoded = pc.dictionary_encode(column).combine_chunks()
    codes = _numpy(encoded.indices).astype(np.int64)
    values = [str(value) for value in encoded.dictionary.to_pylist()]
    if len(values) <= MOST_VALUES:
        return Dimension(name, codes, tuple(values))
    weight = np.abs(np.bincount(codes, weights=moved, minlength=len(values)))
    heaviest = np.argsort(-weight, kind="stable")[: MOST_VALUES - 1]
    mapped = np.full(len(values), MOST_VALUES - 1, dtype=np.int64)
    mapped[heaviest] = np.arange(len(heaviest))
    return Dimension(name, mapped[codes], (*(values[number] for number in heaviest), OTHERS))
