"""Parquet as rows of texts, as a CSV of the same values would give them; `line` is the row number, from 1."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from tools.books.engine import quoted
from tools.core.errors import SourcesError
from tools.ledger.readers.cell_batches import distinct, schema
from tools.ledger.readers.file_parts import FilePart, digest

_BATCH: Final = 100_000


class ParquetFile:
    """A Parquet file, open for reading."""

    typed = True
    notes: tuple[str, ...] = ()

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        path: Path,
        decimal_mark: str,
        part: FilePart | None = None,
    ) -> None:
        """Read its schema. Raises SourcesError when it is no Parquet file, OSError when it is away.

        part: what of its rows is read.
        """
        self._connection, self._path, self._mark, self._part = connection, path, decimal_mark, part
        self.sha256 = part.sha256 if part else digest(path)
        try:
            relation = connection.read_parquet(str(path))
        except duckdb.Error as error:
            raise SourcesError(f"is no Parquet file: {error}", place=str(path)) from None
        self._columns = list(zip(relation.columns, map(str, relation.types), strict=True))
        self.names = distinct([name for name, _ in self._columns])

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Read its rows."""
        width = len(self.names)
        cells = ", ".join(
            f"{text_of(name, kind, self._mark)} AS c{i}" for i, (name, kind) in enumerate(self._columns)
        )
        # A connection of its own: the other one is busy with the rows that this one gives.
        rows = self._connection.cursor().read_parquet(str(self._path), file_row_number=True)
        if self._part:  # whole row groups: the others are not opened
            rows = rows.filter(
                f"file_row_number >= {self._part.start} AND file_row_number < {self._part.end}"
            )
        for batch in rows.project(f"{cells}, file_row_number + 1 AS line").to_arrow_reader(_BATCH):
            nothing = pa.nulls(batch.num_rows, pa.string())
            texts = [batch.column(i) for i in range(width)]
            yield pa.RecordBatch.from_arrays(
                [*texts, batch.column(width), nothing, nothing, nothing], schema=schema(width)
            )


def text_of(name: str, kind: str, mark: str) -> str:
    """Give the SQL of a column's values as a CSV file would write them; `kind` is its DuckDB type."""
    column = quoted(name)
    text = f"CAST({column} AS VARCHAR)"
    if kind in ("FLOAT", "DOUBLE"):
        # The shortest text that gives the number back; never in powers of ten.
        exact = f"CAST(CAST({column} AS DECIMAL(38, 9)) AS VARCHAR)"
        text = f"CASE WHEN contains({text}, 'e') AND abs({column}) < 1e28 THEN {exact} ELSE {text} END"
        text = f"regexp_replace({text}, '[.]0+$', '')"
    if kind in ("FLOAT", "DOUBLE") or kind.startswith("DECIMAL"):
        text = f"replace({text}, '.', '{mark}')"
    return text
