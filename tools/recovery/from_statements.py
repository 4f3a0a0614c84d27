"""Claims out of vendors' statements of account, held against our payables.

A statement says what the vendor's books have of us. A credit that ours lack was missed; a payment that the
vendor set off against nothing lies there, where it does not only wait for the invoice that it paid; one set
off against an invoice settled without it was paid twice; an invoice paid for more than billed was overpaid.
Lines of the statement's last days may be in transit, and a credit that a payment was already net of is none.
Source: statement audits as recovery-audit firms do them (missed credits, unapplied cash, price).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from tools.books.engine import Books
from tools.core.sql_files import sql
from tools.recovery import statement_payments
from tools.recovery.drafts import BASIS, OWED, ClaimDraft, ItemDraft, PartyDraft

_HERE: Final = "tools.recovery"
UNKNOWN_PAYMENT: Final = "a payment on the statement that our books do not have"
VOIDED_WITHIN: Final = 60  # days in which a payment that was made and taken back is the same
Row = Mapping[str, Any]
_BASES: Final = {
    "double_payment": "The vendor's own statement settles one invoice with two payments: one is owed to us.",
    "missed_credit": "A credit on the vendor's own statement that was never taken: it is owed to us.",
    "unapplied_payment": "A payment on the vendor's own statement that settles no invoice: a credit of ours.",
    "price_difference": "Paid for more than the vendor's own statement bills: the difference was not owed.",
}
_WORDS: Final = {
    "double_payment": "Paid twice by the vendor's own statement",
    "missed_credit": "Credit not taken",
    "unapplied_payment": "Payment on account",
    "price_difference": "Paid above the invoice",
}


def claims(books: Books, cut_off_days: int) -> list[ClaimDraft]:
    """Give a claim for each credit missed, payment unapplied and invoice overpaid.

    cut_off_days: lines dated within them before the statement's day are left for the next one.
    """
    lines = books.rows(sql(_HERE, "statement_line"))
    if not lines:
        return []
    ours = _OwnDocuments(books.rows(sql(_HERE, "statement_ours")))
    by_party: dict[str, list[Row]] = defaultdict(list)
    for line in lines:
        by_party[str(line["party_key"])].append(line)
    entity = books.manifest.entity
    return [draft for party in by_party.values() for draft in _of_party(entity, party, ours, cut_off_days)]


class _OwnDocuments:
    """Our invoices, credit notes and payments of the parties, by number."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.invoices: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self.payments: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self.by_party: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            of_kind = self.invoices if row["kind"] == "invoice" else self.payments
            for party in {str(row["vendor_key"]), str(row["vendor_id"])}:
                of_kind[party, str(row["number"])].append(row)
                self.by_party[party].append(row)

    def invoice(self, line: Row, number: str) -> list[Row]:
        """Give our invoices and credit notes under a number of the statement's party."""
        return _either(self.invoices, line, number)

    def paid(self, line: Row, number: str) -> list[Row]:
        """Give our payments on a number of the statement's party."""
        return _either(self.payments, line, number)

    def party(self, line: Row) -> list[Row]:
        """Give all that our books have of the statement's party."""
        return self.by_party.get(str(line["party_id"])) or self.by_party.get(str(line["party_key"]), [])


def _either(of_kind: Mapping[tuple[str, str], list[Row]], line: Row, number: str) -> list[Row]:
    if not number:
        return []
    return of_kind.get((str(line["party_id"]), number)) or of_kind.get((str(line["party_key"]), number), [])


def _of_party(
    entity: str, lines: Sequence[Row], ours: _OwnDocuments, cut_off_days: int
) -> Iterator[ClaimDraft]:
    for line in lines:
        if _is_recent(line, cut_off_days):
            continue
        if line["entry"] == "credit" and _is_missed(line, ours):
            yield _draft(entity, "missed_credit", line, abs(line["amount_minor"]), [])
        if line["entry"] == "payment" and not line["applied_number"]:
            paid = _our_payment(line, ours)
            waits = paid is not None and statement_payments.is_open(lines, str(paid["number"]))
            if paid is not None and not waits and not _is_refunded(line, lines):
                yield _draft(entity, "unapplied_payment", line, abs(line["amount_minor"]), [paid])
        if line["entry"] == "invoice":
            over, rows = _overpaid(line, ours)
            if over > 0:
                yield _draft(entity, "price_difference", line, over, rows)
    yield from _paid_twice(entity, lines, ours, cut_off_days)


def _paid_twice(
    entity: str, lines: Sequence[Row], ours: _OwnDocuments, cut_off_days: int
) -> Iterator[ClaimDraft]:
    """Give what was paid twice by the statement; on hold where our books have not made all those payments."""
    for twice in statement_payments.paid_twice(lines):
        if _is_recent(twice.line, cut_off_days):
            continue
        paid = [row for row in ours.paid(twice.line, twice.line["applied_number"]) if row["amount_minor"] > 0]
        draft = _draft(entity, "double_payment", twice.line, twice.over_minor, paid)
        yield draft if len(paid) >= twice.payments else replace(draft, hold=UNKNOWN_PAYMENT)


def _is_recent(line: Row, days: int) -> bool:
    dated, stated = line["dated_on"], line["stated_on"]
    return bool(isinstance(dated, date) and isinstance(stated, date) and (stated - dated).days < days)


def _is_missed(line: Row, ours: _OwnDocuments) -> bool:
    """Say whether our books took a credit in no way: not booked, no payment net of it."""
    size = abs(line["amount_minor"])
    if any(row["amount_minor"] < 0 for row in ours.invoice(line, line["number"])):
        return False
    booked = [r for r in ours.party(line) if r["kind"] == "invoice" and r["amount_minor"] == -size]
    if any(_near(row["posted_on"], line["dated_on"], 45) and not row["number"] for row in booked):
        return False
    billed = sum(row["amount_minor"] for row in ours.invoice(line, line["applied_number"]))
    paid = sum(row["amount_minor"] for row in ours.paid(line, line["applied_number"]))
    return not (billed and paid and billed - paid == size)


def _near(left: object, right: object, days: int) -> bool:
    return isinstance(left, date) and isinstance(right, date) and abs((left - right).days) <= days


def _our_payment(line: Row, ours: _OwnDocuments) -> Row | None:
    """Give the payment of ours that the vendor set off against nothing; none where we know of none."""
    size = abs(line["amount_minor"])
    numbered = [row for row in ours.paid(line, line["number"]) if row["amount_minor"] == size]
    same = [row for row in ours.party(line) if row["kind"] == "payment" and row["amount_minor"] == size]
    near = [row for row in same if _near(row["posted_on"], line["dated_on"], 15)]
    voided = [row for row in ours.party(line) if row["kind"] == "payment" and row["amount_minor"] == -size]
    rows = numbered or near
    if not rows or any(_near(row["posted_on"], rows[0]["posted_on"], VOIDED_WITHIN) for row in voided):
        return None
    return rows[0]


def _is_refunded(line: Row, lines: Sequence[Row]) -> bool:
    """Say whether a refund of its amount is left for it: each gives back one payment, the earliest first."""
    size = abs(line["amount_minor"])
    refunds = sum(entry["entry"] == "refund" and abs(entry["amount_minor"]) == size for entry in lines)
    unapplied = [
        entry
        for entry in lines
        if entry["entry"] == "payment" and not entry["applied_number"] and abs(entry["amount_minor"]) == size
    ]
    return any(entry is line for entry in unapplied[:refunds])


def _overpaid(line: Row, ours: _OwnDocuments) -> tuple[int, list[Row]]:
    """Give by how much one invoice was paid above what the vendor bills under its number."""
    booked = [row for row in ours.invoice(line, line["number"]) if row["amount_minor"] > 0]
    paid = ours.paid(line, line["number"])
    if len(booked) != 1 or booked[0]["amount_minor"] <= line["amount_minor"]:
        return 0, []
    total = sum(row["amount_minor"] for row in paid)
    over = min(total, booked[0]["amount_minor"]) - line["amount_minor"]
    return (over, [booked[0], *paid]) if total > 0 else (0, [])


def _draft(entity: str, kind: str, line: Row, amount: int, rows: Sequence[Row]) -> ClaimDraft:
    name = str(line["party_name"] or line["party_id"])
    party = PartyDraft("vendor", name, str(line["party_key"]), str(line["party_id"] or ""))
    currency = str(line["currency"])
    document = str(line["document"] or line["applied_to"] or "")
    owed = ItemDraft(
        OWED, document, amount, currency, dated_on=line["dated_on"], source="statement",
        reference=str(line["applied_to"] or ""), file=str(line["file"] or ""), line=line["line"],
    )  # fmt: skip
    basis = [
        ItemDraft(
            BASIS, str(row["invoice_no"] or row["txn_id"]), int(row["amount_minor"]), currency,
            reference=str(row["reference"] or ""), dated_on=row["posted_on"], row_key=str(row["row_key"]),
            source=str(row["source"]), file=str(row["file"] or ""), line=row["line"],
            note=str(row["txn_id"] or ""),
        )
        for row in rows
    ]  # fmt: skip
    return ClaimDraft(
        entity, kind, party, f"{_WORDS[kind]}: {name}, {document}", _BASES[kind], currency, [owed, *basis]
    )
