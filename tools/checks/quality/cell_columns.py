"""The cells of any table, column by column: distinct values with their counts, and what is missing."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import local
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tools.core.missing import is_marker

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_SHOWN: Final = 80
_CODE: Final = 4  # letters of a code for a language, a currency or a country
_AGAIN: Final = 3
_SCHEMA: Final = pa.schema(
    [(name, pa.string()) for name in ("row_key", "field", "observed", "threshold", "population")]
    + [("score", pa.int64())]
)


@dataclass(frozen=True)
class CellColumn:
    """One column: for each row the index of its value, and each distinct value with its count."""

    name: str
    codes: Ints
    values: list[str]

    @cached_property
    def counts(self) -> Ints:
        """Rows of each value."""
        return np.bincount(self.codes, minlength=len(self.values))

    @cached_property
    def missing(self) -> Bools:
        """Say of each value whether it is blank or a marker of nothing."""
        return np.array([is_marker(value) for value in self.values], dtype=np.bool_)

    @cached_property
    def present(self) -> list[int]:
        """Indexes of the values that are there, the frequent ones first."""
        return [int(i) for i in np.lexsort((np.array(self.values), -self.counts)) if not self.missing[i]]

    @cached_property
    def filled(self) -> int:
        """Rows with a value."""
        return self.rows(self.present)

    def is_code_in_both_cases(self, i: int) -> bool:
        """Whether a value is a short code, on several rows, that also stands in the other case: ENG, eng."""
        code, times = self.values[i], int(self.counts[i])
        return len(code) <= _CODE and code.isalpha() and times >= _AGAIN and code.swapcase() in self._texts

    @cached_property
    def _texts(self) -> frozenset[str]:
        return frozenset(self.values)

    def rows(self, values: Iterable[int]) -> int:
        """Count the rows that have one of these values."""
        return int(sum(self.counts[i] for i in values))


@dataclass(frozen=True)
class Table:
    """One source of kind `table`."""

    source: str
    row_keys: pa.Array
    columns: list[CellColumn]


class _TableCache:
    """What was decoded last, for as long as its cells are held: several tests read the same ones."""

    def __init__(self) -> None:
        self._of: weakref.ref[pa.Table] | None = None
        self._tables: list[Table] = []

    def of(self, cells: pa.Table) -> list[Table] | None:
        """Give the tables of these cells, None when others were decoded last."""
        return self._tables if self._of is not None and self._of() is cells else None

    def keep(self, cells: pa.Table, decoded: list[Table]) -> None:
        """Keep these until their cells are let go of."""
        self._of, self._tables = weakref.ref(cells, self._let_go), decoded

    def _let_go(self, gone: weakref.ref[pa.Table]) -> None:
        if self._of is gone:
            self._of, self._tables = None, []


_CACHE: Final = local()


def tables(cells: pa.Table) -> list[Table]:
    """Give each source's table out of its cells (source, row_key, field, value), sorted by row_key."""
    cache: _TableCache = _CACHE.__dict__.setdefault("tables", _TableCache())
    decoded = cache.of(cells)
    if decoded is None:
        decoded = list(_decoded(cells))
        cache.keep(cells, decoded)
    return decoded


def _decoded(cells: pa.Table) -> Iterator[Table]:
    for source in sorted(set(cells["source"].unique().to_pylist())):
        own = cells.filter(pa.compute.equal(cells["source"], source))
        keys, rows = _encoded(own["row_key"])
        names, columns = _encoded(own["field"])
        values, codes = _encoded(own["value"].fill_null(""))
        grid = np.full((len(names), len(keys)), -1, dtype=np.int64)
        grid[columns, rows] = codes
        texts = [*values.to_pylist(), ""]  # the last stands for a cell that is not there
        columns_of_source = [_column(str(name), grid[i], texts) for i, name in enumerate(names.to_pylist())]
        yield Table(source, keys, sorted(columns_of_source, key=lambda column: column.name))


def _column(name: str, codes: Ints, texts: list[str]) -> CellColumn:
    distinct, own = np.unique(codes, return_inverse=True)
    return CellColumn(name, own.astype(np.int64), [texts[i] for i in distinct])


def _encoded(column: pa.ChunkedArray) -> tuple[pa.Array, Ints]:
    """Give the distinct values, sorted, and each row's index among them."""
    encoded = column.combine_chunks().dictionary_encode()
    order = pa.compute.sort_indices(encoded.dictionary)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order.to_numpy()] = np.arange(len(order))
    return encoded.dictionary.take(order), rank[encoded.indices.to_numpy(zero_copy_only=False)]


@dataclass
class Findings:
    """Findings about cells, gathered into the columns that a test gives."""

    rows: list[dict[str, str | int]] = field(default_factory=list)

    def add(self, table: Table, column: CellColumn, row: int, score: int, expected: str) -> None:
        """Name one cell, and what was expected of it."""
        self.rows.append(
            {
                "row_key": table.row_keys[row].as_py(),
                "field": column.name,
                "score": score,
                "observed": column.values[column.codes[row]][:_SHOWN],
                "threshold": expected,
                "population": f"column {column.name} of {table.source}",
            }
        )

    def add_values(self, table: Table, column: CellColumn, score: int, expected: Mapping[int, str]) -> None:
        """Name every cell that has one of these values."""
        if expected:
            for row in np.flatnonzero(np.isin(column.codes, list(expected))):
                self.add(table, column, int(row), score, expected[int(column.codes[row])])

    def arrow(self) -> pa.Table:
        """Give them as a table: row_key, field, score, observed, threshold, population."""
        return pa.Table.from_pylist(self.rows, schema=_SCHEMA)


def quoted(value: str) -> str:
    """Write a value for a reader, cut where it is long."""
    return f"'{value[:_SHOWN]}'"
