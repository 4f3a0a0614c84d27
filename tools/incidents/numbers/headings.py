"""A number's sums by the values of each dimension: before and now, aggregated where the rows lie."""

from __future__ import annotations

from typing import NamedTuple

from duckdb import CoalesceOperator, ColumnExpression, ConstantExpression

from tools.core.sql_files import sql
from tools.incidents.numbers.measure import MOST_DIMENSIONS
from tools.incidents.numbers.reading import NumberReading, queried

_ALL = 2**MOST_DIMENSIONS - 1


class HeadingSum(NamedTuple):
    """One value of a dimension ("" where rows have none). Before is scaled to be as long as now."""

    heading: str
    before: float
    now: float
    rows_before: float
    rows_now: int


def by_heading(reading: NumberReading) -> dict[str, list[HeadingSum]]:
    """Sum a number by the values of each of its dimensions, in one pass over the rows."""
    absent = [ConstantExpression("")] * (MOST_DIMENSIONS - len(reading.by))
    texts = [
        CoalesceOperator(ColumnExpression(name).cast("VARCHAR"), ConstantExpression(""))
        for name in reading.by
    ]
    headings = [text.alias(f"h{number}") for number, text in enumerate([*texts, *absent], 1)]
    compared = ColumnExpression("period") < ConstantExpression(reading.windows.against.stop)
    figures = [ColumnExpression(name) for name in ("value", "role")]
    rows = reading.rows.filter(compared).select(*headings, *figures)
    sums: dict[str, list[HeadingSum]] = {name: [] for name in reading.by}
    for without, heading, before, now, rows_before, rows_now in queried(
        rows, sql("tools.incidents.numbers", "by_heading")
    ).fetchall():
        place = MOST_DIMENSIONS - (_ALL ^ without).bit_length()
        if place < len(reading.by):
            scale = reading.windows.scale
            sums[reading.by[place]].append(
                HeadingSum(heading, before * scale, now, rows_before * scale, rows_now)
            )
    return sums
