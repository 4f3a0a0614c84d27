"""Statements of people, read only by construction: one SELECT whose every node, function and table is listed.

The text is parsed, each node of the tree is held against a list of what may stand there, and what runs is
written anew from the tree: nothing that only one of two parsers sees reaches the engine.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from tools.core.errors import UsageError

if TYPE_CHECKING:
    from sqlglot import exp

MOST_CHARACTERS: Final = 20_000
MOST_NODES: Final = 5_000
_PLAIN: Final = re.compile(r"[a-z_][a-z0-9_]*")
NODES: Final = frozenset(
    "Add Alias Between BitwiseAnd BitwiseLeftShift BitwiseOr BitwiseRightShift Boolean Bracket CTE Column "
    "DPipe DataType DataTypeParam Distinct Div EQ Except Filter From GT GTE Group Having ILike Identifier "
    "In IntDiv Intersect Interval Is Join LT LTE Like Limit Literal Mod Mul NEQ Neg Not Null NullSafeEQ "
    "NullSafeNEQ Offset Order Ordered Paren Placeholder Parameter Qualify Select Slice Star Sub Subquery "
    "Table TableAlias Tuple Union Values Var Where Window WindowSpec Windows With WithinGroup".split()
)
FUNCTIONS: Final = frozenset(
    "Abs And AnyValue ApproxDistinct ArgMax ArgMin Array ArrayAgg Avg BitwiseAndAgg BitwiseOrAgg Case "
    "Cast Ceil Coalesce Concat ConcatWs Corr Count CountIf CumeDist CurrentDate DateAdd DateDiff DateSub "
    "DateTrunc Day DayOfMonth DayOfWeek DayOfYear DenseRank Exists Exp Extract FirstValue Floor Greatest "
    "GroupConcat If Lag LastDay LastValue Lead Least Left Length Levenshtein Ln Log LogicalAnd LogicalOr "
    "Lower Max Median Min Month MonthsBetween NthValue Ntile Nullif Or Pad PercentRank PercentileCont "
    "PercentileDisc Pow Quantile Quarter Rank RegexpLike RegexpReplace Replace Right Round RowNumber Sign "
    "Split SplitPart Sqrt StartsWith Stddev StddevPop StddevSamp StrPosition StrToDate Substring Sum "
    "TimestampTrunc TimeToStr Translate Trim TryCast TsOrDsToDate Upper Variance VariancePop Week Xor "
    "Year".split()
)
NAMED: Final = frozenset(
    "contains date_part ends_with hash isodow monthname dayname prefix starts_with strftime suffix "
    "weekofyear isoyear yearweek round_even even fdiv mode skewness kurtosis hamming jaccard "
    "list_contains".split()
)


def checked(text: str, tables: Collection[str], parameters: Collection[str] = ()) -> str:
    """Give a person's SELECT as it may run: parsed, held against the lists, and written anew.

    tables: those that it may read. parameters: $names that are bound.
    Raises UsageError naming what may not stand there.
    """
    tree = _parsed(text)
    own = _own_names(tree)
    readable, bound = ({name.lower() for name in names} for names in (tables, parameters))
    for count, node in enumerate(tree.walk(), start=1):
        if count > MOST_NODES:
            raise _refused(f"it has more than {MOST_NODES:,} parts")
        _check(node, readable, own, bound)
    return tree.sql(dialect="duckdb", comments=False)


def tables_in(statement: str) -> set[str]:
    """Name the tables that a checked statement reads, its own common tables left out."""
    from sqlglot import exp  # noqa: PLC0415 - imported when used

    tree = _parsed(statement)
    return {table.name.lower() for table in tree.find_all(exp.Table)} - _own_names(tree)


def _parsed(text: str) -> exp.Query:
    import sqlglot  # noqa: PLC0415 - a third of a second, which only whoever writes SQL waits for
    from sqlglot import exp  # noqa: PLC0415 - imported when used
    from sqlglot.errors import SqlglotError  # noqa: PLC0415 - imported when used

    if len(text) > MOST_CHARACTERS:
        raise _refused(f"it has more than {MOST_CHARACTERS:,} characters")
    if "\0" in text:
        raise _refused("it holds a NUL")
    logging.getLogger("sqlglot").setLevel(logging.ERROR)  # what it does not know is refused here, with words
    try:
        trees = [tree for tree in sqlglot.parse(text, read="duckdb") if tree is not None]
    except (SqlglotError, RecursionError) as error:
        raise _refused(f"it is no SQL ({str(error).splitlines()[0][:200]})") from None
    if len(trees) != 1:
        raise _refused("it is not exactly one statement")
    tree = trees[0]
    if not isinstance(tree, exp.Select | exp.SetOperation):
        raise _refused(f"it is a {type(tree).__name__.upper()}, not a SELECT")
    if any(not select.expressions for select in tree.find_all(exp.Select)):
        raise _refused("it selects nothing")
    return tree


def _own_names(tree: exp.Query) -> set[str]:
    """Give the names of the statement's own common tables: plain ones, as others are taken for files."""
    from sqlglot import exp  # noqa: PLC0415 - imported when used

    names = {cte.alias_or_name.lower() for cte in tree.find_all(exp.CTE)}
    odd = sorted(name for name in names if not _PLAIN.fullmatch(name))
    if odd:
        raise _refused(f"a common table cannot be called {odd[0]}")
    return names


def _check(node: exp.Expr, tables: set[str], own: set[str], parameters: set[str]) -> None:
    from sqlglot import exp  # noqa: PLC0415 - imported when used

    name = type(node).__name__
    if isinstance(node, exp.Anonymous):
        if node.name.lower() not in NAMED:
            raise _refused(f"the function {node.name} is not listed")
    elif isinstance(node, exp.Func):
        if name not in FUNCTIONS:
            raise _refused(f"the function {node.sql_name()} is not listed")
    elif name not in NODES:
        raise _refused(f"a {name} may not stand there")
    if isinstance(node, exp.Table):
        _check_table(node, tables, own)
    if isinstance(node, exp.Parameter | exp.Placeholder) and _name(node) not in parameters:
        raise _refused(f"${_name(node)} is bound by nobody")
    if isinstance(node, exp.With) and node.args.get("recursive"):
        raise _refused("it calls itself")


def _check_table(node: exp.Table, tables: set[str], own: set[str]) -> None:
    from sqlglot import exp  # noqa: PLC0415 - imported when used

    if not isinstance(node.this, exp.Identifier):
        raise _refused("rows come from tables, not from functions")
    if node.args.get("db") or node.args.get("catalog"):
        raise _refused(f"{node.sql(dialect='duckdb')} is in another schema")
    if node.name.lower() not in tables | own:
        raise _refused(f"there is no table {node.name}: there are {', '.join(sorted(tables))}")


def _name(node: exp.Expr) -> str:
    return (node.name or node.text("this")).lower()


def _refused(why: str) -> UsageError:
    return UsageError(
        f"this statement is not run: {why}.",
        place="sql",
        remedy="Write one SELECT over the tables of the books, with plain functions.",
    )
