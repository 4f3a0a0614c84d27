"""Payments without advice that settle no invoice and no sum of invoices: in part, short, or too much.

What a cashier thinks of is weighed: a part of one open invoice of the party (a whole share, or any sum),
a deduction, an overpayment, several invoices and a part of another, the oldest first; against a payment that
was made before, or that is for nothing in the book. What another reading explains as well is not taken; and
where payers say as a rule what they pay for, one who says nothing is hardly taken to pay a part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import exp, log
from typing import Final, NamedTuple

from tools.checks.reconciliation.cash_application.application import Application, Applied
from tools.checks.reconciliation.cash_application.payment_terms import AmountRelation
from tools.checks.reconciliation.sides import party_names

_STEPS: Final = (0.95, 0.8, 0.6)  # the surest first: they leave fewer invoices to the others
_MOST_OPEN: Final = 100  # of one party; among more, no part is one invoice's alone
_MOST_SUMMED: Final = 6
_SIZE: Final = 0.1  # of amounts of any size: a tenth for each factor of e
_ANOTHER_PARTY: Final = log(0.2 * _SIZE)  # for no invoice here, of somebody else
# For no invoice here, of the party: where nobody gives advice, where everybody does.
_ELSEWHERE: Final = (0.03, 0.5)
_TWICE: Final = log(0.05)
_SHORT, _PART, _OVER, _REST, _SEVERAL = 0.1, 0.1, 0.05, 0.1, 0.05
_LEAST: Final = 0.8  # of what is owed; a deduction leaves at least this
_LARGEST: Final = 1.2
_OLDEST: Final = log(2.0)


class _Reading(NamedTuple):
    """What a payment may settle: invoices, the last of them as `relation` says, and its log-weight."""

    weight: float
    bills: tuple[int, ...] = ()
    relation: AmountRelation = AmountRelation("", 0.0)


def run(application: Application) -> list[Applied]:
    """Apply what is left of the payments without advice, the surest first."""
    applied: list[Applied] = []
    waiting = [at for at in sorted(application.waiting) if not application.lines[at].reference]
    waiting.sort(key=lambda at: application.payments[application.lines[at].payment].day)
    elsewhere = log(_SIZE * _elsewhere(application))
    for least in _STEPS:
        for at in waiting:
            if at in application.waiting:
                applied += _apply(application, at, least, elsewhere)
    return applied


def _elsewhere(application: Application) -> float:
    """Give how likely a party's payment is for nothing in the book, by how many say what they pay."""
    advised = {line.payment for line in application.lines if line.reference}
    none, every = _ELSEWHERE
    return none + (every - none) * len(advised) / max(1, len(application.payments))


def _apply(application: Application, at: int, least: float, elsewhere: float) -> list[Applied]:
    readings = sorted(_readings(application, at, elsewhere), key=lambda reading: -reading.weight)
    if not readings or not readings[0].bills:
        return []
    best = readings[0]
    sure = 1 / sum(exp(reading.weight - best.weight) for reading in readings)
    if sure < least:
        return []
    allocations, rest = [], application.lines[at].amount
    for bill in best.bills:
        last, owed = bill == best.bills[-1], application.owed[bill]
        amount = rest if last and best.relation.reason != "overpayment" else owed
        relation = best.relation if last else AmountRelation("", 0.0)
        difference = rest - owed if last else 0
        allocations.append(Applied(at, bill, amount, relation, sure, difference, lump=len(best.bills) > 1))
        rest -= owed
    for allocation in allocations:
        application.settle(allocation)
    return allocations


def _readings(application: Application, at: int, elsewhere: float) -> Iterator[_Reading]:
    line = application.lines[at]
    payment = application.payments[line.payment]
    yield _Reading(_ANOTHER_PARTY)
    for party, odds in application.kin(line.payment).items():
        if odds < party_names.ABBREVIATED - 1:
            continue
        yield _Reading(odds + elsewhere)
        bills = [
            bill
            for bill in application.of_party(party)
            if application.invoices[bill].day <= payment.day
            and application.invoices[bill].currency == payment.currency
            and (application.invoices[bill].amount > 0) == (line.amount > 0)
        ]
        if any(application.invoices[bill].amount == line.amount != application.owed[bill] for bill in bills):
            yield _Reading(odds + _TWICE + log(_room(line.amount)))
        owing = sorted(
            (bill for bill in bills if application.owed[bill]),
            key=lambda bill: (application.invoices[bill].day, bill),
        )
        if 0 < len(owing) <= _MOST_OPEN:
            yield from _of_party(application, line.amount, owing, odds)


def _of_party(application: Application, paid: int, bills: Sequence[int], odds: float) -> Iterator[_Reading]:
    for bill in bills:
        fair = odds - log(len(bills)) + (_OLDEST if bill == bills[0] else 0.0)
        for reason, weight in _reasons(paid, application.owed[bill]):
            yield _Reading(fair + weight, (bill,), AmountRelation(reason, 0.0))
    last = bills[-_MOST_SUMMED:]
    choices = [
        (whole, part)
        for size in range(1, len(last))
        for whole in combinations(last, size)
        for part in last
        if part not in whole
    ]
    for whole, part in choices:
        rest = paid - sum(application.owed[bill] for bill in whole)
        owed = application.owed[part]
        if rest * owed > 0 and abs(rest) < abs(owed):
            oldest = _OLDEST if (*whole, part) == tuple(bills[: len(whole) + 1]) else 0.0
            weight = log(_SEVERAL * _density(rest, owed) * paid / owed) - log(len(choices)) + oldest
            yield _Reading(odds + weight, (*whole, part), AmountRelation("partial", 0.0))


def _reasons(paid: int, owed: int) -> Iterator[tuple[str, float]]:
    """Give how an amount may stand to one invoice, with the log-densities per factor of e."""
    share = paid / owed
    if share == 1:
        yield "", log(_REST * _room(paid))
    elif share < 1:
        yield "partial", log(_PART * _density(paid, owed) * share)
        if share >= _LEAST:
            yield "short_pay", log(_SHORT / (1 - _LEAST) * share)
    elif share <= _LARGEST:
        yield "overpayment", log(_OVER / (_LARGEST - 1) * share)


def _density(paid: int, owed: int) -> float:
    """Give how likely a part is this share of what is owed: half of the parts are whole hundredths of it."""
    hundredths = 100 * paid / owed
    if abs(round(hundredths) * owed - 100 * paid) <= 50:  # noqa: PLR2004 - half a cent
        return 0.5 + 0.5 / 99 * max(1.0, abs(owed) / _grain(paid))
    return min(0.5, 2 * paid / owed)


def _room(amount: int) -> float:
    """Give how many amounts there are about as large and as round."""
    return max(1.0, abs(amount) / _grain(amount))


def _grain(amount: int) -> int:
    grain = 1
    while amount % (grain * 10) == 0:
        grain *= 10
    return grain
