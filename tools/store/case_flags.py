"""What the flags of cases come to: when, how many of each status, how likely upheld, how much.

moments(store, case_ids) -> {case_id: Moments}                   posted, and raised
chances(store, case_ids) -> {case_id: basis points}              of being upheld
status_counts(store, case_ids) -> {case_id: {status: n, "unreviewed": n}}
flags_of(store, case_id, limit=, offset=) -> list[Flag]          the greatest exposure first
runs_of_flags(store, case_id) -> {flag id: run id}               of all of them
totals(store, run_id) -> list[Total]                             a run's flags, added up by the database
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Integer, func, select

from tools.store.database import Store
from tools.store.models import CaseChance, Flag, FlagStatus
from tools.store.queue_filters import DECIDED


class Moments(NamedTuple):
    """When the first row of a case was posted, and when the case was raised."""

    posted_on: date | None
    raised_at: datetime


class Total(NamedTuple):
    """Flags of one severity, status and currency; exposure in minor units."""

    severity: str
    status: FlagStatus
    currency: str
    many: int
    exposure_minor: int


def moments(store: Store, case_ids: Sequence[str]) -> dict[str, Moments]:
    """Give when each case's first row was posted, and when it was first raised."""
    query = (
        select(Flag.case_id, func.min(Flag.posted_on), func.min(Flag.created_at))
        .where(Flag.case_id.in_(case_ids))
        .group_by(Flag.case_id)
    )
    with store.read() as session:
        return {str(row[0]): Moments(row[1], row[2]) for row in session.execute(query)}


def chances(store: Store, case_ids: Sequence[str]) -> dict[str, int]:
    """Give the chance that each case is upheld, in hundredths of a per cent; one without is left out."""
    query = select(CaseChance).where(CaseChance.case_id.in_(case_ids))
    with store.read() as session:
        return {row.case_id: row.basis_points for row in session.scalars(query)}


def status_counts(store: Store, case_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Count the flags of cases by status, and those decided upon that nobody has reviewed."""
    unreviewed = func.sum((Flag.review.is_(None) & Flag.status.in_(DECIDED)).cast(Integer))
    query = (
        select(Flag.case_id, Flag.status, func.count(), unreviewed)
        .where(Flag.case_id.in_(case_ids))
        .group_by(Flag.case_id, Flag.status)
    )
    counts: dict[str, dict[str, int]] = {name: {"unreviewed": 0} for name in case_ids}
    with store.read() as session:
        for case_id, status, count, open_reviews in session.execute(query):
            counts[str(case_id)][status] = count
            counts[str(case_id)]["unreviewed"] += int(open_reviews or 0)
    return counts


def flags_of(store: Store, case_id: str, *, limit: int = 50, offset: int = 0) -> list[Flag]:
    """Give a case's flags, the greatest exposure first; withdrawn ones last."""
    query = (
        select(Flag)
        .where(Flag.case_id == case_id)
        .order_by(Flag.status == "withdrawn", Flag.exposure_base.desc(), Flag.flag_id)
    )
    with store.read() as session:
        return list(session.scalars(query.limit(limit).offset(offset)))


def runs_of_flags(store: Store, case_id: str) -> dict[str, str]:
    """Give the run of each of a case's flags, all of them: flag id -> run id, the greatest exposure first."""
    query = (
        select(Flag.flag_id, Flag.run_id)
        .where(Flag.case_id == case_id)
        .order_by(Flag.status == "withdrawn", Flag.exposure_base.desc(), Flag.flag_id)
    )
    with store.read() as session:
        return {row.flag_id: row.run_id for row in session.execute(query)}


def totals(store: Store, run_id: str) -> list[Total]:
    """Add a run's flags up by severity, status and currency."""
    query = (
        select(Flag.severity, Flag.status, Flag.currency, func.count(), func.sum(Flag.exposure_minor))
        .where(Flag.run_id == run_id)
        .group_by(Flag.severity, Flag.status, Flag.currency)
        .order_by(Flag.severity, Flag.status, Flag.currency)
    )
    with store.read() as session:
        return [Total(*row[:4], int(row[4])) for row in session.execute(query)]
