"""Reconcile every declared pair, and turn what broke into findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from tools import tables
from tools.booktest import load
from tools.engine import Books
from tools.reconciliation import TESTS, breaks, documents, items, single, statement
from tools.reconciliation.declared import Pair, Sources
from tools.rules import Rules
from tools.runner import TestResult, run_tests

Matcher = Callable[[Books, Pair], None]

MODES: Final = MappingProxyType[str, Matcher](
    {
        "one_to_one": single.match,
        "statement": statement.match,
        "documents": documents.match,
        "full": single.match,
    }
)


@dataclass(frozen=True)
class ReconciliationResult:
    """What became of the tests, and the statements that were drawn up (JSON primitives, by pair)."""

    tests: list[TestResult]
    statements: dict[str, Any] = field(default_factory=dict)


def reconcile(
    books: Books,
    sources: Sources,
    rules: Rules,
    progress: Callable[[TestResult], None] | None = None,
) -> ReconciliationResult:
    """Match the declared pairs into the connection's `match` and `break` tables, and test what broke.

    Fills `finding` too. Amounts in minor units; days are whole days; no row is claimed twice within a pair.
    """
    books.create("match", tables.MATCH)
    books.create("break", tables.BREAK)
    for pair in sources.pairs:
        if {pair.left, pair.right} <= set(books.manifest.sources):
            _one(books, pair)
    return ReconciliationResult(
        run_tests(books, [load("reconciliation", name) for name in TESTS], rules, progress=progress)
    )


def _one(books: Books, pair: Pair) -> None:
    items.load(books, pair)
    MODES[pair.mode](books, pair)
    breaks.record(books, pair)
