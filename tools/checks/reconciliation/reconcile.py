"""Reconcile every declared pair, and turn what broke into findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from tools.books import check_tables
from tools.books.engine import Books
from tools.checks.reconciliation import TESTS, aliases, breaks, match_pair, pairs_elsewhere, statements
from tools.checks.reconciliation.sides import items
from tools.checks.runner import TestResult, run_tests
from tools.ledger.sources import Pair, Sources
from tools.rules.model import Rules
from tools.rules.test_header import load


@dataclass(frozen=True)
class ReconciliationResult:
    """What became of the tests, and the statements that were drawn up (JSON primitives).

    statements: "bank_reconciliation", "balances" and "roll_forward", each a list, money as decimal text.
    too_large: groups of which only what nothing rivals was matched: pair, left_rows, right_rows.
    uncovered: a bank's lines that no book claims to show: pair, source, currency, rows, amount_minor.
    """

    tests: list[TestResult]
    statements: dict[str, Any] = field(default_factory=dict)
    too_large: list[dict[str, Any]] = field(default_factory=list)
    uncovered: list[dict[str, Any]] = field(default_factory=list)


def reconcile(
    books: Books,
    sources: Sources,
    rules: Rules,
    progress: Callable[[TestResult], None] | None = None,
) -> ReconciliationResult:
    """Match the declared pairs into the connection's `match` and `break` tables, and test what broke.

    Fills `finding` and `learned_alias` too. Amounts in minor units; days are whole days; no row is claimed
    twice within a pair.
    """
    items.prepare(books)
    breaks.prepare(books)
    papers: dict[str, Any] = {"balances": [], "roll_forward": []}
    pairs = [pair for pair in sources.pairs if {pair.left, pair.right} <= set(books.manifest.sources)]
    if books.machines is not None:
        matched = pairs_elsewhere.match(books, sources, pairs, books.machines)
    else:
        matched = match_pair.match_all(books, sources, pairs)
    papers["bank_reconciliation"] = matched.reconciliations
    _compare(books, sources)
    for name, kind in books.manifest.sources.items():
        if kind == "bank":
            papers["balances"] += [
                {"source": name, **proof} for proof in statements.balance_proofs(books, name)
            ]
    if books.has("trial_balance.account"):
        papers["roll_forward"] = statements.roll_forward(books)
    tests = run_tests(books, [load("reconciliation", name) for name in TESTS], rules, progress=progress)
    aliases.learn(books)
    return ReconciliationResult(tests, papers, matched.too_large, matched.uncovered)


def _compare(books: Books, sources: Sources) -> None:
    """Say what is held against what: for tests to need (rows, documents, ...), and as their population."""
    kinds = books.manifest.sources
    pairs = [pair for pair in sources.pairs if {pair.left, pair.right} <= set(kinds)]
    modes = {pair.mode for pair in pairs}
    rows = ["rows"] if modes - {"statement"} else []
    entries = ["entries"] if rows or "ledger" in kinds.values() else []
    books.manifest.present["pair"] = [*rows, *entries, *sorted(modes & {"documents", "statement"})]
    counted = books.rows("SELECT source, count(*) AS n FROM txn WHERE scope <> 'history' GROUP BY source")
    counts = {row["source"]: int(row["n"]) for row in counted}
    comparisons = [
        {"pair": pair.name, "side": side, "population": words}
        for pair in pairs
        for side, words in _descriptions(pair, counts).items()
    ]
    books.create("compared", check_tables.COMPARED)
    if comparisons:
        books.connection.register("comparisons", pa.Table.from_pylist(comparisons))
        books.execute("INSERT INTO compared BY NAME SELECT * FROM comparisons")


def _descriptions(pair: Pair, counts: Mapping[str, int]) -> dict[str, str]:
    return {
        "left": f"{counts.get(pair.left, 0):,} rows of {pair.left}, compared with {pair.right}",
        "right": f"{counts.get(pair.right, 0):,} rows of {pair.right}, compared with {pair.left}",
        "matched": f"matches of {pair.left} with {pair.right}",
        "statement": f"what {pair.right} paid for the rows of {pair.left}",
    }
