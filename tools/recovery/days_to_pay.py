"""When customers pay: the days from invoice to money, learnt from invoices that were settled.

A customer's mean is drawn to the mean of all by the invoices that are known of it, and a dispute adds the
days that disputed invoices of the same customers took longer; the spread is that of the invoices themselves,
so that nothing is assumed of its shape.

Sources: Gelman et al., Bayesian Data Analysis (2013), 5.4 (means drawn together); Zeng et al., "Using
predictive analysis to improve invoice-to-cash collection" (KDD 2008), for what tells late payers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import Final, NamedTuple

from tools.books.engine import Books
from tools.core.sql_files import sql

WEIGHT: Final = 3.0  # invoices that the mean of all counts as
FEWEST: Final = 20  # settled invoices under which nothing is said


class SettledInvoice(NamedTuple):
    """An invoice that was settled: whose, how many days after its date, and whether it was disputed."""

    party_key: str
    days: int
    disputed: bool


class ExpectedPayment(NamedTuple):
    """When money is expected. late: the chance that it comes past due; n: the customer's settled invoices."""

    days: int
    days_late: int
    late: float
    n: int


@dataclass(frozen=True)
class PaymentTimes:
    """What settled invoices say: the mean of all, what a dispute adds, each customer's mean, the spread."""

    mean: float
    dispute: float
    means: Mapping[str, float]
    counts: Mapping[str, int]
    spread: Sequence[float]  # sorted

    @classmethod
    def fitted(cls, invoices: Iterable[SettledInvoice]) -> PaymentTimes | None:
        """Learn from settled invoices; None from too few."""
        grouped: dict[str, list[SettledInvoice]] = defaultdict(list)
        for invoice in invoices:
            grouped[invoice.party_key].append(invoice)
        if sum(map(len, grouped.values())) < FEWEST:
            return None
        dispute = _dispute(grouped.values())
        plain = {
            party: [row.days - dispute * row.disputed for row in rows] for party, rows in grouped.items()
        }
        mean = fmean(days for rows in plain.values() for days in rows)
        means = {party: (WEIGHT * mean + sum(rows)) / (WEIGHT + len(rows)) for party, rows in plain.items()}
        spread = sorted(days - means[party] for party, rows in plain.items() for days in rows)
        return cls(mean, dispute, means, {party: len(rows) for party, rows in plain.items()}, spread)

    def expect(
        self, party_key: str, terms: int, *, disputed: bool = False, waited: int = 0
    ) -> ExpectedPayment:
        """Say when an invoice is paid. terms: days until it is due; waited: days that it is open already.

        What waits already is held only against invoices that took longer.
        """
        centre = self.means.get(party_key, self.mean) + self.dispute * disputed
        first = bisect_right(self.spread, waited - centre) if waited else 0
        longer = self.spread[min(first, len(self.spread) - 1) :]
        days = max(waited, round(centre + longer[len(longer) // 2]))
        over = len(longer) - bisect_right(longer, terms - centre)
        # Neither never nor always, however many were seen (Laplace's rule of succession).
        late = (over + 1) / (len(longer) + 2)
        return ExpectedPayment(days, max(0, days - terms), late, self.counts.get(party_key, 0))


def _dispute(groups: Iterable[Sequence[SettledInvoice]]) -> float:
    """Give the days that a dispute adds, within customers who have both; 0 where none has."""
    added = weights = 0.0
    for rows in groups:
        disputed = [row.days for row in rows if row.disputed]
        plain = [row.days for row in rows if not row.disputed]
        if disputed and plain:
            weight = len(disputed) * len(plain) / len(rows)
            added += weight * (fmean(disputed) - fmean(plain))
            weights += weight
    return added / weights if weights else 0.0


def learnt(books: Books, as_of: date) -> PaymentTimes | None:
    """Learn from the invoices in the books that were settled by a day; None where they are too few."""
    rows = books.rows(sql("tools.recovery", "settled"), {"as_of": as_of})
    return PaymentTimes.fitted(
        SettledInvoice(str(row["party_key"]), int(row["days"]), bool(row["is_disputed"])) for row in rows
    )
