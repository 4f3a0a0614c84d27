"""Statements: one right row (a card payment) settles the left rows (the charges) of a period.

What remains is one difference a statement, never one a charge; unless a group of rows that belong together
anyway makes the difference to the cent: then the statement ties, and they are what it did not settle.
"""

from __future__ import annotations

from typing import Any

from tools.books.engine import Books
from tools.checks.reconciliation.modes import periods
from tools.checks.reconciliation.sides import items
from tools.ledger.sources import Pair, Sources


def match(books: Books, sources: Sources, pair: Pair) -> None:  # noqa: ARG001 - every mode takes them
    """Claim every left row of a settled period with its statement; the difference stays on the match.

    Open stay the period that no payment has settled yet, periods whose payment is missing, and rows without
    which their statement ties.
    """
    items.narrow(books, among="item")
    charges = {int(row["day"]): int(row["amount"]) for row in _daily(books, 0)}
    payments = {int(row["day"]): int(row["amount"]) for row in _daily(books, 1)}
    cycles = periods.learn(charges, payments) if charges and payments else []
    books.execute("CREATE OR REPLACE TEMP TABLE period (nth BIGINT, after BIGINT, until BIGINT, paid BIGINT)")
    if cycles:
        books.connection.executemany(
            "INSERT INTO period VALUES (?, ?, ?, ?)",
            [(nth, period.after, period.until, period.paid) for nth, period in enumerate(cycles)],
        )
    for step in ("charged", "unsettled", "statement"):
        books.execute(items.text(step))
    items.narrow(books)


def _daily(books: Books, side: int) -> list[dict[str, Any]]:
    sql = "SELECT day, CAST(sum(amount) AS BIGINT) AS amount FROM open WHERE side = $side GROUP BY day"
    return books.rows(sql, {"side": side})
