"""Which rows a test may flag: those of the audit's window, and what reconciliation left open before it.

A query that gives each row's scope is narrowed by it; the rows of any other are looked up by their keys.
"""

from __future__ import annotations

import re

import pyarrow as pa

from tools.rules.test_header import BookTest

_CHOSEN = re.compile(r"^SELECT\b(?P<columns>.*?)^FROM\b", re.DOTALL | re.MULTILINE)  # of the outermost query
_SCOPE = re.compile(r"(?:[,.]|\bAS|^)\s*scope\s*(?:,|$)")
_BY_SCOPE = "WHERE f.scope IN ({scopes})"
_OR_SOURCE = " UNION ALL SELECT 'source:' || source FROM txn GROUP BY source"
_BY_KEY = "SEMI JOIN (SELECT row_key FROM txn WHERE scope IN ({scopes}){more}) w ON w.row_key = f.row_key"


def scopes(test: BookTest) -> tuple[str, ...]:
    """Give the scopes of the rows that a test may flag.

    What had ordinarily not cleared yet when its window was audited is judged when it should have: an open
    item's clearing is over in a later run, and its other side may come with another amount.
    """
    return ("window", "open") if test.check == "reconciliation" else ("window",)


def gives_scope(sql: str) -> bool:
    """Say whether a query's rows say their scope: read off its text, as asking the engine takes it a plan."""
    chosen = _CHOSEN.search(sql)
    return bool(chosen and _SCOPE.search(chosen["columns"]))


def window_clause(test: BookTest, judged: pa.Table | None) -> str:
    """Write the clause that leaves only rows that the test may flag, of a query or of judged rows."""
    if test.about != "row":
        return ""
    scoped = gives_scope(test.sql) if judged is None else "scope" in judged.column_names
    listed = ", ".join(f"'{scope}'" for scope in scopes(test))
    more = _OR_SOURCE if "'source:'" in test.sql else ""  # what stands on no row stands on its source
    return (_BY_SCOPE if scoped else _BY_KEY).format(scopes=listed, more=more)
