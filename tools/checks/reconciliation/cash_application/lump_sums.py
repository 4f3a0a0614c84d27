"""Payments without advice that pay several invoices of one party at once.

The oldest open invoices in a row come before any other choice of them. A sum that chance would also hit is
not taken: what counts is how many choices there were to try against how many sums they could make.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, log
from typing import Final

import numpy as np

from tools.checks.reconciliation import possible_sums, subset_sums
from tools.checks.reconciliation.cash_application.application import Application, Applied
from tools.checks.reconciliation.cash_application.payment_terms import AmountRelation
from tools.checks.reconciliation.sides import party_names

_BASE: Final = -3.0  # log-odds that a payment without advice is a sum, the party taken as known
_MOST: Final = 8
_WAYS: Final = possible_sums.ways(subset_sums.MOST, _MOST)
_EVEN: Final = AmountRelation("", 0.0)


def run(application: Application) -> list[Applied]:
    """Apply what is left of the payments without advice, earliest first."""
    applied: list[Applied] = []
    waiting = [at for at in sorted(application.waiting) if not application.lines[at].reference]
    for at in sorted(waiting, key=lambda at: application.payments[application.lines[at].payment].day):
        choices = sorted(_choices(application, at), key=lambda choice: -choice[0])
        if not choices or choices[0][0] <= 0:
            continue
        rival = max(0.0, choices[1][0]) if len(choices) > 1 else 0.0
        sure = 1 / (1 + exp(rival - choices[0][0]))
        allocations = [
            Applied(at, bill, application.owed[bill], _EVEN, sure, lump=True) for bill in choices[0][1]
        ]
        for allocation in allocations:
            application.settle(allocation)
        applied += allocations
    return applied


def _choices(application: Application, at: int) -> Iterator[tuple[float, tuple[int, ...]]]:
    line = application.lines[at]
    payment = application.payments[line.payment]
    for party, odds in application.kin(line.payment).items():
        if odds < party_names.ABBREVIATED - 1:
            continue
        open_ = [
            bill
            for bill in application.of_party(party)
            if application.owed[bill]
            and application.invoices[bill].day <= payment.day
            and application.invoices[bill].currency == payment.currency
        ]
        bills = sorted(open_, key=lambda bill: (application.invoices[bill].day, bill))
        yield from _sums(application, line.amount, bills, odds)


def _sums(
    application: Application, target: int, bills: list[int], odds: float
) -> Iterator[tuple[float, tuple[int, ...]]]:
    values = np.array([application.owed[bill] for bill in bills], dtype=np.int64)
    if len(values) < subset_sums.LEAST:
        return
    room = float(possible_sums.different(values))
    runs = set()
    for hit in subset_sums.runs(values, target):
        chosen = tuple(bills[n] for n in hit)
        runs.add(chosen)
        yield _BASE + odds - log(len(values) ** 2 / 2) + log(room), chosen
    for hit in subset_sums.subsets(values[-subset_sums.MOST :], target, most=_MOST):
        chosen = tuple(bills[-subset_sums.MOST :][n] for n in hit)
        if chosen not in runs:
            tried = _WAYS[min(subset_sums.MOST, len(values)), : len(hit) + 1].sum()
            yield _BASE + odds - log(tried) + log(room), chosen
