"""Columns of a number's rows, added up by the cells of some dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tools.incidents.numbers import cell_scores
from tools.incidents.numbers.cell_scores import CellScores
from tools.incidents.numbers.measure import Dimension, Floats, MeasuredNumber

_OF_RATES = ("before", "now", "before_weight", "now_weight")
_OF_SUMS = ("before", "now", "chance")


@dataclass(frozen=True)
class CellSums:
    """Sums by cell. columns: by a column's name an array with an axis for each dimension."""

    dimensions: tuple[Dimension, ...]
    columns: Mapping[str, Floats]

    @classmethod
    def of(cls, dimensions: Sequence[Dimension], measure: MeasuredNumber) -> CellSums:
        """Add up all rows."""
        shape = tuple(len(dimension.values) for dimension in dimensions)
        codes = np.zeros(len(measure.now), dtype=np.int64)
        for dimension in dimensions:
            codes = codes * len(dimension.values) + dimension.codes
        columns: dict[str, Floats] = {}
        for name in _OF_RATES if measure.is_rate else _OF_SUMS:
            sums = np.bincount(codes, getattr(measure, name), int(np.prod(shape)))
            columns[name] = sums.astype(np.float64, copy=False).reshape(shape)
        return cls(tuple(dimensions), columns)

    def along(self, chosen: Sequence[Dimension]) -> CellSums:
        """Give the sums by some of the dimensions, in their order, from these cells."""
        names = {dimension.name for dimension in chosen}
        away = tuple(at for at, dimension in enumerate(self.dimensions) if dimension.name not in names)
        return CellSums(tuple(chosen), {name: sums.sum(axis=away) for name, sums in self.columns.items()})

    def of_column(self, name: str) -> Floats:
        """Give a column's sums, cell after cell."""
        return self.columns[name].ravel()

    def scores(self, measure: MeasuredNumber, hidden_from: float) -> CellScores:
        """Score each cell."""
        score = cell_scores.of_rates if measure.is_rate else cell_scores.of_sums
        return score(
            self.of_column("before"), self.of_column("now"), measure, self.of_column, hidden_from=hidden_from
        )
