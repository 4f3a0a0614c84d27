"""Match one declared pair by its mode: its claims, its breaks, and the statement that a controller signs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from tools.books.engine import Books
from tools.checks.reconciliation import assignment, breaks, passes, statements
from tools.checks.reconciliation.cash_application import payments
from tools.checks.reconciliation.modes import documents, statement
from tools.checks.reconciliation.one_to_one import equal_keys
from tools.checks.reconciliation.passes import Pass
from tools.checks.reconciliation.sides import items
from tools.checks.reconciliation.uncovered import uncovered
from tools.ledger.sources import Pair, Sources

Matcher = Callable[[Books, Sources, Pair], None]
Passes = tuple[Sequence[Pass], Sequence[Pass]]


@dataclass
class PairPapers:
    """What is said of pairs beside their tables (JSON primitives): a controller's reconciliations.

    too_large: groups of rows of which only what nothing rivals was matched: pair, left_rows, right_rows.
    uncovered: lines that no book claims to show: pair, source, currency, rows, amount_minor.
    """

    reconciliations: list[dict[str, Any]] = field(default_factory=list)
    too_large: list[dict[str, Any]] = field(default_factory=list)
    uncovered: list[dict[str, Any]] = field(default_factory=list)

    def add(self, more: PairPapers) -> None:
        """Add what is said of other pairs."""
        self.reconciliations += more.reconciliations
        self.too_large += more.too_large
        self.uncovered += more.uncovered


def passes_of(sources: Sources, pair: Pair) -> Passes | None:
    """Give the passes by evidence behind equal keys, and those before; None where the mode has its own."""
    if pair.mode == "one_to_one":
        return passes.ONE_TO_ONE, ()
    own = payments.billed_by_bank(sources, pair) is not None or payments.is_application(sources, pair)
    return None if own or pair.mode != "full" else (passes.FULL, passes.VOIDED)


def by_keys_and_evidence(books: Books, sources: Sources, pair: Pair) -> None:
    """Match by equal keys, then by the passes of the mode; payments are applied to their invoices."""
    plan = passes_of(sources, pair)
    if plan is not None:
        equal_keys.match(books, pair)
        passes.match(books, pair, *plan)
        bank = uncovered(sources, pair)
        if bank is not None:
            payments.take_back(books, bank.side)
    elif payments.billed_by_bank(sources, pair) is not None:
        payments.match_bank(books, sources, pair)
    else:
        payments.match(books, sources, pair)


MODES: Final = MappingProxyType[str, Matcher](
    {
        "one_to_one": by_keys_and_evidence,
        "statement": statement.match,
        "documents": documents.match,
        "full": by_keys_and_evidence,
    }
)


def match_all(books: Books, sources: Sources, pairs: Sequence[Pair]) -> PairPapers:
    """Match pairs into the connection's `match`, `break` and `evidence`; give what is said of them.

    What `items.prepare` and `breaks.prepare` make is there already.
    """
    papers = PairPapers()
    for pair in pairs:
        items.load(books, sources, pair)
        with assignment.solving() as too_large:
            MODES[pair.mode](books, sources, pair)
        papers.too_large += sizes(pair, too_large)
        papers.add(close(books, sources, pair))
    breaks.publish(books)
    return papers


def close(books: Books, sources: Sources, pair: Pair) -> PairPapers:
    """Keep a pair's claims, append its breaks, and draw its statements up."""
    beyond = breaks.record(
        books,
        pair,
        application=payments.is_application(sources, pair),
        billed=payments.billed_by_bank(sources, pair),
        bank=uncovered(sources, pair),
    )
    if not statements.is_bank_reconciliation(sources, pair):
        return PairPapers(uncovered=beyond)
    return PairPapers(statements.bank_reconciliation(books, sources, pair), uncovered=beyond)


def sizes(pair: Pair, too_large: set[tuple[int, int]]) -> list[dict[str, Any]]:
    """Say of which groups of a pair only what nothing rivals was matched."""
    return [
        {"pair": pair.name, "left_rows": left, "right_rows": right}
        for left, right in sorted(too_large, reverse=True)
    ]
