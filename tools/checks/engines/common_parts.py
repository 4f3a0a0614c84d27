"""Cut from a query the parts that it names several times, for an engine that would compute them each time.

Spark puts a common table expression's own query where its name stands: a part that is named twice, of parts
that are named twice, is planned and computed four times. DuckDB and PostgreSQL compute such a part once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, cast

import sqlglot
from sqlglot import exp

from tools.core.digest import digest

_COSTLY: Final = (exp.Join, exp.Group, exp.Window, exp.Distinct, exp.AggFunc, exp.SetOperation)


@dataclass(frozen=True)
class CutQuery:
    """A query in DuckDB's dialect. parts: name and query of each part to lay out before it, in order."""

    parts: tuple[tuple[str, str], ...]
    rest: str


@cache
def cut(sql: str) -> CutQuery:
    """Cut a query into its costly common parts and the rest; a part's name is of this query alone."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    mark = digest(sql)[:12]
    parts = list[tuple[str, str]]()
    for clause in list(tree.find_all(exp.With)):
        if not clause.args.get("recursive"):
            parts += _cut_clause(clause, mark)
    return CutQuery(tuple(parts), tree.sql(dialect="duckdb") if parts else sql)


def _cut_clause(clause: exp.With, mark: str) -> list[tuple[str, str]]:
    """Take the costly parts out of one WITH clause; the parts that they name themselves go along."""
    chosen = _chosen(clause)
    names = {expression.alias: f"{expression.alias}_{mark}" for expression in chosen}
    for table in clause.parent.find_all(exp.Table) if clause.parent else ():
        if table.name in names and _names_part_of(clause, table):
            alias = table.alias or table.name
            table.set("this", exp.to_identifier(names[table.name]))
            table.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    parts = [(names[each.alias], _whole(each, clause, chosen)) for each in chosen]
    for expression in chosen:
        expression.pop()
    if not clause.expressions:
        clause.pop()
    return parts


def _chosen(clause: exp.With) -> list[exp.CTE]:
    """Choose what is costly and would be computed more than once."""
    expressions = list(clause.expressions)
    times = {each.alias: _mentions(clause.parent, each.alias, clause) for each in expressions}
    for each in expressions:
        for inner in expressions:
            times[inner.alias] -= _mentions(each, inner.alias, clause)  # of the main query alone
    chosen = list[exp.CTE]()
    for each in reversed(expressions):
        computed = times[each.alias]
        if computed > 1 and each.this.find(*_COSTLY):
            chosen.insert(0, each)
            computed = 1
        for inner in expressions:
            times[inner.alias] += computed * _mentions(each, inner.alias, clause)
    return chosen


def _mentions(tree: exp.Expr | None, name: str, clause: exp.With) -> int:
    tables = tree.find_all(exp.Table) if tree else ()
    return sum(table.name == name and _names_part_of(clause, table) for table in tables)


def _names_part_of(clause: exp.With, table: exp.Table) -> bool:
    """Say whether a name is of a WITH clause: not of a schema, nor what an inner query gives anew."""
    owners = (owner for owner, parts in _visible(table) if any(part.alias == table.name for part in parts))
    return not table.db and next(owners, None) is clause


def _visible(table: exp.Table) -> Iterator[tuple[exp.With, Iterable[exp.Expression]]]:
    """Give the WITH clauses around a table, inner first, with their parts that it may name."""
    below, above = cast("exp.Expression", table), table.parent
    while above is not None:
        if isinstance(above, exp.With):  # a part names those before it alone
            yield above, above.expressions[: above.expressions.index(below)]
            above = above.parent
        elif above.args.get("with_"):
            yield above.args["with_"], above.args["with_"].expressions
        below, above = cast("exp.Expression", above), above.parent if above else None


def _whole(part: exp.CTE, clause: exp.With, chosen: list[exp.CTE]) -> str:
    """Give a part's query with the parts before it that it needs and that are not laid out themselves."""
    query = part.this.copy()
    needed = _needed(part, [each for each in clause.expressions if each not in chosen], clause)
    if needed:
        query.set("with_", exp.With(expressions=[each.copy() for each in needed]))
    return str(query.sql(dialect="duckdb"))


def _needed(part: exp.CTE, others: list[exp.CTE], clause: exp.With) -> list[exp.CTE]:
    needed = list[exp.CTE]()
    for each in reversed(others):
        if any(_mentions(tree, each.alias, clause) for tree in (part, *needed)):
            needed.insert(0, each)
    return needed
