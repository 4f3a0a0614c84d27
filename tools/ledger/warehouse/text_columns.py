"""Values of a database as the texts that a CSV file of them would hold."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from decimal import Decimal
from itertools import islice
from typing import Any, Final

import duckdb
import pyarrow as pa

from tools.books.engine import quoted
from tools.ledger.readers.parquet_file import text_of

BATCH: Final = 50_000  # rows
Wording = Callable[[], AbstractContextManager[None]]


def from_arrow(
    connection: duckdb.DuckDBPyConnection,
    rows: pa.RecordBatchReader,
    mark: str,
    errors: Wording = nullcontext,
) -> Iterator[pa.RecordBatch]:
    """Give Arrow batches with every column as text; numbers have the decimal mark `mark`.

    errors: words what goes wrong while the rows come; that is raised, not the words of the engine in between.
    """
    failures: list[Exception] = []
    numbers = {field.name for field in rows.schema if _is_opaque(field.type)}
    names = [f"c{i}" for i in range(len(rows.schema))]
    stored = pa.schema([(name, _stored(field.type)) for name, field in zip(names, rows.schema, strict=True)])
    opened = pa.RecordBatchReader.from_batches(stored, _stored_batches(rows, stored, errors, failures))
    cursor = connection.cursor()
    relation = cursor.from_arrow(opened)
    kinds = zip(names, rows.schema.names, map(str, relation.types), strict=True)
    texts = ", ".join(
        f"{text_of(name, 'DECIMAL' if own in numbers else kind, mark)} AS {quoted(name)}"
        for name, own, kind in kinds
    )
    try:
        yield from relation.project(texts).to_arrow_reader(BATCH)
    except Exception as error:  # noqa: BLE001 - DuckDB and Arrow each have their own
        raise (failures[0] if failures else error) from None


def _stored_batches(
    rows: pa.RecordBatchReader, schema: pa.Schema, errors: Wording, failures: list[Exception]
) -> Iterator[pa.RecordBatch]:
    try:
        with errors():
            for batch in rows:
                yield pa.RecordBatch.from_arrays([_plain(c) for c in batch.columns], schema=schema)
    except Exception as error:
        failures.append(error)
        raise


def from_rows(rows: Iterator[Sequence[Any]], width: int, mark: str) -> Iterator[pa.RecordBatch]:
    """Give rows of Python values as batches of texts."""
    names = [f"c{i}" for i in range(width)]
    while chunk := list(islice(rows, BATCH)):
        columns = [_texts(column, mark) for column in zip(*chunk, strict=True)]
        yield pa.RecordBatch.from_arrays(columns, names=names)


def _texts(values: Sequence[Any], mark: str) -> pa.Array:
    if set(map(type, values)) <= {str, type(None)}:
        return pa.array(values, pa.string())
    return pa.array([_text(value, mark) for value in values], pa.string())


def _text(value: object, mark: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float):
        # The shortest text that gives the number back, never in powers of ten.
        text = format(Decimal(repr(value)), "f") if math.isfinite(value) else repr(value)
        return text.removesuffix(".0").replace(".", mark)
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", mark)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _is_opaque(kind: pa.DataType) -> bool:
    """Whether a column is a number that Arrow has no type for: PostgreSQL's numeric, without a precision."""
    return isinstance(kind, pa.OpaqueType) and kind.type_name == "numeric"


def _stored(kind: pa.DataType) -> pa.DataType:
    return kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind


def _plain(column: pa.Array) -> pa.Array:
    return column.storage if isinstance(column, pa.ExtensionArray) else column
