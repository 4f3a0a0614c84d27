"""Cells that hold their own value and that of an empty cell beside: `Madison WI`, and no state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tools.checks.quality.cell_columns import Bools, CellColumn, Findings, Table, tables

_MOSTLY: Final = 0.5
_ELSEWHERE: Final = 0.02


def judge(rows: pa.Table, params: Mapping[str, Any]) -> pa.Table:
    """Name both cells, the full one and the empty one.

    rows: source, row_key, field, value. Gives row_key, field, score, observed, threshold, population.
    """
    findings = Findings()
    for table in tables(rows):
        for empty in table.columns:
            _search(table, empty, params["score"], findings)
    return findings.arrow()


def _search(table: Table, empty: CellColumn, score: int, findings: Findings) -> None:
    blank: Bools = empty.missing[empty.codes]
    vocabulary = {empty.values[i] for i in empty.present if empty.counts[i] > 1}
    if not vocabulary or not 0 < blank.mean() < _MOSTLY:
        return
    for column in table.columns:
        tails = [_tail(value, vocabulary) for value in column.values]
        ends = np.array([bool(tail) for tail in tails], dtype=np.bool_)[column.codes]
        inside, outside = ends[blank].mean(), ends[~blank].mean()
        if column is empty or inside < _MOSTLY or outside > _ELSEWHERE:
            continue
        for row in np.flatnonzero(ends & blank):
            tail = tails[column.codes[row]]
            findings.add(table, column, int(row), score, f"without '{tail}', a value of {empty.name}")
            findings.add(table, empty, int(row), score, f"'{tail}', which stands in {column.name}")


def _tail(value: str, vocabulary: set[str]) -> str:
    """Give the longest known value that another one ends in, word for word; nothing when there is none."""
    words = value.split()
    tails = (" ".join(words[start:]) for start in range(1, len(words)))
    return next((tail for tail in tails if tail in vocabulary), "")
