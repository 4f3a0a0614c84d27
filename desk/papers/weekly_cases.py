"""What the weekly report says of cases: the gravest that wait, how long they wait, eight weeks' trend."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from tools.core import money
from tools.core.severity_levels import GRAVEST_FIRST
from tools.store.models import Case, Flag

Row = dict[str, Any]
TOP: Final = 5
WEEKS: Final = 8
BANDS: Final = (("under a day", 0), ("1 to 7 days", 1), ("8 to 30 days", 8), ("over 30 days", 31))


def top_cases(session: Session, until: datetime) -> list[Row]:
    """Give the gravest cases that wait for a decision, by severity and then exposure."""
    gravity = case({name: at for at, name in enumerate(GRAVEST_FIRST)}, value=Case.severity, else_=9)
    waiting = select(Flag.case_id).where(Flag.status == "proposed", Flag.created_at < until)
    query = select(Case).where(Case.case_id.in_(waiting))
    ranked = session.scalars(query.order_by(gravity, Case.exposure_minor.desc(), Case.case_id).limit(TOP))
    return [
        {
            "case_id": row.case_id,
            "title": row.title,
            "severity": row.severity,
            "amount": money.to_text(row.exposure_minor, row.currency),
            "currency": row.currency,
        }
        for row in ranked
    ]


def ageing(session: Session, until: datetime) -> list[Row]:
    """Count the cases that wait by how long ago they were raised, with their exposure by currency."""
    query = (
        select(Case.case_id, Case.currency, Case.exposure_minor, func.min(Flag.created_at))
        .join(Flag, Flag.case_id == Case.case_id)
        .where(Flag.status == "proposed", Flag.created_at < until)
        .group_by(Case.case_id, Case.currency, Case.exposure_minor)
    )
    counts: Counter[str] = Counter()
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for _, currency, exposure, raised in session.execute(query):
        name = next(name for name, days in reversed(BANDS) if (until - raised).days >= days)
        counts[name] += 1
        sums[name][currency] += exposure
    return [{"age": name, "cases": counts[name], "exposure": _exposure(sums[name])} for name, _ in BANDS]


def trend(session: Session, until: datetime) -> list[Row]:
    """Count flags raised, confirmed and found false in each of the last weeks, the oldest first."""
    weeks = [(until - timedelta(weeks=n + 1), until - timedelta(weeks=n)) for n in reversed(range(WEEKS))]
    return [_week(session, since, to) for since, to in weeks]


def _week(session: Session, since: datetime, until: datetime) -> Row:
    raised = session.execute(
        select(Flag.severity, func.count())
        .where(Flag.created_at >= since, Flag.created_at < until, Flag.status != "withdrawn")
        .group_by(Flag.severity)
    )
    reviewed = session.execute(
        select(Flag.review, func.count())
        .where(Flag.reviewed_at >= since, Flag.reviewed_at < until)
        .group_by(Flag.review)
    )
    of_severity, of_verdict = ({row[0]: row[1] for row in rows} for rows in (raised, reviewed))
    return {
        "week": since.date().isoformat(),
        **{severity: int(of_severity.get(severity, 0)) for severity in GRAVEST_FIRST},
        "confirmed": int(of_verdict.get("confirmed", 0)),
        "false_positive": int(of_verdict.get("false_positive", 0)),
    }


def _exposure(sums: Counter[str]) -> list[Row]:
    return [{"currency": name, "amount": money.to_text(sums[name], name)} for name in sorted(sums)]
