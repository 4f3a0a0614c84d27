"""What a week of recovery came to: parties, tiers, letters, replies, what the pipeline is worth, the best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tools.core import money
from tools.recovery import claims, pipeline
from tools.rules.recovery import RecoveryRules
from tools.store import Store
from tools.store.models import ClaimScore, RecoveryClaim, RecoveryEvent, RecoveryParty, Reply

NOT_MEASURED: Final = "not measured"  # nobody's letters carry trackers
_BEST: Final = 10
Row = dict[str, Any]


def recovery_week(store: Store, since: datetime, until: datetime, rules: RecoveryRules) -> Row:
    """Give the six parts as JSON primitives; a rate of nothing is "-", amounts are decimal text."""
    with store.read() as session:
        events = _between(session, RecoveryEvent, RecoveryEvent.at, since, until)
        replies = _between(session, Reply, Reply.received_at, since, until)
        parties = _between(session, RecoveryParty, RecoveryParty.added_at, since, until)
        tiers = {
            score.claim_id: score.tier
            for score in _between(session, ClaimScore, ClaimScore.scored_at, since, until)
        }
        back = _came_back(session, events)
    return {
        "found": {
            "parties": len(parties),
            "by_industry": _tally(party.industry for party in parties),
            "by_state": _tally(party.state for party in parties),
        },
        "by_tier": {tier: list(tiers.values()).count(tier) for tier in ("high", "medium", "low")},
        "letters": _letters(events),
        "replies": _replies(replies, _letters(events)["sent"]),
        "value": pipeline.value(store, rules.contingency_fee),
        "came_back": back,
        "best": _best(store),
    }


def _between(session: Session, model: Any, column: Any, since: datetime, until: datetime) -> list[Any]:  # noqa: ANN401 - any table
    return list(session.scalars(select(model).where(column >= since, column < until).order_by(column)))


def _tally(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(name or "not known" for name in names).most_common())


def _letters(events: list[RecoveryEvent]) -> Row:
    kinds = Counter(event.kind for event in events)
    return {
        "sent": kinds["sent"] + kinds["followup_sent"],
        "follow_ups": kinds["followup_sent"],
        "opened": NOT_MEASURED,
        "clicked": NOT_MEASURED,
        "open_rate": NOT_MEASURED,
        "click_rate": NOT_MEASURED,
    }


def _replies(replies: list[Reply], sent: int) -> Row:
    people = [reply for reply in replies if reply.sentiment]
    return {
        "count": len(people),
        "by_sentiment": _tally(reply.sentiment for reply in people),
        "rate": f"{len(people) / sent:.1%}" if sent else "-",
        "unsubscribed": sum(reply.kind in ("opt_out", "complaint") for reply in replies),
        "returned": sum(reply.kind == "bounce" for reply in replies),
    }


def _came_back(session: Session, events: list[RecoveryEvent]) -> list[Row]:
    currencies = {
        row[0]: row[1] for row in session.execute(select(RecoveryClaim.claim_id, RecoveryClaim.currency))
    }
    sums: Counter[str] = Counter()
    for event in events:
        if event.kind == "money":
            sums[currencies[event.claim_id]] += int(event.details.get("amount_minor") or 0)
    return [{"currency": code, "amount": money.to_text(sums[code], code)} for code in sorted(sums)]


def _still_open(row: Row, name: str) -> str:
    return money.to_text(max(0, int(row[name]) - int(row["recovered_minor"])), row["currency"])


def _best(store: Store) -> list[Row]:
    rows = claims.rows(store, claims.ClaimFilter(open_only=True, limit=_BEST))
    return [
        {
            **{name: row[name] for name in ("claim_id", "party", "kind", "tier", "expected", "currency")},
            **{name: _still_open(row, f"{name}_minor") for name in ("low", "high")},
            "mid": row["open"],
        }
        for row in rows
    ]
