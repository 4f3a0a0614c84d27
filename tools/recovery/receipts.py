"""Book money that came on claims: part of it keeps the rest open, all of it wins the claim; each has its fee.

receive(session, claim, amount, row, rules, by=)       one posting on one claim, a posting once
book(session, receipts, rules, by=) -> int             many at once; how many claims they won
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from tools.core import money
from tools.recovery import fees, items, states
from tools.rules.recovery import RecoveryRules
from tools.store.models import FeeEntry, RecoveryClaim, RecoveryEvent, RecoveryItem
from tools.store.writes import insert_new

Row = Mapping[str, Any]


class Receipt(NamedTuple):
    """Money for a claim: minor units, and the posting that it came with."""

    claim: RecoveryClaim
    items: Sequence[RecoveryItem]
    amount: int
    row: Row


def receive(
    session: Session, claim: RecoveryClaim, amount: int, row: Row, rules: RecoveryRules, *, by: str
) -> None:
    """Book money on a claim; a posting that the claim has had already changes nothing."""
    same = (RecoveryEvent.claim_id == claim.claim_id, RecoveryEvent.once == _once(row))
    if session.scalar(select(RecoveryEvent.event_id).where(*same)) is None:
        book(session, [Receipt(claim, items.of(session, claim.claim_id), amount, row)], rules, by=by)


def book(session: Session, receipts: Sequence[Receipt], rules: RecoveryRules, *, by: str) -> int:
    """Book postings that no claim has had yet; give how many claims they won."""
    events: list[dict[str, Any]] = []
    entries: list[dict[str, Any]] = []
    won = 0
    for receipt in receipts:
        _explain(receipt)
        events.append(_event(receipt, by, rules.late.roles))
        receipt.claim.recovered_minor += receipt.amount
        items.anchor(receipt.claim, receipt.items, rules.late.roles)
        fee = fees.fee_row(receipt.claim, receipt.amount, rules.contingency_fee, once=_once(receipt.row))
        entries += [fee] if fee else []
        end = _won(receipt, by)
        events += [end] if end else []
        won += end is not None
    session.flush()
    states.events(session, events)
    insert_new(session, FeeEntry, entries)
    return won


def _explain(receipt: Receipt) -> None:
    """Take money for what the list of receivables had as paid already: it counts once."""
    left, day = receipt.amount, receipt.row.get("posted_on")
    for item in receipt.items:
        if item.source == items.LISTED and item.dated_on and day and day <= item.dated_on:
            share = min(left, item.amount_minor)
            item.amount_minor -= share
            receipt.claim.amount_minor += share
            left -= share


def _once(row: Row) -> str:
    return f"money:{row['row_key']}"


def _event(receipt: Receipt, by: str, order: Sequence[str]) -> dict[str, Any]:
    claim, row, before = receipt.claim, receipt.row, receipt.claim.recovered_minor
    details = {
        "amount": money.to_text(receipt.amount, claim.currency),
        "amount_minor": receipt.amount,
        "currency": claim.currency,
        "settled_minor": items.settled_by(receipt.items, before, before + receipt.amount, order),
        **{name: str(row.get(name) or "") for name in ("row_key", "source", "file", "description", "txn_id")},
        "line": row.get("line"),
        "posted_on": str(row.get("posted_on") or ""),
    }
    return states.event_row(claim.claim_id, "money", by=by, details=details, once=_once(row))


def _won(receipt: Receipt, by: str) -> dict[str, Any] | None:
    claim = receipt.claim
    if claim.recovered_minor < claim.amount_minor or claim.status == "won":
        return None
    claim.outcome = "money"
    return states.moved(claim, "won", by=by, details={"row_key": str(receipt.row["row_key"])}, once="won")
