"""A number in what is found reads alike, whichever engine computed it."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest

from tools.checks.engines.postgresql import numbers


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (["0.7", "0.25"], ["0.70", "0.25"]),
        (["-0.05", None], ["-0.05", None]),
        (["12345678901234567890", "3"], ["12345678901234567890", "3"]),
        (["1E+3"], ["1000"]),
    ],
)
def test_a_decimal_reads_as_the_server_writes_it(values: list[str | None], texts: list[str | None]) -> None:
    """A figure before the point is written, and as many behind it as the column has."""
    column = numbers([None if value is None else Decimal(value) for value in values])
    rows = duckdb.connect().from_arrow(pa.table({"n": column})).project("CAST(n AS VARCHAR)").fetchall()
    assert [text for (text,) in rows] == texts


@pytest.mark.parametrize("value", ["NaN", "Infinity", "123456789012345678901234567890123456789", "1E-40"])
def test_a_decimal_that_no_column_holds_is_a_float(value: str) -> None:
    """What is longer than DuckDB's decimals, or no number, stops no test."""
    assert numbers([Decimal(value)]).type == pa.float64()
