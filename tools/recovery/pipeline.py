"""Where all claims stand: counts of the eleven states, what the live ones are worth, what happened last.

counts(store) -> {state: n}         zero where there is none
value(store, fee) -> list[dict]     live claims of tier high, by currency: low, mid, high, fee
activity(store, limit) -> list      what happened last, with party and contact
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import func, select

from tools.core import money
from tools.recovery import claims
from tools.recovery.expected_value import expected_minor
from tools.recovery.states import CLOSED, STATES
from tools.store import Store
from tools.store.models import ClaimScore, RecoveryClaim, RecoveryEvent, RecoveryParty


def counts(store: Store, entity: str = "") -> dict[str, int]:
    """Count claims in each of the eleven states."""
    query = select(RecoveryClaim.status, func.count()).group_by(RecoveryClaim.status)
    if entity:
        query = query.where(RecoveryClaim.entity == entity)
    with store.read() as session:
        counted = {str(row[0]): int(row[1]) for row in session.execute(query)}
    return {state: counted.get(state, 0) for state in STATES}


def value(store: Store, contingency_fee: float, tier: str = "high") -> list[dict[str, Any]]:
    """Add up what is open on live claims of a tier, by currency: low, mid, high, expected, fee on mid.

    tier: "" takes all. Amounts are decimal text.
    """
    latest = claims.newest_scores()
    query = (
        select(RecoveryClaim, ClaimScore)
        .join(latest, latest.c.claim_id == RecoveryClaim.claim_id)
        .join(ClaimScore, (ClaimScore.claim_id == latest.c.claim_id) & (ClaimScore.run_id == latest.c.run_id))
        .where(RecoveryClaim.status.not_in(CLOSED))
    )
    if tier:
        query = query.where(ClaimScore.tier == tier)
    sums: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_SUMMED, 0))
    with store.read() as session:
        for claim, score in session.execute(query).all():
            total, back = sums[claim.currency], claim.recovered_minor
            total["claims"] += 1
            total["low"] += claim.low_minor - back
            total["mid"] += claim.amount_minor - back
            total["high"] += claim.high_minor - back
            total["expected"] += expected_minor(claim.amount_minor - back, score.probability)
    return [_worded(currency, total, contingency_fee) for currency, total in sorted(sums.items())]


_SUMMED = ("claims", "low", "mid", "high", "expected")


def _worded(currency: str, total: dict[str, int], fee: float) -> dict[str, Any]:
    amounts = {name: money.to_text(total[name], currency) for name in ("low", "mid", "high", "expected")}
    return {
        "currency": currency,
        "claims": total["claims"],
        **amounts,
        "fee": money.to_text(round(total["mid"] * fee), currency),
    }


def recovered(store: Store) -> dict[str, str]:
    """Add up what came back, by currency, as decimal text."""
    query = select(RecoveryClaim.currency, func.sum(RecoveryClaim.recovered_minor)).group_by(
        RecoveryClaim.currency
    )
    with store.read() as session:
        return {row[0]: money.to_text(int(row[1]), row[0]) for row in session.execute(query) if row[1]}


def activity(store: Store, limit: int = 10) -> list[dict[str, Any]]:
    """Give what happened last, the newest first, with the party and whom it was written to."""
    query = (
        select(RecoveryEvent, RecoveryClaim, RecoveryParty)
        .join(RecoveryClaim, RecoveryClaim.claim_id == RecoveryEvent.claim_id)
        .join(RecoveryParty, RecoveryParty.party_id == RecoveryClaim.party_id)
        .order_by(RecoveryEvent.at.desc(), RecoveryEvent.event_id.desc())
        .limit(limit)
    )
    with store.read() as session:
        return [
            {
                "at": event.at.isoformat(timespec="seconds"),
                "kind": event.kind,
                "claim_id": claim.claim_id,
                "party": party.name,
                "contact": str(event.details.get("to") or event.details.get("sender") or ""),
                "by": event.by,
                "amount": str(event.details.get("amount") or ""),
                "currency": claim.currency,
                "details": event.details,
            }
            for event, claim, party in session.execute(query).all()
        ]
