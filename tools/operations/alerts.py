"""Alerts of the desk itself: each told once when it begins to stand, and once when it is well again.

conditions(store, settings) -> list[Condition]      what is not as it should be now
settle(store, settings) -> Settled                raises what is new, clears what is over, queues the notices

The bounds are those of deploy/prometheus/alerts.yml. `tieout tick` settles them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.core.settings import Settings
from tools.core.severity_levels import Risk
from tools.notices import notice as notices
from tools.operations import overdue
from tools.operations.figures import Figures
from tools.store import Store
from tools.store.database import lock
from tools.store.models import Alert, Flag

LEAST_SUCCESS: Final = 0.90
LEAST_COMPLETENESS: Final = 0.85
MOST_FALSE: Final = 0.20
TITLES: Final = {
    "checks_fail": "A check fails too often",
    "books_incomplete": "Books are incomplete",
    "false_positives": "Too many flags are false positives",
    "spending": "Models cost more than planned",
    "run_stuck": "A run does not come to an end",
    "request_waits": "A request waits for people",
    "critical_flags_unreviewed": "CRITICAL flags are unreviewed",
    "no_audit": "No audit on a business day",
}
_GRAVE: Final = ("checks_fail", "run_stuck", "critical_flags_unreviewed")


class Condition(NamedTuple):
    """One thing that is not as it should be. subject: which run, request, check or entity."""

    name: str
    subject: str
    message: str


@dataclass(frozen=True)
class Settled:
    """What is new, and what is over."""

    raised: list[Condition]
    cleared: list[Condition]


def conditions(
    store: Store, settings: Settings, limits: overdue.OverdueLimits = overdue.DEFAULT
) -> list[Condition]:
    """Find every condition that stands now."""
    with store.read() as session:
        figures = Figures(session, settings, clock().now())
        return [*_shares(figures), *_spending(figures), *_late(store, session, figures.now, limits)]


def settle(store: Store, settings: Settings) -> Settled:
    """Raise and clear alerts, each with one notice to whoever is told of alerts. Again, it does nothing."""
    now = {(alert.name, alert.subject): alert for alert in conditions(store, settings)}
    with store.begin() as session:
        lock(session, "alerts")
        open_alerts = session.scalars(select(Alert).where(Alert.cleared_at.is_(None)))
        before = {(alert.name, alert.subject): alert for alert in open_alerts}
        raised = [_raise(store, session, now[key]) for key in sorted(now.keys() - before.keys())]
        cleared = [_clear(store, session, before[key]) for key in sorted(before.keys() - now.keys())]
        return Settled(raised, cleared)


def _shares(figures: Figures) -> Iterator[Condition]:
    for (agent,), share in figures.success.items():
        if share < LEAST_SUCCESS:
            sentence = f"The {agent} check ran whole in {share:.0%} of its executions of the last 7 days."
            yield Condition("checks_fail", agent, sentence)
    for (entity,), share in figures.completeness.items():
        if share < LEAST_COMPLETENESS:
            sentence = f"{share:.1%} of the postings of its last audit have every required field."
            yield Condition("books_incomplete", entity, sentence)
    for share in figures.false_positives.values():
        if share > MOST_FALSE:
            sentence = f"{share:.0%} of the flags reviewed in the last 7 days were false positives."
            yield Condition("false_positives", "", sentence)


def _spending(figures: Figures) -> Iterator[Condition]:
    limit = figures.settings.alert_dollars
    if figures.spent > limit:
        sentence = f"Models cost {figures.spent:.2f} dollars in the last 24 hours; the limit is {limit}."
        yield Condition("spending", "", sentence)


def _late(
    store: Store, session: Session, now: datetime, limits: overdue.OverdueLimits
) -> Iterator[Condition]:
    names = {"run": "run_stuck", "approval": "request_waits", "cycle": "no_audit"}
    for stuck in overdue.find(store, limits):
        if stuck.kind in names:
            yield Condition(names[stuck.kind], stuck.name, stuck.message)
    query = (
        select(Flag.run_id, func.count())
        .where(*overdue.unreviewed(now - limits.flag))
        .group_by(Flag.run_id)
        .order_by(Flag.run_id)
    )
    for run_id, number in session.execute(query):
        hours = int(limits.flag.total_seconds() // 3600)
        sentence = (
            f"{number} CRITICAL flag{'s' * (number != 1)} of run {run_id}: unreviewed for over {hours} hours."
        )
        yield Condition("critical_flags_unreviewed", str(run_id), sentence)


def _raise(store: Store, session: Session, condition: Condition) -> Condition:
    at = clock().now()
    session.add(Alert(**condition._asdict(), raised_at=at, cleared_at=None))
    session.flush()
    _tell(store, condition, at, over=False)
    return condition


def _clear(store: Store, session: Session, alert: Alert) -> Condition:
    condition = Condition(alert.name, alert.subject, alert.message)
    alert.cleared_at = clock().now()
    session.flush()
    _tell(store, condition, alert.raised_at, over=True)
    return condition


def _tell(store: Store, condition: Condition, raised_at: datetime, *, over: bool) -> None:
    title = TITLES[condition.name]
    since = f"It began {raised_at:%Y-%m-%d %H:%M} UTC."
    notice = notices.Notice(
        origin_kind="desk",
        origin_id="alerts",
        kind="alert",
        risk=_risk(condition, over=over),
        title=f"Well again: {title}" if over else title,
        why=[f"{condition.message} {since} It stands no longer."] if over else [condition.message, since],
        page="health",
        command="tieout health",
    )
    word = "cleared" if over else "alert"
    name = f"{word}-{condition.name}-{condition.subject}-{raised_at.isoformat()}"
    notices.tell(store, name, notice)


def _risk(condition: Condition, *, over: bool) -> Risk:
    if over:
        return "MEDIUM"
    return "CRITICAL" if condition.name in _GRAVE else "HIGH"
