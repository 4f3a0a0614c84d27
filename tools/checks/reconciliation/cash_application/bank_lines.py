"""What a bank's line says of invoices that it pays: numbers in its text, its party, a refund, a fee."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from tools.checks.reconciliation.cash_application.application import Application, Applied, Line
from tools.checks.reconciliation.cash_application.payment_terms import AmountRelation
from tools.checks.reconciliation.sides import party_names
from tools.ledger import document_numbers

Row = Mapping[str, Any]

_REFUNDED: Final = 0.95
_REFUND_DAYS: Final = 60
_IS_PARTY: Final = party_names.ABBREVIATED - 1  # log-odds from which a party is one of the book


class InvoiceNumbers:
    """The invoices of a book by their numbers, as they stand in a bank's text."""

    def __init__(self, owed: Iterable[tuple[str, int]]) -> None:
        """Take (number, minor units owed) of every invoice."""
        self._owed: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for number, amount in owed:
            if document_numbers.identifies(plain := document_numbers.plain(number)):
                self._owed[plain].append((number, amount))

    def in_text(self, text: str) -> list[tuple[str, int]]:
        """Give the numbers that a text names, each once, in its order, and what their invoices owe."""
        words = document_numbers.WORD.findall(text.upper())
        named: dict[str, int] = {}
        at = 0
        while at < len(words):
            sizes = range(min(document_numbers.MOST_WORDS, len(words) - at), 0, -1)
            runs = ((size, self._owed.get("".join(words[at : at + size]), [])) for size in sizes)
            size, invoices = next(((size, invoices) for size, invoices in runs if invoices), (1, []))
            named |= dict(invoices[:1])
            at += size
        return list(named.items())


class PartyIndex:
    """The parties of a book, as their names stand in longer texts."""

    def __init__(self, parties: Iterable[str]) -> None:
        """Take the parties' names."""
        self._by_word: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for party in parties:
            if words := party_names.name(party).words:
                self._by_word[words[0]].append((words, party))

    def in_text(self, text: str) -> list[str]:
        """Give the parties all words of whose names stand in a row."""
        words = party_names.name(text).words
        return [
            party
            for at, word in enumerate(words)
            for name, party in self._by_word.get(word, ())
            if words[at : at + len(name)] == name and len("".join(name)) >= document_numbers.SHORTEST
        ]


def lines(at: int, row: Row, numbers: InvoiceNumbers) -> Iterator[Line]:
    """Give a line for each invoice that a bank's line names. A line that names none is one for the whole."""
    note = row["description"] or ""
    named = numbers.in_text(f"{row['reference'] or ''} | {note}") if row["amount"] else []
    yield from shares(at, row["amount"], named, note) if named else [Line(at, row["amount"])]


def shares(at: int, amount: int, named: Sequence[tuple[str, int]], note: str) -> Iterator[Line]:
    """Give a line for each invoice (number, minor units owed) in its order, until the money is used up.

    What is left, or is too little, is with the last.
    """
    rest = amount
    for nth, (number, owed) in enumerate(named):
        is_last = nth == len(named) - 1 or abs(owed) >= abs(rest) or owed * rest <= 0
        yield Line(at, rest if is_last else owed, number, note)
        if is_last:
            return
        rest -= owed


def names(row: Row, parties: PartyIndex) -> Iterator[str]:
    """Give what a bank's line says of its party: a party of the book, else the text without codes."""
    vendor = row["vendor_name"] or ""
    text = f"{vendor} {row['description'] or ''}".strip()
    named = parties.in_text(text)
    yield from named
    if vendor:
        yield vendor
    words = [
        word for word in document_numbers.WORD.findall(text) if not any(letter.isdigit() for letter in word)
    ]
    if not named and words and (name := party_names.without_channel(" ".join(words))):
        yield name


def with_fees(applied: Sequence[Applied], largest: int) -> list[Applied]:
    """Call it a fee where a transfer is short by no more than a bank keeps (minor units)."""
    fee = AmountRelation("fee", 0.0)
    return [
        replace(allocation, relation=fee)
        if allocation.relation.reason == "short_pay" and 0 < abs(allocation.difference) <= largest
        else allocation
        for allocation in applied
    ]


def refunds(application: Application, applied: Sequence[Applied]) -> list[Applied]:
    """Give the invoices of payments that a later line gives back: by number, or by party and amount."""
    by_invoice: dict[int, list[Applied]] = defaultdict(list)
    for allocation in applied:
        by_invoice[allocation.invoice].append(allocation)
    refund = AmountRelation("refund", 0.0)
    given_back: list[Applied] = []
    for at in sorted(application.waiting):
        line = application.lines[at]
        candidates = application.named(at) or sorted(_of_party(application, at))
        hits = [
            bill
            for bill in candidates
            if any(_gives_back(application, line, paid) for paid in by_invoice.get(bill, ()))
        ]
        if line.amount < 0 and len(hits) == 1:
            given_back.append(Applied(at, hits[0], line.amount, refund, _REFUNDED))
            application.waiting.discard(at)
    return given_back


def unrelated(application: Application) -> set[int]:
    """Give the payments (positions) of which nothing speaks of an invoice or of a party of the book.

    A bank's other lines: rent, wages, the other way of money.
    """
    waiting = {application.lines[at].payment for at in application.waiting}
    related = {
        application.lines[at].payment
        for at in application.waiting
        if application.named(at)
        or (
            application.lines[at].amount > 0
            and any(odds >= _IS_PARTY for odds in application.kin(application.lines[at].payment).values())
        )
    }
    return waiting - related


def _of_party(application: Application, at: int) -> set[int]:
    kin = application.kin(application.lines[at].payment)
    return {bill for party, odds in kin.items() if odds >= _IS_PARTY for bill in application.of_party(party)}


def _gives_back(application: Application, line: Line, paid: Applied) -> bool:
    payment = application.payments[application.lines[paid.line].payment]
    refund = application.payments[line.payment]
    timely = 0 <= refund.day - payment.day <= _REFUND_DAYS and refund.currency == payment.currency
    return timely and paid.relation.reason != "refund" and line.amount in (-paid.amount, -payment.amount)
