"""The items of a claim as they are open now: what came back settles costs, interest, then the oldest first.

of(session, claim_id) -> list[RecoveryItem]   of_each: of many claims at once
as_rows(claim, items) -> list[dict]           for letters: what is owed, held against, back already
anchor(claim, items)                          the claim's age is that of its earliest open item, now
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tools.recovery.drafts import BASIS, COST, CREDIT, INTEREST, OWED
from tools.store.models import RecoveryClaim, RecoveryItem
from tools.store.writes import in_batches

BY_LAW: Final = (COST, INTEREST, OWED)  # § 367 BGB: what money settles first
LISTED: Final = (
    "list of receivables"  # the source of a credit: paid by that list, by which posting is not known
)
_ORDER: Final = {OWED: 0, COST: 1, INTEREST: 2, BASIS: 3, CREDIT: 4}


def of(session: Session, claim_id: str) -> list[RecoveryItem]:
    """Give a claim's items: what is owed by day, then what it is held against."""
    return of_each(session, [claim_id])[claim_id]


def of_each(session: Session, claim_ids: Sequence[str]) -> dict[str, list[RecoveryItem]]:
    """Give the items of claims, by claim, each as `of` does."""
    rows: dict[str, list[RecoveryItem]] = {claim_id: [] for claim_id in claim_ids}
    for batch in in_batches(claim_ids):
        for item in session.scalars(select(RecoveryItem).where(RecoveryItem.claim_id.in_(batch))):
            rows[item.claim_id].append(item)
    return {claim_id: sorted_by_day(owned) for claim_id, owned in rows.items()}


def sorted_by_day(rows: Iterable[RecoveryItem]) -> list[RecoveryItem]:
    """Sort items: what is owed by day, then what it is held against, then credits."""
    return sorted(rows, key=lambda item: (_ORDER.get(item.role, 9), _day(item) or date.max, item.item_id))


def open_amounts(
    rows: Sequence[RecoveryItem], recovered_minor: int, order: Sequence[str] = BY_LAW
) -> list[tuple[RecoveryItem, int]]:
    """Give each item that what came back leaves open, and how much, in the order in which money settles them.

    order: of costs, interest and what is owed; of each the oldest goes first. Credits were set off when the
    claim was made: they lessen what is owed, before any money.
    """
    credit = sum(item.amount_minor for item in rows if item.role == CREDIT)
    owed = _open_amounts([(item, item.amount_minor) for item in rows if item.role == OWED], credit)
    late = [(item, item.amount_minor) for item in rows if item.role in (COST, INTEREST)]
    return _open_amounts(sorted([*owed, *late], key=lambda pair: order.index(pair[0].role)), recovered_minor)


def _open_amounts(
    amounts: Iterable[tuple[RecoveryItem, int]], back_minor: int
) -> list[tuple[RecoveryItem, int]]:
    still_open = []
    for item, amount in amounts:
        settled = min(back_minor, amount)
        back_minor -= settled
        if settled < amount:
            still_open.append((item, amount - settled))
    return still_open


def settled_by(rows: Sequence[RecoveryItem], before: int, after: int, order: Sequence[str]) -> dict[str, int]:
    """Say what money settled, by role, where what came back rose from `before` to `after`."""
    settled: dict[str, int] = {}
    for sign, back in ((1, before), (-1, after)):
        for item, left in open_amounts(rows, back, order):
            settled[item.role] = settled.get(item.role, 0) + sign * left
    return {role: amount for role, amount in settled.items() if amount}


def as_rows(claim: RecoveryClaim, owned: Sequence[RecoveryItem]) -> list[dict[str, Any]]:
    """Give a claim's items for a letter; what came back since is a line of its own."""
    rows = [item.as_dict() for item in owned if item.amount_minor]
    if claim.recovered_minor:
        received = {"role": "credit", "document": "", "due_on": None, "dated_on": None, "reference": ""}
        rows.append({**received, "note": "", "amount_minor": claim.recovered_minor})
    return rows


def anchor(claim: RecoveryClaim, rows: Sequence[RecoveryItem], order: Sequence[str] = BY_LAW) -> None:
    """Set the claim's age to that of its earliest item that is still open."""
    day = earliest_open(rows, claim.recovered_minor, order)
    if day is not None:
        claim.arisen_on = day


def earliest_open(
    rows: Sequence[RecoveryItem], recovered_minor: int, order: Sequence[str] = BY_LAW
) -> date | None:
    """Give the day of the earliest owed item that what came back leaves open; None where nothing is open."""
    still_open = open_amounts(rows, recovered_minor, order)
    return next((_day(item) for item, _ in still_open if item.role == OWED), None)


def _day(item: RecoveryItem) -> date | None:
    return item.due_on or item.dated_on
