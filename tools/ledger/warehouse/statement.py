"""The one SELECT that reads a source out of a database, and the day from which on its rows are needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql import quoted_name

from tools.ledger.source import Source


@dataclass(frozen=True)
class EarliestDay:
    """Rows whose day in this column lies before `day` are in no window and no history: they are not read."""

    column: str
    day: date


def rows_of(source: Source) -> sa.Select[Any]:
    """Select every column of a source's table, or of its query."""
    everything: sa.ColumnClause[Any] = sa.literal_column("*")
    if source.query is not None:
        # A colon in the query is its own, and no parameter of ours.
        query = sa.text(source.query.strip().rstrip(";").replace(":", r"\:"))
        return sa.select(everything).select_from(query.columns().subquery("source_rows"))
    *schema, name = (source.table or "").split(".")
    table = sa.table(
        quoted_name(name, quote=True),
        schema=quoted_name(".".join(schema), quote=True) if schema else None,
    )
    return sa.select(everything).select_from(table)


def since(rows: sa.Select[Any], floor: EarliestDay | None) -> sa.Select[Any]:
    """Leave out the rows before a day; a row without a day stays."""
    if floor is None:
        return rows
    column: sa.ColumnClause[date] = sa.column(quoted_name(floor.column, quote=True), sa.Date)
    return rows.where(sa.or_(column.is_(None), column >= floor.day))


def render(rows: sa.Select[Any], dialect: Dialect) -> str:
    """Write a statement out in a database's dialect; days are literals, so that it can be streamed."""
    return str(rows.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
