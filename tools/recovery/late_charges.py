"""What late payment adds to an invoice, where the rules ask for it: a lump sum, and simple interest a year.

charge(session, letters_due, rules, sender)     before letters are drafted: what ran up since the last ones
accrued(rows, receipts, rate, until, order)     interest by item, in minor units and unrounded

Sources: § 286 to § 289 BGB (from the day after the due day, no interest on interest, a lump sum an invoice),
§ 367 BGB (costs, then interest, then principal); Directive 2011/7/EU, art. 3 and 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from tools.core import money
from tools.core.clock import clock
from tools.core.digest import digest
from tools.ledger.sources import Entity
from tools.recovery import items, states
from tools.recovery.drafts import COST, INTEREST, OWED
from tools.recovery.letters.due import Due
from tools.rules.recovery import Late, RecoveryRules
from tools.store.models import RecoveryClaim, RecoveryEvent, RecoveryItem
from tools.store.writes import in_batches, insert_new

KIND: Final = "overdue_invoice"
_YEAR: Final = 365
ItemRow = dict[str, Any]


class DatedAmount(NamedTuple):
    """Money that came for a claim: the day that the bank has it, minor units."""

    day: date
    amount_minor: int


def charge(session: Session, letters_due: Sequence[Due], rules: RecoveryRules, sender: Entity) -> None:
    """Add what late payment costs to the claims whose next letter asks for it: once a claim and day."""
    late = rules.late
    claims = [
        letter_due.claim
        for letter_due in letters_due
        if letter_due.claim.kind == KIND
        and letter_due.party.consumer != "yes"
        and letter_due.claim.level + 1 >= late.from_level
    ]
    if not claims or not (late.fee or late.interest):
        return
    names = [claim.claim_id for claim in claims]
    items_of, receipts_of, today = (
        items.of_each(session, names),
        receipts(session, names),
        clock().now().date(),
    )
    for claim in claims:
        rows = items_of[claim.claim_id]
        added = interest_rows(claim, rows, receipts_of[claim.claim_id], late, today)
        added += cost_rows(claim, rows, late, today) if claim.currency == sender.currency else []
        add(session, claim, added)


def receipts(session: Session, claim_ids: Sequence[str]) -> dict[str, list[DatedAmount]]:
    """Give the money that came for each claim, by the bank's days."""
    came: dict[str, list[DatedAmount]] = {claim_id: [] for claim_id in claim_ids}
    for batch in in_batches(claim_ids):
        query = select(RecoveryEvent).where(RecoveryEvent.kind == "money", RecoveryEvent.claim_id.in_(batch))
        for event in session.scalars(query):
            posted_on = str(event.details.get("posted_on") or "")
            day = date.fromisoformat(posted_on) if posted_on else event.at.date()
            came[event.claim_id].append(DatedAmount(day, int(event.details["amount_minor"])))
    return came


def interest_rows(
    claim: RecoveryClaim, rows: Sequence[RecoveryItem], came: Sequence[DatedAmount], late: Late, until: date
) -> list[ItemRow]:
    """Give an item for each invoice on which interest ran up since it was last asked for."""
    by_item = accrued(rows, came, late.interest, until, late.roles)
    owed = {item.item_id: item for item in rows if item.role == OWED}
    percent = f"{(late.interest * 100).normalize():f}%"
    added = []
    for item_id, amount in by_item.items():
        rounded = int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
        if rounded:
            note = f"{percent}, {charged_until(rows, owed[item_id])} - {until}"
            row = _row(claim, INTEREST, owed[item_id].document, rounded, until)
            added.append({**row, "note": note})
    return added


def cost_rows(claim: RecoveryClaim, rows: Sequence[RecoveryItem], late: Late, today: date) -> list[ItemRow]:
    """Give the lump sum of each invoice that has had none."""
    amount = money.to_minor(late.fee, claim.currency)
    before = {item.document for item in rows if item.role == COST}
    owed = {item.document for item in rows if item.role == OWED and item.due_on}
    return [_row(claim, COST, document, amount, today) for document in sorted(owed - before) if amount]


def accrued(
    rows: Sequence[RecoveryItem],
    came: Iterable[DatedAmount],
    rate: Decimal,
    until: date,
    order: Sequence[str],
) -> Mapping[str, Decimal]:
    """Give the interest on each invoice since it was last charged, on what was open of it at each time.

    came: all the money so far; it lessens what is open from the day on which the bank has it.
    """
    receipts_before = sorted(receipt for receipt in came if receipt.day < until)
    interest: dict[str, Decimal] = {}
    start, back = date.min, 0
    for end, amount in [*receipts_before, DatedAmount(until, 0)]:
        for item, left in items.open_amounts(rows, back, order):
            if item.role == OWED and item.due_on:
                days = (end - max(start, charged_until(rows, item))).days
                run_up = left * rate * max(0, days) / _YEAR
                interest[item.item_id] = interest.get(item.item_id, Decimal(0)) + run_up
        start, back = end, back + amount
    return interest


def charged_until(rows: Iterable[RecoveryItem], item: RecoveryItem) -> date:
    """Give the last day of an invoice's interest that a letter has asked for; else its due day."""
    days = [
        row.dated_on
        for row in rows
        if row.role == INTEREST and row.document == item.document and row.dated_on
    ]
    return max([*days, item.due_on or date.max])


def of_items(rows: Iterable[RecoveryItem]) -> int:
    """Give what late payment has added to a claim, in minor units."""
    return sum(item.amount_minor for item in rows if item.role in (COST, INTEREST))


def _row(claim: RecoveryClaim, role: str, document: str, amount: int, day: date) -> ItemRow:
    named = digest([claim.claim_id, role, document, day.isoformat()])
    empty = dict.fromkeys(("reference", "row_key", "file", "flag_id"), "")
    return {
        "item_id": named[:20], "claim_id": claim.claim_id, "role": role, "document": document, **empty,
        "dated_on": day, "due_on": None, "amount_minor": amount, "currency": claim.currency,
        "source": "late", "line": None, "note": "",
    }  # fmt: skip


def add(session: Session, claim: RecoveryClaim, added: Sequence[ItemRow]) -> None:
    """Add charges to a claim."""
    if not added:
        return
    insert_new(session, RecoveryItem, added)
    amount = sum(int(row["amount_minor"]) for row in added)
    claim.amount_minor += amount
    claim.low_minor, claim.high_minor = claim.low_minor + amount, claim.high_minor + amount
    session.flush()
    details = {"added_minor": amount, "items": len(added)}
    once = f"late:{claim.level + 1}:{added[0]['dated_on']}"
    states.event(session, claim.claim_id, "late_charges", by="tieout", details=details, once=once)
