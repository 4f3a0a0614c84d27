"""Figures of single runs that the desk is watched by: each once a run, whatever is replayed.

put(store, run_id, name, {subject: value})       sets them
add(session, run_id, name, {subject: value})     adds to them, in the caller's transaction
sums(session, name) -> {subject: sum over all runs}
latest(session, name) -> [(entity, subject, value)]   of each entity's last run that has any
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tools.store.database import Store
from tools.store.models import AuditRun, RunFigure
from tools.store.writes import upsert

ROWS, COMPLETENESS, MATCH_RATE, FLAGS = "rows", "completeness", "match_rate", "flags"
_KEY = ("run_id", "name", "subject")


def put(store: Store, run_id: str, name: str, values: Mapping[str, float]) -> None:
    """Set a run's figures of one name; subjects that are not given stay as they are."""
    with store.begin() as session:
        for row in _rows(run_id, name, values):
            _upsert(session, row, row["value"])


def add(session: Session, run_id: str, name: str, values: Mapping[str, float]) -> None:
    """Add to a run's figures of one name."""
    for row in _rows(run_id, name, values):
        _upsert(session, row, RunFigure.value + row["value"])


def sums(session: Session, name: str) -> dict[str, float]:
    """Add a figure up over all runs, by subject."""
    query = select(RunFigure.subject, func.sum(RunFigure.value)).where(RunFigure.name == name)
    return {str(row[0]): float(row[1]) for row in session.execute(query.group_by(RunFigure.subject))}


def latest(session: Session, name: str) -> list[tuple[str, str, float]]:
    """Give a figure of each entity's last run that has it: entity, subject, value."""
    mine = select(RunFigure.run_id).where(RunFigure.name == name)
    newest = (
        select(AuditRun.entity, func.max(AuditRun.started_at).label("at"))
        .where(AuditRun.run_id.in_(mine))
        .group_by(AuditRun.entity)
        .subquery()
    )
    query = (
        select(AuditRun.entity, RunFigure.subject, RunFigure.value)
        .join(AuditRun, AuditRun.run_id == RunFigure.run_id)
        .join(newest, (newest.c.entity == AuditRun.entity) & (newest.c.at == AuditRun.started_at))
        .where(RunFigure.name == name)
        .order_by(AuditRun.entity, RunFigure.subject)
    )
    return [(str(row[0]), str(row[1]), float(row[2])) for row in session.execute(query)]


def _rows(run_id: str, name: str, values: Mapping[str, float]) -> list[dict[str, Any]]:
    return [
        {"run_id": run_id, "name": name, "subject": subject, "value": float(value)}
        for subject, value in sorted(values.items())  # in one order, so that two writers never wait crosswise
    ]


def _upsert(session: Session, row: Mapping[str, Any], value: object) -> None:
    statement = upsert(session, RunFigure).values(dict(row))
    session.execute(statement.on_conflict_do_update(index_elements=_KEY, set_={"value": value}))
