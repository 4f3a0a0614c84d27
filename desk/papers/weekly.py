"""Gather what a week came to, out of the store alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.papers import weekly_cases
from desk.papers.recovery_week import recovery_week
from tools.audit import other_rules
from tools.core import money
from tools.core.clock import clock
from tools.core.errors import UsageError
from tools.core.severity_levels import GRAVEST_FIRST
from tools.feedback import reviews, wilson
from tools.feedback.reviews import ReviewedFlag
from tools.rules.learned import Suppression, Threshold
from tools.rules.model import Rules
from tools.store import Store
from tools.store.models import (
    ApprovalRequest,
    AuditRun,
    Decision,
    Flag,
    FlagEvent,
    Proposal,
    RuleChange,
    TrailEntry,
)
from tools.store.writes import in_batches

Row = dict[str, Any]
MOST_VENDORS = 20
_HOUR = 3600


def bounds(week: str | None) -> tuple[datetime, datetime]:
    """Give a week's beginning and end, UTC: "2025-W14", any day of it, or the last seven days.

    Raises UsageError for what is none of these.
    """
    if week is None:
        until = clock().now()
        return until - timedelta(days=7), until
    try:
        day = date.fromisoformat(f"{week}-1" if "W" in week and week.count("-") == 1 else week)
    except ValueError:
        raise UsageError(
            f"'{week}' is no week.", place="--week", remedy="Write it as 2025-W14, or a day of it."
        ) from None
    monday = datetime.combine(day - timedelta(days=day.weekday()), datetime.min.time(), UTC)
    return monday, monday + timedelta(days=7)


def weekly(store: Store, since: datetime, until: datetime, rules: Rules | None = None) -> Row:
    """Give a report's figures as JSON primitives; amounts are decimal text by currency.

    Keys: since, until, runs, transactions, top (the gravest cases that wait), ageing, trend, flags, money,
    decisions, requests, false_positives (by_test, by_vendor: of reviewed flags), spending, times, learned,
    recovery. rules: in force now.
    """
    with store.read() as session:
        started = _between(session, AuditRun, AuditRun.started_at, since, until)
        raised = _between(session, Flag, Flag.created_at, since, until)
        reviewed = reviews.between(store, since, until)
        return {
            "since": since.isoformat(),
            "until": until.isoformat(),
            "runs": _runs(started),
            "transactions": _transactions(started),
            "top": weekly_cases.top_cases(session, until),
            "ageing": weekly_cases.ageing(session, until),
            "trend": weekly_cases.trend(session, until),
            "flags": _flags(raised),
            "money": _money(session, raised, reviewed),
            "decisions": dict(
                Counter(str(decision.verdict) for decision in _decisions(session, since, until))
            ),
            "requests": _requests(session, since, until),
            "false_positives": {
                "by_test": _rates(reviewed, lambda flag: flag.test),
                "by_vendor": _rates(reviewed, lambda flag: flag.vendor)[:MOST_VENDORS],
                "reviewed": len(reviewed),
            },
            "spending": _spending(session, since, until),
            "times": _times(session, reviewed, since, until),
            "learned": _learned(session, since, until, rules or Rules()),
            "recovery": recovery_week(store, since, until, (rules or Rules()).recovery),
        }


def _between(session: Session, model: Any, column: Any, since: datetime, until: datetime) -> list[Any]:  # noqa: ANN401 - any table
    return list(session.scalars(select(model).where(column >= since, column < until).order_by(column)))


def _runs(started: Sequence[AuditRun]) -> Row:
    return {
        "count": len(started),
        "by_status": dict(Counter(str(run.status) for run in started)),
        "by_outcome": dict(Counter(filter(None, map(other_rules.outcome, started)))),
        "list": [
            {
                "run_id": run.run_id,
                "entity": run.entity,
                "started_at": run.started_at.isoformat(),
                "started_by": run.started_by,
                "status": str(run.status),
                "outcome": other_rules.outcome(run),
                "transactions": _read(run),
            }
            for run in started
        ],
    }


def _transactions(started: Sequence[AuditRun]) -> Row:
    by_entity: dict[str, int] = defaultdict(int)
    for run in started:
        if not other_rules.named_by(run):  # its books are audited again under the desk's
            by_entity[run.entity] += _read(run)
    return {"count": sum(by_entity.values()), "by_entity": dict(sorted(by_entity.items()))}


def _read(run: AuditRun) -> int:
    return int((run.counts.get("merged") or {}).get("rows_in_window") or 0)


def _flags(raised: Sequence[Flag]) -> list[Row]:
    return [
        {
            "severity": severity,
            "count": len(group),
            "statuses": dict(Counter(str(flag.status) for flag in group)),
            "exposure": _exposure(group),
        }
        for severity in GRAVEST_FIRST
        if (group := [flag for flag in raised if flag.severity == severity])
    ]


def _money(session: Session, raised: Sequence[Flag], reviewed: Sequence[ReviewedFlag]) -> Row:
    """Money at risk in the flags raised, and in those of the reviewed that were confirmed, or false."""
    flag_by_id = _by_id(session, [flag.flag_id for flag in reviewed])

    def of(verdict: str) -> list[Row]:
        chosen = [
            flag_by_id[review.flag_id]
            for review in reviewed
            if reviews.judged(review.votes.values()) == verdict
        ]
        return _exposure(chosen)

    at_risk = [flag for flag in raised if flag.status not in ("rejected", "withdrawn")]
    return {
        "at_risk": _exposure(at_risk),
        "confirmed": of("confirmed"),
        "false_positive": of("false_positive"),
        "needs_information": of("needs_information"),
    }


def _exposure(flags: Iterable[Flag]) -> list[Row]:
    """Add exposure up by currency, as decimal text: different currencies are never added."""
    sums: dict[str, int] = defaultdict(int)
    for flag in flags:
        sums[flag.currency] += flag.exposure_minor
    return [{"currency": name, "amount": money.to_text(sums[name], name)} for name in sorted(sums)]


def _by_id(session: Session, flag_ids: Sequence[str]) -> dict[str, Flag]:
    flags: dict[str, Flag] = {}
    for batch in in_batches(flag_ids):
        flags |= {flag.flag_id: flag for flag in session.scalars(select(Flag).where(Flag.flag_id.in_(batch)))}
    return flags


def _decisions(session: Session, since: datetime, until: datetime) -> list[Decision]:
    return _between(session, Decision, Decision.at, since, until)


def _requests(session: Session, since: datetime, until: datetime) -> Row:
    requests = _between(session, ApprovalRequest, ApprovalRequest.requested_at, since, until)
    closed = _between(session, ApprovalRequest, ApprovalRequest.closed_at, since, until)
    still = session.scalars(
        select(ApprovalRequest).where(ApprovalRequest.status == "open", ApprovalRequest.requested_at < until)
    )
    return {"asked": len(requests), "closed": len(closed), "open": len(list(still))}


def _rates(reviewed: Sequence[ReviewedFlag], key: Any) -> list[Row]:  # noqa: ANN401 - a function of a flag
    """Give the false positives of reviewed flags, the most reviewed first; bounds are 95%, two-sided."""
    groups: dict[str, list[ReviewedFlag]] = defaultdict(list)
    for flag in reviewed:
        groups[key(flag) or "(none)"].append(flag)
    rows = []
    for name, group in groups.items():
        words = [reviews.judged(flag.votes.values()) for flag in group]
        false = words.count("false_positive")
        low, high = wilson.bounds(false, len(group), 1.96)
        rows.append(
            {
                "name": name,
                "reviewed": len(group),
                "false_positives": false,
                "confirmed": words.count("confirmed"),
                "rate": round(false / len(group), 4),
                "low": round(low, 4),
                "high": round(high, 4),
            }
        )
    return sorted(rows, key=lambda row: (-int(row["reviewed"]), str(row["name"])))


def _spending(session: Session, since: datetime, until: datetime) -> Row:
    by_model: dict[str, Row] = {}
    total = Decimal(0)
    for entry in _between(session, TrailEntry, TrailEntry.at, since, until):
        if not entry.model:
            continue
        spent = by_model.setdefault(
            entry.model, {"calls": 0, "tokens_in": 0, "tokens_out": 0, "dollars": "0"}
        )
        spent["calls"] += 1
        spent["tokens_in"] += entry.tokens_in
        spent["tokens_out"] += entry.tokens_out
        spent["dollars"] = f"{Decimal(spent['dollars']) + Decimal(entry.cost):f}"
        total += Decimal(entry.cost)
    return {"dollars": f"{total:f}", "by_model": by_model}


def _times(session: Session, reviewed: Sequence[ReviewedFlag], since: datetime, until: datetime) -> Row:
    """Give hours from a flag to its first review, and from a request to its close."""
    flag_by_id = _by_id(session, [flag.flag_id for flag in reviewed])
    first: dict[str, datetime] = {}
    for batch in in_batches(list(flag_by_id)):
        spoken = select(FlagEvent).where(FlagEvent.flag_id.in_(batch), FlagEvent.kind.in_(reviews.VERDICTS))
        for event in session.scalars(spoken.order_by(FlagEvent.event_id)):
            first.setdefault(event.flag_id, event.at)
    closed = _between(session, ApprovalRequest, ApprovalRequest.closed_at, since, until)
    return {
        "review_hours": _spread((at - flag_by_id[name].created_at for name, at in first.items())),
        "approval_hours": _spread(request.closed_at - request.requested_at for request in closed),
    }


def _spread(waits: Iterable[timedelta]) -> Row:
    hours = sorted(wait.total_seconds() / _HOUR for wait in waits)
    if not hours:
        return {"n": 0, "median": None, "most": None}
    return {"n": len(hours), "median": round(median(hours), 2), "most": round(hours[-1], 2)}


def _learned(session: Session, since: datetime, until: datetime, rules: Rules) -> Row:
    """Give what was proposed and changed, and what of what was learned holds, or ran out in this time."""
    proposed = _between(session, Proposal, Proposal.made_at, since, until)
    changes = _between(session, RuleChange, RuleChange.at, since, until)
    standing: list[Suppression | Threshold] = [*rules.learned.suppressions, *rules.learned.thresholds]
    return {
        "proposed": dict(Counter(proposal.status for proposal in proposed)),
        "changes": [
            {
                "what": change.what,
                "proposal_id": change.proposal_id,
                "author": change.author,
                "reason": change.reason,
            }
            for change in changes
        ],
        "standing": [
            {
                "what": f"{entry.test} {getattr(entry, 'vendor', '')}".strip(),
                "most": str(entry.most),
                "expires": entry.expires.isoformat(),
                "expired": entry.expires < until.date(),
                "expired_now": since.date() <= entry.expires < until.date(),
            }
            for entry in standing
        ],
    }
