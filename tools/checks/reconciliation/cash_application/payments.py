"""The pair of payments (or of a bank) and invoices: what they say, as their application needs it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from tools.books.engine import Books
from tools.checks.reconciliation import proposals
from tools.checks.reconciliation.cash_application import bank_lines, lump_sums, on_account
from tools.checks.reconciliation.cash_application.application import (
    Application,
    Applied,
    Invoice,
    Line,
    Payment,
)
from tools.checks.reconciliation.one_to_one import equal_keys
from tools.checks.reconciliation.proposals import MatchProposal
from tools.checks.reconciliation.sides import items, party_names
from tools.ledger.sources import Pair, Sources

Row = Mapping[str, Any]

_PAYERS: Final = ("payment", "bank")
_LIKELY: Final = 0.5
_REVERSAL_DAYS: Final = 60  # days within which a payment is voided or returned
_ROUNDING: Final = 0.01  # of a payment: less is no invoice that its advice left out
_BETWEEN: Final = re.compile(r"[\s,;/&+]+")


def is_application(sources: Sources, pair: Pair) -> bool:
    """Say whether a pair is payments, or a bank's lines, against invoices."""
    return _payer(sources, pair) is not None


def billed_by_bank(sources: Sources, pair: Pair) -> int | None:
    """Give the side of invoices, where the pair's other side is a bank, which shows much else, too."""
    payer = _payer(sources, pair)
    return 1 - payer if payer is not None and _kind(sources, pair, payer) == "bank" else None


def match(books: Books, sources: Sources, pair: Pair) -> None:
    """Claim invoices for payments: by equal keys, then line by line, then lump sums, then on account."""
    payer = _payer(sources, pair) or 0
    items.narrow(books, among="item")
    take_back(books, payer, earliest=0)
    equal_keys.match_invoices(books)
    items.widen(books)
    equal_keys.match_marks(books, "invoice")
    paid, owed = (books.rows(items.text("open_payment").format(side=side)) for side in (payer, 1 - payer))
    if paid and owed:
        advice = books.rows(items.text("remittance").format(side=payer))
        application, applied = apply(paid, owed, advice)
        proposals.write(books, _proposal(application, applied, paid, owed, payer))
        _relate(books, application, paid, owed, payer)
    items.narrow(books)
    take_back(books, 1 - payer)


def take_back(books: Books, side: int, *, earliest: int = -_REVERSAL_DAYS) -> None:
    """Claim open rows of one side that undo each other: returned payments, invoices that were credited.

    earliest: days from what is undone to what undoes it, at least.
    """
    days = {"earliest": earliest, "latest": _REVERSAL_DAYS}
    books.execute(items.text("taken_back").format(side=side, opposite=1 - side), days)
    items.narrow(books)


def match_bank(books: Books, sources: Sources, pair: Pair) -> None:
    """Claim invoices for a bank's lines: numbers and parties in their text, instalments, fees, refunds.

    A line that speaks of no invoice and of no party of one is none of the pair's.
    """
    payer = _payer(sources, pair) or 0
    turned = _turns(sources, pair, payer)
    if turned:
        books.execute(items.text("turn"))
    items.narrow(books, among="item")
    items.widen(books)
    paid, owed = (books.rows(items.text("open_payment").format(side=side)) for side in (payer, 1 - payer))
    application, applied = apply_bank(paid, owed, pair.largest_fee_minor)
    proposals.write(books, _proposal(application, applied, paid, owed, payer))
    _relate(books, application, paid, owed, payer)
    ids = [paid[at]["id"] for at in bank_lines.unrelated(application)]
    for table in ("item", "open", "wide"):
        books.execute(items.text("set_aside").format(table=table), {"side": payer, "ids": ids})
    if turned:
        books.execute(items.text("turn"))
        books.execute(items.text("turn_claims"))
    items.narrow(books)


def _payer(sources: Sources, pair: Pair) -> int | None:
    """Give the side that pays, where the pair's other side is invoices: 0 left, 1 right."""
    kinds = [_kind(sources, pair, side) for side in items.SIDES]
    return next(
        (side for side in items.SIDES if kinds[side] in _PAYERS and kinds[1 - side] == "invoice"), None
    )


def _kind(sources: Sources, pair: Pair, side: int) -> str:
    return sources.sources[(pair.left, pair.right)[side]].kind


def _turns(sources: Sources, pair: Pair, payer: int) -> bool:
    """Whether amounts, which have the left side's sign, are those of a bank from which invoices are paid."""
    return payer == 0 and sources.sign(pair) == "opposite"


def apply(
    paid: Sequence[Row], owed: Sequence[Row], advice: Sequence[Row]
) -> tuple[Application, list[Applied]]:
    """Apply payments to invoices: line by line, then lump sums, then on account; positions in both.

    paid, owed: id, amount, day, invoice_no, vendor_name, vendor_id, currency, of payments also reference and
    description, of invoices txn_id; advice: id of its payment, reference, amount, note. Minor units, days.
    """
    application = _application(paid, owed, advice)
    applied = application.run()
    applied += lump_sums.run(application)
    applied += on_account.run(application)
    return application, applied


def apply_bank(
    paid: Sequence[Row], owed: Sequence[Row], largest_fee: int
) -> tuple[Application, list[Applied]]:
    """Apply a bank's lines to invoices, columns as of `apply`; largest_fee: minor units that a bank keeps."""
    numbers = _numbers(owed)
    parties = bank_lines.PartyIndex({row["vendor_name"] for row in owed if row["vendor_name"]})
    payments = [
        Payment(
            row["amount"],
            row["day"],
            tuple(bank_lines.names(row, parties)),
            row["vendor_id"],
            row["currency"],
        )
        for row in paid
    ]
    lines = [line for at, row in enumerate(paid) for line in bank_lines.lines(at, row, numbers)]
    application = Application(payments, lines, _invoices(owed))
    applied = application.run() + lump_sums.run(application) + on_account.run(application)
    applied += bank_lines.refunds(application, applied)
    return application, bank_lines.with_fees(applied, largest_fee)


def _numbers(owed: Sequence[Row]) -> bank_lines.InvoiceNumbers:
    return bank_lines.InvoiceNumbers((row["invoice_no"] or "", row["amount"]) for row in owed)


def _invoices(owed: Sequence[Row]) -> list[Invoice]:
    return [
        Invoice(
            row["amount"],
            row["day"],
            row["invoice_no"] or row["txn_id"] or "",
            row["vendor_name"] or "",
            row["vendor_id"],
            row["currency"],
        )
        for row in owed
    ]


def _application(paid: Sequence[Row], owed: Sequence[Row], advice: Sequence[Row]) -> Application:
    invoices = _invoices(owed)
    owed_by_number = {invoice.number: invoice.amount for invoice in invoices if invoice.number}
    payments = [
        Payment(row["amount"], row["day"], tuple(_names(row)), row["vendor_id"], row["currency"])
        for row in paid
    ]
    numbers = _numbers(owed)
    advice_lines = defaultdict(list)
    for line in advice:
        advice_lines[line["id"]].append(line)
    lines = [
        line
        for at, row in enumerate(paid)
        for line in _lines(at, row, advice_lines.get(row["id"], []), owed_by_number, numbers)
    ]
    return Application(payments, lines, invoices)


def _lines(
    at: int,
    row: Row,
    advice: Sequence[Row],
    owed_by_number: Mapping[str, int],
    numbers: bank_lines.InvoiceNumbers,
) -> Iterator[Line]:
    """Give a payment's lines: of its advice, and what that leaves of it; else of the invoices that it names.

    A payment that says nothing is one line for the whole.
    """
    listed = numbers.in_text(row["invoice_no"] or "")
    if len(listed) > 1 and not advice:
        yield from bank_lines.shares(at, row["amount"], listed, row["description"] or "")
        return
    named = row["invoice_no"] or next(_invoice_words(row, owed_by_number), "")
    if not advice:
        yield Line(at, row["amount"], named, row["description"] or "" if named else "")
        return
    amounts = _amounts(row["amount"], advice, owed_by_number)
    for line, amount in zip(advice, amounts, strict=True):
        yield Line(at, amount, line["reference"] or "", line["note"])
    rest = row["amount"] - sum(amounts)
    if abs(rest) > _ROUNDING * abs(row["amount"]) and rest * row["amount"] > 0:
        yield Line(at, rest)


def _amounts(paid: int, advice: Sequence[Row], owed_by_number: Mapping[str, int]) -> list[int]:
    """Give what each line of an advice pays: of several without amounts, what their invoices owe.

    What that leaves is for the one line whose invoice is not known; else the last is paid with it, where it
    is no more than that one owes.
    """
    amounts = [paid if line["amount"] is None else int(line["amount"]) for line in advice]
    owed = [owed_by_number.get(line["reference"] or "", 0) for line in advice]
    if len(advice) == 1 or any(line["amount"] is not None for line in advice) or owed.count(0) > 1:
        return amounts
    at = owed.index(0) if 0 in owed else len(owed) - 1
    rest = paid - sum(owed) + owed[at]
    if rest * paid <= 0 or 0 < abs(owed[at]) < abs(rest):
        return amounts
    return [*owed[:at], rest, *owed[at + 1 :]]


def _invoice_words(row: Row, owed_by_number: Mapping[str, int]) -> Iterator[str]:
    words = _BETWEEN.split(f"{row['reference'] or ''} {row['description'] or ''}")
    return (word for word in words if word in owed_by_number)


def _names(row: Row) -> Iterator[str]:
    """Give what a payment says of its party: its vendor column, and a name that its description is."""
    if row["vendor_name"]:
        yield row["vendor_name"]
    described = party_names.without_channel(row["description"] or "")
    if described and not any(letter.isdigit() for letter in described.split()[0]):
        yield described


def _proposal(
    application: Application, applied: Sequence[Applied], paid: Sequence[Row], owed: Sequence[Row], payer: int
) -> MatchProposal:
    likely = [allocation for allocation in applied if allocation.confidence >= _LIKELY]
    payment = np.array([application.lines[allocation.line].payment for allocation in likely], dtype=np.int64)
    invoice = np.array([allocation.invoice for allocation in likely], dtype=np.int64)
    ids = (
        np.array([paid[at]["id"] for at in payment], dtype=np.int64),
        np.array([owed[at]["id"] for at in invoice], dtype=np.int64),
    )
    several = np.bincount(payment, minlength=1)[payment] > 1
    shared = np.bincount(invoice, minlength=1)[invoice] > 1
    sign = 1 if payer == 0 else -1
    kind = np.where(
        several, np.where(shared, "N:M", "1:N" if sign > 0 else "N:1"), np.where(shared, "N:1", "1:1")
    )
    return MatchProposal.pairs(
        ids[0 if sign > 0 else 1],
        ids[1 if sign > 0 else 0],
        np.array([allocation.confidence for allocation in likely]),
        covers=np.array([allocation.amount for allocation in likely], dtype=np.int64),
        method=np.array([_pass(application, allocation) for allocation in likely], np.str_),
        difference=np.array([sign * allocation.difference for allocation in likely], dtype=np.int64),
        reason=np.array([allocation.relation.reason for allocation in likely], np.str_),
        kind=kind,
        group=np.where(several, payment, -1),
    )


def _pass(application: Application, allocation: Applied) -> str:
    if allocation.lump:
        return "lump"
    return "remittance" if application.lines[allocation.line].reference else "party"


def _relate(
    books: Books, application: Application, paid: Sequence[Row], owed: Sequence[Row], payer: int
) -> None:
    """Keep which invoices the waiting lines name, paid or not."""
    named = [
        (paid[application.lines[line].payment]["id"], owed[invoice]["id"])
        for line in sorted(application.waiting)
        for invoice in application.named(line)
    ]
    pairs = np.array(named, dtype=np.int64).reshape(-1, 2)
    left, right = (pairs[:, 0], pairs[:, 1]) if payer == 0 else (pairs[:, 1], pairs[:, 0])
    proposals.write_kin(books, left, right)
