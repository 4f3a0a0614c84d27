"""The items of a claim as they are open now: what came back settles the oldest first.

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

from tools.store.models import RecoveryClaim, RecoveryItem
from tools.store.writes import in_batches

_ORDER: Final = {"owed": 0, "basis": 1, "credit": 2}


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


def open_amounts(rows: Sequence[RecoveryItem], recovered_minor: int) -> list[tuple[RecoveryItem, int]]:
    """Give each owed item that what came back leaves open, and how much: the oldest is settled first."""
    back = recovered_minor + sum(item.amount_minor for item in rows if item.role == "credit")
    still_open = []
    for item in (item for item in rows if item.role == "owed"):
        settled = min(back, item.amount_minor)
        back -= settled
        if settled < item.amount_minor:
            still_open.append((item, item.amount_minor - settled))
    return still_open


def as_rows(claim: RecoveryClaim, owned: Sequence[RecoveryItem]) -> list[dict[str, Any]]:
    """Give a claim's items for a letter; what came back since is a line of its own."""
    rows = [item.as_dict() for item in owned]
    if claim.recovered_minor:
        received = {"role": "credit", "document": "", "due_on": None, "dated_on": None, "reference": ""}
        rows.append({**received, "note": "", "amount_minor": claim.recovered_minor})
    return rows


def anchor(claim: RecoveryClaim, rows: Sequence[RecoveryItem]) -> None:
    """Set the claim's age to that of its earliest item that is still open."""
    day = earliest_open(rows, claim.recovered_minor)
    if day is not None:
        claim.arisen_on = day


def earliest_open(rows: Sequence[RecoveryItem], recovered_minor: int) -> date | None:
    """Give the day of the earliest owed item that what came back leaves open; None where nothing is open."""
    still_open = open_amounts(rows, recovered_minor)
    return _day(still_open[0][0]) if still_open else None


def _day(item: RecoveryItem) -> date | None:
    return item.due_on or item.dated_on
