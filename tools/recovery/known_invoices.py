"""Overdue invoices that claims are on already, held against the list of receivables as it is now.

claimed(store, entity) -> {(party, document)}      no second claim is made on these
follow(store, books, as_of, rules)                 what was paid by the list is asked for no more
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from tools.books.engine import Books
from tools.core.sql_files import sql
from tools.recovery import items, late_charges, receipts, states
from tools.recovery.drafts import CREDIT, OWED, ItemDraft
from tools.rules.recovery import RecoveryRules
from tools.store import Store
from tools.store.models import RecoveryClaim, RecoveryItem, RecoveryParty
from tools.store.writes import insert_new

UNLISTED: Final = "an invoice is not in the list of receivables any more"
Invoice = tuple[str, str]  # the party's key, the document


class _Claim(NamedTuple):
    """A claim on invoices of a party, with the postings that it rests on."""

    claim: RecoveryClaim
    party_key: str
    items: list[RecoveryItem]


def claimed(store: Store, entity: str) -> frozenset[Invoice]:
    """Give every invoice, and every credit that was set off, that a claim of an entity is on."""
    with store.read() as session:
        return frozenset(
            (entry.party_key, item.document)
            for entry in _claims(session, entity)
            for item in entry.items
            if item.role in (OWED, CREDIT) and item.document
        )


class _Listed(NamedTuple):
    """The list: what is open of each invoice, on which day; and the rules that money is booked by."""

    open_minor: Mapping[Invoice, int]
    as_of: date
    rules: RecoveryRules


def follow(store: Store, books: Books, as_of: date, rules: RecoveryRules) -> None:
    """Bring claims that are open to what the list says: less is open, all was paid, or nobody can say."""
    open_minor = {
        (str(row["party_key"] or row["party_id"]), str(row["document"])): int(row["open_minor"])
        for row in books.rows(sql("tools.recovery", "standing"))
    }
    if not open_minor:
        return
    listed = _Listed(open_minor, as_of, rules)
    with store.begin() as session:
        for entry in _claims(session, books.manifest.entity):
            if entry.claim.status not in states.CLOSED:
                _bring(session, entry, listed)


def _claims(session: Session, entity: str) -> list[_Claim]:
    query = (
        select(RecoveryClaim, RecoveryParty.party_key)
        .join(RecoveryParty, RecoveryParty.party_id == RecoveryClaim.party_id)
        .where(RecoveryClaim.entity == entity, RecoveryClaim.kind == late_charges.KIND)
        .order_by(RecoveryClaim.claim_id)
    )
    pairs = session.execute(query).all()
    items_of = items.of_each(session, [claim.claim_id for claim, _ in pairs])
    return [_Claim(claim, party_key, items_of[claim.claim_id]) for claim, party_key in pairs]


def _bring(session: Session, entry: _Claim, listed: _Listed) -> None:
    claim, documents = entry.claim, [item.document for item in entry.items if item.role == OWED]
    left = [listed.open_minor.get((entry.party_key, document)) for document in documents]
    if None in left:
        claim.hold = claim.hold or UNLISTED
        return
    still_open, late = sum(amount or 0 for amount in left), late_charges.of_items(entry.items)
    if not still_open and not late:
        _settled(session, entry, listed)
        return
    set_off = sum(item.amount_minor for item in entry.items if item.role == CREDIT and item.document)
    amount = max(0, still_open - set_off) + claim.recovered_minor + late
    if amount < claim.amount_minor:
        _lessen(session, claim, amount, listed.as_of)


def _settled(session: Session, entry: _Claim, listed: _Listed) -> None:
    """Book what the list has as settled: a payment or a credit note that was seen there."""
    row = {"row_key": f"receivable:{entry.claim.claim_id}", "source": "receivable", "posted_on": listed.as_of}
    amount = entry.claim.amount_minor - entry.claim.recovered_minor
    receipts.book(
        session, [receipts.Receipt(entry.claim, entry.items, amount, row)], listed.rules, by="tieout"
    )


def _lessen(session: Session, claim: RecoveryClaim, amount: int, as_of: date) -> None:
    """Set off what the list has as paid, as a line of its own; the bank's line explains it later."""
    before, claim.amount_minor = claim.amount_minor, amount
    claim.low_minor, claim.high_minor = min(claim.low_minor, amount), min(claim.high_minor, amount)
    paid = ItemDraft(
        CREDIT, "", before - amount, claim.currency, dated_on=as_of, source=items.LISTED,
        row_key=f"receivable:{before}-{amount}",
    )  # fmt: skip
    insert_new(session, RecoveryItem, [paid.as_row(claim.claim_id)])
    session.flush()
    details: dict[str, Any] = {"from": before, "to": amount, "seen": "list of receivables"}
    once = f"amount:{amount}"
    states.event(session, claim.claim_id, "amount_changed", by="tieout", details=details, once=once)
