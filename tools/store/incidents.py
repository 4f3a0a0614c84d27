"""Incidents, what was seen and concluded, and people's verdicts on it.

open_incident(store, ...) -> Incident       the same fingerprint is opened once while it stands
widen(store, incident_id, affected) -> Incident     what else is affected
get(store, name) -> Incident                "INC-7", or 7; RunError when there is none
find(store, status=, limit=, offset=) -> list[Incident]      newest first
conclude(store, run_id, ...)                what a run saw and concluded, once
observations(store, run_id), hypotheses(store, run_id), disproofs(store, run_id)
close(store, incident_id, by=)              ended; the same again writes nothing
give_verdict(store, incident_id, ...)       right, wrong or another cause; on the trail
verdicts(store) -> list[(kind, raw, right)]     what people said of first hypotheses, for calibration
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.core.errors import RunError, UsageError
from tools.store import trail
from tools.store.database import Store, lock
from tools.store.models import (
    Disproof,
    Incident,
    IncidentHypothesis,
    IncidentObservation,
    IncidentStatus,
    IncidentVerdict,
)
from tools.store.writes import insert_new

PREFIX = "INC-"
_LISTS = "'tieout incident list' lists them."


@dataclass(frozen=True)
class IncidentDraft:
    """An incident to open. fingerprint: what makes two the same; "" for one of its own."""

    kind: str
    title: str
    question: Mapping[str, Any]
    severity: str = "MEDIUM"
    affected: Sequence[str] = ()
    began_at: datetime | None = None
    origin: str = "person"
    fingerprint: str = ""
    opened_by: str = "tieout"
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Conclusion:
    """What a run came to: rows as they are kept, without the ids of run and incident."""

    observations: Sequence[Mapping[str, Any]]
    hypotheses: Sequence[Mapping[str, Any]]
    disproofs: Sequence[Mapping[str, Any]]


def open_incident(store: Store, draft: IncidentDraft) -> Incident:
    """Open an incident; one of the same origin and fingerprint that is not closed is given back."""
    now = clock().now()
    with store.begin() as session:
        lock(session, "incidents")
        standing = _same(session, draft)
        if standing is not None and standing.status != "closed":
            return standing
        number = _next(session)
        mark = draft.fingerprint or f"{PREFIX}{number}"
        if standing is not None:  # it was closed: this is another one
            mark = f"{mark} {PREFIX}{number}"
        row = Incident(
            incident_id=f"{PREFIX}{number}",
            origin=draft.origin,
            fingerprint=mark,
            kind=draft.kind,
            title=draft.title,
            severity=draft.severity,
            status="open",
            affected=list(draft.affected),
            question=dict(draft.question),
            began_at=draft.began_at or now,
            opened_at=now,
            opened_by=draft.opened_by,
            result=dict(draft.details),
            verdict_on="",
            verdict_by="",
            verdict_note="",
        )
        session.add(row)
        session.flush()
        details = {"incident": row.incident_id, "kind": row.kind, "title": row.title}
        trail.append(store, trail.DESK, row.opened_by, "incident opened", details=details)
        return row


def widen(store: Store, incident_id: str, affected: Sequence[str]) -> Incident:
    """Add what else is affected by now; the same again writes nothing."""
    with store.begin() as session:
        row = _locked(session, incident_id)
        if fresh := [name for name in affected if name not in row.affected]:
            row.affected = [*row.affected, *fresh]
            session.flush()
            details = {"incident": incident_id, "affected": fresh}
            trail.append(store, trail.DESK, row.opened_by, "incident widened", details=details)
        return row


def get(store: Store, name: str) -> Incident:
    """Give an incident by its id or number. Raises RunError when there is none."""
    full_name = name if name.startswith(PREFIX) else f"{PREFIX}{name}"
    with store.read() as session:
        row = session.scalar(select(Incident).where(Incident.incident_id == full_name))
    if row is None:
        raise RunError(f"there is no incident '{name}'.", remedy=_LISTS)
    return row


def find(
    store: Store, *, status: IncidentStatus | None = None, limit: int = 50, offset: int = 0
) -> list[Incident]:
    """List incidents, the newest first."""
    query = select(Incident).order_by(Incident.incident_no.desc()).limit(limit).offset(offset)
    if status:
        query = query.where(Incident.status == status)
    with store.read() as session:
        return list(session.scalars(query))


def conclude(
    store: Store, incident_id: str, run_id: str, result: Mapping[str, Any], conclusion: Conclusion
) -> None:
    """Keep what a run saw and concluded; a replay writes nothing twice."""
    whose = {"run_id": run_id, "incident_id": incident_id}
    with store.begin() as session:
        insert_new(session, IncidentObservation, [{**row, **whose} for row in conclusion.observations])
        insert_new(session, IncidentHypothesis, [{**row, **whose} for row in conclusion.hypotheses])
        insert_new(session, Disproof, [{**row, **whose} for row in conclusion.disproofs])
        row = _locked(session, incident_id)
        row.run_id, row.result = run_id, dict(result)
        row.status = row.status if row.status == "closed" else "investigated"
        session.flush()


def observations(store: Store, run_id: str | None) -> list[IncidentObservation]:
    """Give what a run's observers saw."""
    query = select(IncidentObservation).where(IncidentObservation.run_id == run_id)
    with store.read() as session:
        return list(session.scalars(query.order_by(IncidentObservation.observation_id)))


def hypotheses(store: Store, run_id: str | None) -> list[IncidentHypothesis]:
    """Give a run's hypotheses as they were ranked."""
    query = select(IncidentHypothesis).where(IncidentHypothesis.run_id == run_id)
    with store.read() as session:
        return list(session.scalars(query.order_by(IncidentHypothesis.rank)))


def disproofs(store: Store, run_id: str | None) -> list[Disproof]:
    """Give how a run's hypotheses were tried."""
    query = select(Disproof).where(Disproof.run_id == run_id)
    with store.read() as session:
        return list(session.scalars(query.order_by(Disproof.hypothesis_id, Disproof.test)))


def close(store: Store, incident_id: str, *, by: str) -> Incident:
    """End an incident; the same again writes nothing."""
    with store.begin() as session:
        row = _locked(session, incident_id)
        if row.status != "closed":
            row.status, row.closed_at = "closed", clock().now()
            session.flush()
            trail.append(store, trail.DESK, by, "incident closed", details={"incident": incident_id})
        return row


def give_verdict(
    store: Store, incident_id: str, verdict: IncidentVerdict, *, on: str, by: str, note: str
) -> Incident:
    """Record what a person says of the first hypothesis, or of another that they name; the last one counts.

    Raises UsageError where there is no such hypothesis.
    """
    with store.begin() as session:
        row = _locked(session, incident_id)
        ranked = hypotheses(store, row.run_id)
        chosen = next((hypothesis for hypothesis in ranked if on in ("", hypothesis.hypothesis_id)), None)
        if chosen is None:
            raise UsageError(
                f"{incident_id} has no hypothesis {on or 'yet'}.", remedy=f"tieout investigate {incident_id}"
            )
        row.verdict, row.verdict_on, row.verdict_by = verdict, chosen.hypothesis_id, by
        row.verdict_at, row.verdict_note = clock().now(), note
        session.flush()
        details = {"incident": incident_id, "on": chosen.statement, "verdict": verdict, "note": note}
        trail.append(store, trail.DESK, by, "incident judged", details=details)
        return row


def verdicts(store: Store) -> list[tuple[str, float, bool]]:
    """Give what people said of hypotheses: the kind of incident, the raw confidence, whether it was right."""
    query = (
        select(Incident.kind, IncidentHypothesis.raw, Incident.verdict)
        .join(
            IncidentHypothesis,
            (IncidentHypothesis.run_id == Incident.run_id)
            & (IncidentHypothesis.hypothesis_id == Incident.verdict_on),
        )
        .where(Incident.verdict.is_not(None))
    )
    with store.read() as session:
        return [(kind, raw, verdict == "right") for kind, raw, verdict in session.execute(query)]


def _same(session: Session, draft: IncidentDraft) -> Incident | None:
    if not draft.fingerprint:
        return None
    again = Incident.fingerprint.startswith(f"{draft.fingerprint} {PREFIX}", autoescape=True)
    query = select(Incident).where(
        Incident.origin == draft.origin, (Incident.fingerprint == draft.fingerprint) | again
    )
    return session.scalar(query.order_by(Incident.incident_no.desc()).limit(1))


def _next(session: Session) -> int:
    last = session.scalar(select(Incident.incident_no).order_by(Incident.incident_no.desc()).limit(1))
    return (last or 0) + 1


def _locked(session: Session, incident_id: str) -> Incident:
    query = select(Incident).where(Incident.incident_id == incident_id).with_for_update()
    row = session.scalar(query)
    if row is None:
        raise RunError(f"there is no incident '{incident_id}'.", remedy=_LISTS)
    return row
