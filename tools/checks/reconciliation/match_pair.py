"""Match one declared pair by its mode: its claims, its breaks, and the statement that a controller signs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Any, Final

from tools.books.engine import Books
from tools.checks.reconciliation import breaks, passes, statements
from tools.checks.reconciliation.cash_application import payments
from tools.checks.reconciliation.modes import documents, statement
from tools.checks.reconciliation.one_to_one import equal_keys
from tools.checks.reconciliation.sides import items
from tools.ledger.sources import Pair, Sources

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


def match_all(books: Books, sources: Sources, pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """Match pairs into the connection's `match`, `break` and `evidence`; give their bank reconciliations.

    What `items.prepare` and `breaks.prepare` make is there already.
    """
    papers = []
    for pair in pairs:
        _match(books, sources, pair)
        if statements.is_bank_reconciliation(sources, pair):
            papers += statements.bank_reconciliation(books, sources, pair)
    breaks.publish(books)
    return papers


def _match(books: Books, sources: Sources, pair: Pair) -> None:
    items.load(books, sources, pair)
    MODES[pair.mode](books, sources, pair)
    breaks.record(
        books,
        pair,
        application=payments.is_application(sources, pair),
        billed=payments.billed_by_bank(sources, pair),
    )
