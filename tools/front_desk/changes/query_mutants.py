"""Mutants of a query: one operator, constant or predicate of its tree altered at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp


def of_test(text: str) -> Iterator[tuple[str, str, str]]:
    """Give words, place and text of each mutant of a test of the books: its header stays."""
    import sqlglot  # noqa: PLC0415 - a third of a second, which only a new test waits for

    header = "".join(line for line in text.splitlines(keepends=True) if line.startswith("--"))
    body = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("--"))
    tree = sqlglot.parse_one(body, read="duckdb")
    for index, node in enumerate(tree.walk()):
        for words, replacement in _altered(node):
            mutated = _with(tree, index, replacement)
            if mutated:
                place = f"{index} {node.sql(dialect='duckdb')[:40]}"
                yield f"{node.sql(dialect='duckdb')[:60]} {words}", place, f"{header}{mutated}\n"


def _with(tree: exp.Expr, index: int, replacement: exp.Expr) -> str:
    copy = tree.copy()
    for place, node in enumerate(copy.walk()):
        if place == index:
            node.replace(replacement)
            return copy.sql(dialect="duckdb", pretty=True)
    return ""


def _altered(node: exp.Expr) -> Iterator[tuple[str, exp.Expr]]:
    from sqlglot import exp  # noqa: PLC0415 - imported when used

    swaps: dict[type[exp.Expr], tuple[type[exp.Expr], ...]] = {
        exp.GT: (exp.GTE, exp.LT), exp.GTE: (exp.GT, exp.LT), exp.LT: (exp.LTE, exp.GT),
        exp.LTE: (exp.LT, exp.GT), exp.EQ: (exp.NEQ,), exp.NEQ: (exp.EQ,), exp.And: (exp.Or,),
        exp.Or: (exp.And,), exp.Add: (exp.Sub,), exp.Sub: (exp.Add,), exp.Mul: (exp.Div,),
    }  # fmt: skip
    for operator in swaps.get(type(node), ()):
        yield (
            f"with {operator.__name__}",
            operator(**{name: _copied(value) for name, value in node.args.items()}),
        )
    if isinstance(node, exp.Literal) and node.is_number and "." not in node.name:
        yield "plus one", exp.Literal.number(int(node.name) + 1)
    if isinstance(node, exp.Literal) and node.is_string and _decides(node):
        yield "as another text", exp.Literal.string(f"{node.name}x")
    if isinstance(node, exp.Connector):
        yield "without its right side", node.left.copy()
        yield "without its left side", node.right.copy()
    if isinstance(node, exp.Not):
        yield "not negated", node.this.copy()
    if isinstance(node, exp.Where):
        yield "always true", exp.Where(this=exp.true())


def _decides(node: exp.Expr) -> bool:
    """Say whether a text is compared with something, and not only shown."""
    from sqlglot import exp  # noqa: PLC0415 - imported when used

    return isinstance(node.parent, exp.Binary | exp.In) and not isinstance(node.parent, exp.DPipe)


def _copied(value: object) -> object:
    copy = getattr(value, "copy", None)
    return copy() if copy is not None else value
