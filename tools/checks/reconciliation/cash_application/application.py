"""Payments applied to invoices: by remittance advice where there is one, else by party and amount.

A payment speaks in lines (of its remittance advice, or one line for the whole). Each line looks for the
invoice that it pays, and the lines of all payments are assigned together, so that no invoice is paid twice.
What stays open of an invoice may be paid by another line in the next round.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp
from typing import Final

import numpy as np

from tools.checks.reconciliation import assignment
from tools.checks.reconciliation.cash_application import payment_terms
from tools.checks.reconciliation.cash_application.payment_terms import AmountRelation
from tools.checks.reconciliation.cash_application.references import EXACT, SILENT, References
from tools.checks.reconciliation.sides import party_names

_BASE: Final = -5.0  # log-odds of a line and an invoice before anything is known
_FUTURE: Final = -3.0  # the invoice is younger than the payment
_AS_WRITTEN: Final = -8.0  # the reference means another invoice, and fits it
_IN_ADVANCE: Final = -3.0
_ADVANCE: Final = re.compile(r"advance|pre-?pay|retainer|anzahlung|acompte", re.IGNORECASE)
_ROUNDS: Final = 6
_TIED: Final = 0.505  # two invoices fit a part equally well: that is declared, not guessed
_PARTS: Final = frozenset({"partial", "short_pay"})
_EARLIER: Final = 1e-6  # among equals the earlier payment comes first


@dataclass(frozen=True)
class Invoice:
    """An invoice or credit memo: minor units owed, day, its number and its party."""

    amount: int
    day: int
    number: str
    party: str
    party_id: str | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Payment:
    """A payment: minor units, day, and what it says of who pays."""

    amount: int
    day: int
    names: tuple[str, ...]
    party_id: str | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Line:
    """What a payment says of one invoice: minor units, reference and note; `payment` is a position."""

    payment: int
    amount: int
    reference: str = ""
    note: str = ""


@dataclass(frozen=True)
class Applied:
    """A line's invoice (positions), minor units that it settles, how the amounts stand, and how sure that is.

    difference: minor units paid less owed. lump: one of several invoices that the line pays together.
    """

    line: int
    invoice: int
    amount: int
    relation: AmountRelation
    confidence: float
    difference: int = 0
    lump: bool = False


@dataclass(frozen=True)
class _Edge:
    line: int
    invoice: int
    relation: AmountRelation
    referred: float
    weight: float

    @property
    def is_part(self) -> bool:
        """Whether it leaves the invoice open for others."""
        return self.relation.reason in _PARTS

    @property
    def is_plain(self) -> bool:
        """Whether it names its invoice and pays what is owed."""
        return self.referred == EXACT and not self.relation.reason


class Application:
    """The open payments and invoices of a pair while lines look for their invoices."""

    def __init__(
        self, payments: Sequence[Payment], lines: Sequence[Line], invoices: Sequence[Invoice]
    ) -> None:
        self.payments, self.lines, self.invoices = payments, lines, invoices
        self.owed = [invoice.amount for invoice in invoices]
        self.waiting = set(range(len(lines)))
        self._references = References((at, invoice.number) for at, invoice in enumerate(invoices))
        self._of_party: dict[str, list[int]] = defaultdict(list)
        for at, invoice in enumerate(invoices):
            self._of_party[invoice.party].append(at)
        self._names = party_names.Directory(self._of_party)
        self._payers: dict[int, str] = {}  # payments whose party one of their own lines has told
        self._odds: dict[tuple[int, str], float] = {}  # by payment and party: a party has many invoices

    def run(self) -> list[Applied]:
        """Assign lines to invoices, round by round, until nothing more is found.

        Lines that name an invoice and pay it even come first: one payment is one party's, so they tell whose
        the payment's other lines are.
        """
        applied = self._settled(self._round(plain=True))
        self._payers = {
            self.lines[allocation.line].payment: self.invoices[allocation.invoice].party
            for allocation in applied
        }
        for _ in range(_ROUNDS):
            allocations = self._settled(self._round())
            if not allocations:
                break
            applied += allocations
        return [self._completed(allocation) for allocation in applied]

    def _settled(self, allocations: list[Applied]) -> list[Applied]:
        for allocation in allocations:
            self.settle(allocation)
        return allocations

    def _completed(self, allocation: Applied) -> Applied:
        """Call a payment a part where other payments have settled the rest of its invoice."""
        if allocation.relation.reason == "short_pay" and self.owed[allocation.invoice] == 0:
            return replace(allocation, relation=allocation.relation._replace(reason="partial"))
        return allocation

    def settle(self, allocation: Applied) -> None:
        """Take what is applied off what the invoice owes; a discount or an agreed deduction closes it."""
        self.waiting.discard(allocation.line)
        closed = allocation.relation.reason not in ("partial", "short_pay", "deduction")
        self.owed[allocation.invoice] = 0 if closed else self.owed[allocation.invoice] - allocation.amount

    def kin(self, payment: int) -> Mapping[str, float]:
        """Give the parties that a payment may be from (or to), with the log-odds."""
        if payment in self._payers:
            return {self._payers[payment]: party_names.SAME_PAYMENT}
        return self._names.candidates(self.payments[payment].names)

    def named(self, line: int) -> list[int]:
        """Give the invoices that a line's reference names exactly."""
        candidates = (
            self._references.candidates(self.lines[line].reference) if self.lines[line].reference else {}
        )
        return sorted(invoice for invoice, odds in candidates.items() if odds == EXACT)

    def of_party(self, party: str) -> list[int]:
        """Give the invoices of a party."""
        return self._of_party[party]

    def _round(self, *, plain: bool = False) -> list[Applied]:
        every = [edge for line in sorted(self.waiting) for edge in self._edges(line)]
        edges = _first_comers([edge for edge in every if edge.is_plain or not plain], self)
        left = np.array([edge.line for edge in edges], dtype=np.int64)
        right = np.array([edge.invoice for edge in edges], dtype=np.int64)
        weight = np.array([edge.weight for edge in edges])
        chosen = assignment.choose(left, right, weight)
        allocations = [
            self._applied(edges[at], _of_part(edges, edges[at]) if edges[at].is_part else sure)
            for at, sure in zip(chosen.edge, chosen.confidence, strict=True)
        ]
        return [
            allocation
            for allocation in allocations
            if allocation.confidence > _TIED or allocation.relation.reason not in _PARTS
        ]

    def _applied(self, edge: _Edge, confidence: float) -> Applied:
        paid, owed = self.lines[edge.line].amount, self.owed[edge.invoice]
        amount = owed if edge.relation.reason == "overpayment" else paid
        return Applied(edge.line, edge.invoice, amount, edge.relation, confidence, paid - owed)

    def _edges(self, at: int) -> Iterator[_Edge]:
        line = self.lines[at]
        candidates = self._references.candidates(line.reference) if line.reference else {}
        kin = self.kin(line.payment)
        fits = any(odds == EXACT and self._fits(line, invoice, kin) for invoice, odds in candidates.items())
        if fits:
            candidates = {invoice: odds for invoice, odds in candidates.items() if odds == EXACT}
        default = _AS_WRITTEN if fits else self._references.of_others(line.reference)
        for invoice in sorted({*candidates, *self._of_kin(line, kin, default)}):
            referred, party = candidates.get(invoice, default), self._party(line, invoice, kin)
            if not _may_weigh(referred, party):
                continue
            edge = self._edge(at, invoice, referred, party)
            if edge and edge.weight > 0:
                yield edge

    def _of_kin(self, line: Line, kin: Mapping[str, float], referred: float) -> Iterator[int]:
        """Give the invoices of who may have paid; of whom a name alone tells, where it tells enough."""
        is_numbered = bool(self.payments[line.payment].party_id)
        for party, odds in kin.items():
            if is_numbered or _may_weigh(referred, odds):
                yield from self._of_party[party]

    def _edge(self, at: int, invoice: int, referred: float, party: float) -> _Edge | None:
        line, bill, owed = self.lines[at], self.invoices[invoice], self.owed[invoice]
        same = bill.currency == self.payments[line.payment].currency
        relation = payment_terms.relate(line.amount, owed, line.note) if owed and same else None
        if relation is None or (referred <= SILENT and not self._explained(line, relation)):
            return None
        weight = _BASE + referred + relation.odds + party
        weight += _FUTURE if bill.day > self.payments[line.payment].day else 0.0
        weight += _IN_ADVANCE if _ADVANCE.search(line.note) else 0.0
        weight -= _EARLIER * self.payments[line.payment].day
        return _Edge(at, invoice, relation, referred, weight)

    def _explained(self, line: Line, relation: AmountRelation) -> bool:
        """Say whether an amount may go to an invoice that the reference does not name.

        A part may, where the payer calls it one or the payment's other lines tell whose it is.
        """
        is_short_pay = line.payment in self._payers and relation.reason == "short_pay"
        return is_short_pay or relation.reason in ("", "discount", "deduction", "partial")

    def _party(self, line: Line, invoice: int, kin: Mapping[str, float]) -> float:
        payment, party = self.payments[line.payment], self.invoices[invoice].party
        paying, owing = payment.party_id, self.invoices[invoice].party_id
        if paying and owing:
            return party_names.SAME if paying == owing else party_names.STRANGE
        if party in kin or line.payment in self._payers:
            return kin.get(party, party_names.STRANGE)
        at = line.payment, party
        if at not in self._odds:
            odds = [party_names.compare(name, party) for name in payment.names]
            self._odds[at] = max(odds, default=party_names.STRANGE)
        return self._odds[at]

    def _fits(self, line: Line, invoice: int, kin: Mapping[str, float]) -> bool:
        """Say whether the invoice that a reference names was this payment's to pay, then and so."""
        bill, paid = self.invoices[invoice], self.payments[line.payment]
        relation = payment_terms.relate(line.amount, bill.amount, line.note)
        due = bill.day <= paid.day and relation.reason not in ("short_pay", "sign", "overpayment")
        return due and self._party(line, invoice, kin) > 0


def _may_weigh(referred: float, party: float) -> bool:
    """Say whether an edge can have weight, whatever the amounts are."""
    return _BASE + referred + party + payment_terms.EQUAL > 0


def _first_comers(edges: list[_Edge], books: Application) -> list[_Edge]:
    """Drop the later of payments that would settle the same invoice in the same way: it was paid already.

    Of a party's invoices of one sum, as of a monthly fee, each payment has one: the oldest that is left.
    """
    first: dict[tuple[int, int, bool], int] = {}

    def order(edge: _Edge) -> tuple[int, int, float, int, int]:
        payment, bill = books.lines[edge.line].payment, books.invoices[edge.invoice]
        return books.payments[payment].day, payment, -edge.weight, bill.day, edge.invoice

    earliest = []
    had: dict[tuple[int, str, int], int] = {}
    for edge in sorted(edges, key=order):
        amount, is_named = books.lines[edge.line].amount, edge.referred == EXACT
        payment = books.lines[edge.line].payment
        if edge.is_part:
            earliest.append(edge)
            continue
        if first.get((edge.invoice, amount, is_named), payment) != payment:
            continue
        equal = edge.line, books.invoices[edge.invoice].party, books.owed[edge.invoice]
        if not is_named and had.setdefault(equal, edge.invoice) != edge.invoice:
            continue
        first[edge.invoice, amount, is_named] = payment
        earliest.append(edge)
    return earliest


def _of_part(edges: Sequence[_Edge], edge: _Edge) -> float:
    """Give the confidence of a payment in part: other invoices rival it, not other payments."""
    rival = max(
        (candidate.weight for candidate in edges if candidate.line == edge.line and candidate is not edge),
        default=0.0,
    )
    return 1 / (1 + exp(rival - edge.weight))
