"""Reconcile every declared pair, and turn what broke into findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa

from tools.books import tables
from tools.books.engine import Books
from tools.checks.reconciliation import TESTS, aliases, breaks, passes, statements
from tools.checks.reconciliation.cash_application import payments
from tools.checks.reconciliation.modes import documents, statement
from tools.checks.reconciliation.one_to_one import equal_keys
from tools.checks.reconciliation.sides import items
from tools.checks.runner import TestResult, run_tests
from tools.ledger.sources import Pair, Sources
from tools.rules.model import Rules
from tools.rules.test_header import load

Matcher = Callable[[Books, Sources, Pair], None]


def one_to_one(books: Books, sources: Sources, pair: Pair) -> None:  # noqa: ARG001 - every mode takes them
    """Match one row against one."""
    equal_keys.match(books, pair)
    passes.match(books, pair, passes.ONE_TO_ONE)


def full(books: Books, sources: Sources, pair: Pair) -> None:
    """Match with every pass: groups and offsets too; payments are applied to their invoices."""
    if payments.billed_by_bank(sources, pair) is not None:
        payments.match_bank(books, sources, pair)
        return
    if payments.is_application(sources, pair):
        payments.match(books, sources, pair)
        return
    equal_keys.match(books, pair)
    passes.match(books, pair, passes.FULL, passes.VOIDED)


MODES: Final = MappingProxyType[str, Matcher](
    {
        "one_to_one": one_to_one,
        "statement": statement.match,
        "documents": documents.match,
        "full": full,
    }
)


@dataclass(frozen=True)
class ReconciliationResult:
    """What became of the tests, and the statements that were drawn up (JSON primitives).

    statements: "bank_reconciliation", "balances" and "roll_forward", each a list, money as decimal text.
    """

    tests: list[TestResult]
    statements: dict[str, Any] = field(default_factory=dict)


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
    papers: dict[str, Any] = {"bank_reconciliation": [], "balances": [], "roll_forward": []}
    for pair in sources.pairs:
        if {pair.left, pair.right} <= set(books.manifest.sources):
            _match_pair(books, sources, pair)
            if statements.is_bank_reconciliation(sources, pair):
                papers["bank_reconciliation"] += statements.bank_reconciliation(books, sources, pair)
    breaks.publish(books)
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
    return ReconciliationResult(tests, papers)


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
    books.create("compared", tables.COMPARED)
    if comparisons:
        books.connection.register("comparing", pa.Table.from_pylist(comparisons))
        books.execute("INSERT INTO compared BY NAME SELECT * FROM comparing")


def _descriptions(pair: Pair, counts: Mapping[str, int]) -> dict[str, str]:
    return {
        "left": f"{counts.get(pair.left, 0):,} rows of {pair.left}, compared with {pair.right}",
        "right": f"{counts.get(pair.right, 0):,} rows of {pair.right}, compared with {pair.left}",
        "matched": f"matches of {pair.left} with {pair.right}",
        "statement": f"what {pair.right} paid for the rows of {pair.left}",
    }


def _match_pair(books: Books, sources: Sources, pair: Pair) -> None:
    items.load(books, sources, pair)
    MODES[pair.mode](books, sources, pair)
    breaks.record(
        books,
        pair,
        application=payments.is_application(sources, pair),
        billed=payments.billed_by_bank(sources, pair),
    )
