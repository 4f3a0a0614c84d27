"""When the money of claims on open invoices is expected, by how the customers paid so far.

features(session, times, claims, today) -> {claim_id: {name: value}}    of overdue invoices alone
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tools.core.settings import Settings
from tools.recovery import books
from tools.recovery.days_to_pay import PaymentTimes, learnt
from tools.recovery.drafts import OWED
from tools.store.models import RecoveryItem, RecoveryParty
from tools.store.writes import in_batches

KIND: Final = "overdue_invoice"
_Features = dict[str, dict[str, str]]


def times_of(limits: Settings, run_id: str, today: date) -> PaymentTimes | None:
    """Learn how customers pay from the books of a run; None where they hold too little."""
    if not books.has_books(limits, run_id):
        return None
    with books.open_books(limits, run_id) as opened:
        return learnt(opened, today)


def features(session: Session, times: PaymentTimes | None, claims: Sequence[Any], today: date) -> _Features:
    """Give each claim the day on which its earliest invoice may be paid, and on what that stands."""
    overdue = [claim for claim in claims if claim.kind == KIND]
    if times is None or not overdue:
        return {}
    keys = _party_keys(session, {claim.party_id for claim in overdue})
    earliest = _earliest(session, [claim.claim_id for claim in overdue])
    return {
        claim.claim_id: _expected(times, keys[claim.party_id], earliest[claim.claim_id], claim, today)
        for claim in overdue
        if claim.claim_id in earliest
    }


def _party_keys(session: Session, party_ids: set[str]) -> dict[str, str]:
    keys: dict[str, str] = {}
    for batch in in_batches(sorted(party_ids)):
        query = select(RecoveryParty.party_id, RecoveryParty.party_key)
        keys.update(
            (row[0], row[1]) for row in session.execute(query.where(RecoveryParty.party_id.in_(batch)))
        )
    return keys


def _earliest(session: Session, claim_ids: Sequence[str]) -> dict[str, tuple[date, date]]:
    """Give the day and the due day of each claim's earliest invoice."""
    days: dict[str, tuple[date, date]] = {}
    for batch in in_batches(claim_ids):
        query = select(RecoveryItem).where(RecoveryItem.claim_id.in_(batch), RecoveryItem.role == OWED)
        for item in session.scalars(query.order_by(RecoveryItem.due_on.desc())):
            if item.dated_on and item.due_on:
                days[item.claim_id] = (item.dated_on, item.due_on)
    return days


def _expected(
    times: PaymentTimes,
    key: str,
    days: tuple[date, date],
    claim: Any,  # noqa: ANN401 - a claim, or a row of its columns
    today: date,
) -> dict[str, str]:
    dated_on, due_on = days
    waited = max(0, (today - dated_on).days)
    terms = (due_on - dated_on).days
    expected = times.expect(key, terms, disputed=claim.hold == "dispute", waited=waited)
    return {
        "expected_payment": (dated_on + timedelta(days=expected.days)).isoformat(),
        "usual_days_late": str(times.expect(key, terms).days_late),
        "settled_invoices_of_customer": str(expected.n),
    }
