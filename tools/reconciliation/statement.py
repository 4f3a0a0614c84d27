"""Statements: one right row (a card payment) settles the left rows (the charges) of a period.

Where the periods end is learned from the books: of every closing rule tried, the one under which most
statements tie is taken. What remains is one difference a statement, never one a charge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from tools.engine import Books
from tools.ledger.sources import Pair, Sources
from tools.reconciliation import items

_EPOCH: Final = date(1970, 1, 1)
_LONGEST_LAG: Final = 45  # days from closing a statement to its payment
_FIRST_PERIOD: Final = 31  # days that the first statement covers


@dataclass(frozen=True)
class Period:
    """Left rows after `after` up to `until` (days), settled by the right rows paid on `paid`."""

    after: int
    until: int
    paid: int


def match(books: Books, sources: Sources, pair: Pair) -> None:  # noqa: ARG001 - every mode takes them
    """Claim every left row of a settled period with its statement; the difference stays on the match.

    The period that no payment has settled yet stays open.
    """
    items.narrow(books, among="item")
    charges = {int(row["day"]): int(row["amount"]) for row in _daily(books, 0)}
    payments = {int(row["day"]): int(row["amount"]) for row in _daily(books, 1)}
    if not charges or not payments:
        return
    periods = _best(charges, payments)
    books.execute("CREATE OR REPLACE TEMP TABLE period (nth BIGINT, after BIGINT, until BIGINT, paid BIGINT)")
    books.connection.executemany(
        "INSERT INTO period VALUES (?, ?, ?, ?)",
        [(nth, period.after, period.until, period.paid) for nth, period in enumerate(periods)],
    )
    books.execute(items.text("statement"))
    items.narrow(books)


def _daily(books: Books, side: int) -> list[dict[str, Any]]:
    sql = "SELECT day, CAST(sum(amount) AS BIGINT) AS amount FROM open WHERE side = $side GROUP BY day"
    return books.rows(sql, {"side": side})


def _best(charges: dict[int, int], payments: dict[int, int]) -> list[Period]:
    paid = sorted(payments)

    def misfit(periods: list[Period]) -> tuple[int, int]:
        gaps = [_charged(charges, period) - payments[period.paid] for period in periods]
        return -sum(gap == 0 for gap in gaps), sum(abs(gap) for gap in gaps)

    return min(_schemes(paid), key=misfit)


def _charged(charges: dict[int, int], period: Period) -> int:
    return sum(amount for day, amount in charges.items() if period.after < day <= period.until)


def _schemes(paid: list[int]) -> Iterator[list[Period]]:
    for lag in range(_LONGEST_LAG + 1):
        yield _periods(paid, [day - lag for day in paid])
    for closing in range(1, 32):
        yield _periods(paid, [_closed(day, closing) for day in paid])


def _periods(paid: list[int], closings: list[int]) -> list[Period]:
    starts = [closings[0] - _FIRST_PERIOD, *closings]
    return [Period(after, until, day) for (after, until), day in zip(pairwise(starts), paid, strict=True)]


def _closed(day: int, closing: int) -> int:
    """Give the last closing day (of the month, or its end) on or before `day`."""
    at = _EPOCH + timedelta(days=day)
    this = _in_month(at.year, at.month, closing)
    if this > at:
        before = at.replace(day=1) - timedelta(days=1)
        this = _in_month(before.year, before.month, closing)
    return (this - _EPOCH).days


def _in_month(year: int, month: int, closing: int) -> date:
    after = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=closing - 1), after - timedelta(days=1))
