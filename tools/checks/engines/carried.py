"""Carry a query from DuckDB's dialect to another engine's, its $parameters left to be bound there."""

from __future__ import annotations

from functools import cache
from typing import Literal

import sqlglot
from sqlglot import exp

from tools.core.errors import UnsupportedError

Dialect = Literal["postgres", "spark", "databricks"]

_MARK = "tieout_bound_{}"


@cache
def carried(sql: str, dialect: Dialect) -> str:
    """Give the query's text in `dialect`: parameters as %(name)s in PostgreSQL, :name in Spark.

    Raises UnsupportedError for what sqlglot cannot say there.
    """
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
        turned = tree.transform(_marked).transform(_respelled, dialect)
        text = turned.sql(dialect=dialect, unsupported_level=sqlglot.ErrorLevel.RAISE)
    except sqlglot.errors.SqlglotError as error:
        raise UnsupportedError(f"cannot be said in {dialect}: {error}") from None
    names = {placeholder.name for placeholder in tree.find_all(exp.Placeholder)}
    if dialect == "postgres":
        text = text.replace("%", "%%")
    for name in sorted(names, key=len, reverse=True):
        bound = f"%({name})s" if dialect == "postgres" else f":{name}"
        text = text.replace(_MARK.format(name), bound)
    return text


def _marked(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Placeholder):
        return exp.column(_MARK.format(node.name))
    return node


def _respelled(node: exp.Expression, dialect: Dialect) -> exp.Expression:
    # Spark's percentile_cont wants WITHIN GROUP; its percentile is the same figure as an aggregate.
    if dialect != "postgres" and isinstance(node, exp.PercentileCont) and node.expression:
        return exp.Anonymous(this="percentile", expressions=[node.this, node.expression])
    # Spark reads "OVER w - x" as a name with a hyphen in it.
    if (
        dialect != "postgres"
        and isinstance(node, exp.Window)
        and node.alias
        and isinstance(node.parent, exp.Sub)
    ):
        return exp.paren(node)
    # A number for a text, to find what is alike sooner: each engine has its own, and none is kept.
    if dialect == "postgres" and isinstance(node, exp.Anonymous) and node.name == "hash":
        return exp.Anonymous(this="hashtext", expressions=node.expressions)
    return node


@cache
def tables_of(sql: str) -> frozenset[str]:
    """Name the tables that a query reads, those that it makes itself left out."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    own = {expression.alias for expression in tree.find_all(exp.CTE)}
    return frozenset(table.name for table in tree.find_all(exp.Table)) - own
