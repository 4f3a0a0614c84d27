"""What waits longer than it should.

find(store, Limits(...)) -> list[Stuck]     the longest waiting first

A run that works for over 30 minutes, an approval open for over 24 hours, a CRITICAL flag that nobody has
reviewed in 48 hours, a business day without a run (by the calendar of the entity audited last), a task that
failed for good in the last week; and what recovery says of its claims and letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.core.errors import TieoutError
from tools.recovery import stuck as recovery_stuck
from tools.store import Store
from tools.store.models import REVIEWABLE, ApprovalRequest, AuditRun, Flag, Run, Task

Kind = Literal["run", "approval", "flag", "cycle", "task", "claim", "letter"]


@dataclass(frozen=True)
class OverdueLimits:
    """How long each may take."""

    run: timedelta = timedelta(minutes=30)
    approval: timedelta = timedelta(hours=24)
    flag: timedelta = timedelta(hours=48)


class Stuck(NamedTuple):
    """One thing that waits: what it is, which, since when, and a sentence about it."""

    kind: Kind
    name: str
    since: datetime
    message: str


DEFAULT = OverdueLimits()
_MOST_FLAGS = 100
_MOST_TASKS = 100
_TASKS_SHOWN = timedelta(days=7)


def find(store: Store, limits: OverdueLimits = DEFAULT) -> list[Stuck]:
    """Find everything that waits too long."""
    now = clock().now()
    stuck = [
        *_runs(store, now - limits.run),
        *_approvals(store, now - limits.approval),
        *_flags(store, now - limits.flag),
        *_cycle(store, now),
        *_tasks(store, now - _TASKS_SHOWN),
        *_recovery(store, now),
    ]
    return sorted(stuck, key=lambda entry: entry.since)


def missed_days(session: Session, now: datetime) -> list[str]:
    """Name the business days that have wholly gone by since the last run, the oldest first.

    By the calendar of the entity that was audited last; Monday to Friday where it cannot be read.
    """
    newest = session.scalar(select(AuditRun).order_by(AuditRun.started_at.desc()).limit(1))
    return _business_days(newest, now) if newest else []


def unreviewed(before: datetime) -> tuple[ColumnElement[bool], ...]:
    """Give what holds of CRITICAL flags raised before a time that nobody has reviewed."""
    return (
        Flag.severity == "CRITICAL",
        Flag.review.is_(None),
        Flag.status.in_(REVIEWABLE),
        Flag.created_at < before,
    )


def _runs(store: Store, before: datetime) -> Iterator[Stuck]:
    query = select(Run).where(Run.status.in_(("open", "paused", "failed")), Run.started_at < before)
    with store.read() as session:
        for run in session.scalars(query):
            sentence = f"Run {run.run_id} is {run.status} since {run.started_at:%Y-%m-%d %H:%M}."
            why = f" {run.error}" if run.error else ""
            yield Stuck("run", run.run_id, run.started_at, sentence + why)


def _approvals(store: Store, before: datetime) -> Iterator[Stuck]:
    query = select(ApprovalRequest).where(
        ApprovalRequest.status == "open", ApprovalRequest.requested_at < before
    )
    with store.read() as session:
        for request in session.scalars(query):
            sentence = f"Nobody has settled what run {request.run_id} asks ({request.risk})."
            yield Stuck("approval", request.request_id, request.requested_at, sentence)


def _flags(store: Store, before: datetime) -> Iterator[Stuck]:
    late = select(Flag).where(*unreviewed(before))
    query = late.order_by(Flag.created_at, Flag.flag_id).limit(_MOST_FLAGS)
    with store.read() as session:
        for flag in session.scalars(query):
            name = flag.vendor or flag.txn_id or flag.source
            sentence = f"CRITICAL flag {flag.flag_id} ({name}) is unreviewed."
            yield Stuck("flag", flag.flag_id, flag.created_at, sentence)


def _cycle(store: Store, now: datetime) -> Iterator[Stuck]:
    with store.read() as session:
        newest = session.scalar(select(AuditRun).order_by(AuditRun.started_at.desc()).limit(1))
        missed = missed_days(session, now)
    if newest and missed:
        named, before = missed[-3:], len(missed[:-3])
        sentence = f"No run on {', '.join(named)}" + (f" and {before} days before" if before else "")
        last = newest.started_at
        yield Stuck("cycle", newest.entity, last, f"{sentence}; the last one began {last:%Y-%m-%d %H:%M}.")


def _tasks(store: Store, since: datetime) -> Iterator[Stuck]:
    """Give the tasks that failed for good, unless the same work was done since."""
    query = (
        select(Task)
        .where(Task.status == "failed", Task.ended_at >= since)
        .order_by(Task.ended_at, Task.task_id)
        .limit(_MOST_TASKS)
    )
    with store.read() as session:
        for task in session.scalars(query):
            if task.ended_at is not None and not _done_since(session, task):
                why = f": {task.error.splitlines()[-1]}" if task.error else "."
                sentence = f"Task {task.task_id} ({task.kind}) failed at attempt {task.attempt}{why}"
                yield Stuck("task", task.task_id, task.ended_at, sentence)


def _done_since(session: Session, task: Task) -> bool:
    later = select(Task).where(
        Task.kind == task.kind, Task.status == "succeeded", Task.ended_at >= task.ended_at
    )
    return any(success.parameters == task.parameters for success in session.scalars(later.limit(_MOST_TASKS)))


def _business_days(newest: AuditRun, now: datetime) -> list[str]:
    last, until = newest.started_at.date(), now.date()
    days = [last + timedelta(days=number) for number in range(1, (until - last).days)]
    if not days:
        return []
    # What reads books takes a second to load, and days are seldom missing.
    from tools.ledger import sources  # noqa: PLC0415 - imported when used
    from tools.ledger.days import calendar_of  # noqa: PLC0415 - imported when used

    try:
        table = calendar_of(sources.load(Path(newest.sources_path)).entity, last, until).to_pylist()
        worked = {row["day"] for row in table if row["is_business_day"]}
    except TieoutError:
        worked = {day for day in days if day.weekday() < 5}  # noqa: PLR2004 - Saturday
    return [day.isoformat() for day in days if day in worked]


def _recovery(store: Store, now: datetime) -> Iterator[Stuck]:
    for condition in recovery_stuck.stuck(store):
        kind: Kind = "letter" if "letter" in condition.kind else "claim"
        since = now - timedelta(hours=recovery_stuck.HOURS[condition.kind])
        yield Stuck(kind, condition.kind, since, condition.message)
