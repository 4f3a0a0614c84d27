"""Incidents: the question, what observers saw, the hypotheses, and how each was tried."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tools.store.columns import BIG_KEY, Base, CleanText

IncidentStatus = Literal["open", "investigated", "closed"]
IncidentVerdict = Literal["right", "wrong", "other_cause"]


class Incident(Base):
    """Something of which somebody asks why: a number, a case, a run, a service."""

    __tablename__ = "incident"
    __table_args__ = (
        UniqueConstraint("incident_id", name="incident_id_once"),
        UniqueConstraint("origin", "fingerprint", name="incident_once"),
        Index("incident_by_status", "status", "opened_at"),
    )

    incident_no: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=True)
    incident_id: Mapped[str]
    origin: Mapped[str]  # who opened it: person, alert, alertmanager
    fingerprint: Mapped[str]  # the same one is opened once while it stands
    kind: Mapped[str]  # system, books, number, desk
    title: Mapped[str]
    severity: Mapped[str]  # LOW, MEDIUM, HIGH, CRITICAL
    status: Mapped[IncidentStatus] = mapped_column(CleanText())
    affected: Mapped[list[Any]]  # services, sources, accounts
    question: Mapped[dict[str, Any]]  # what exactly is asked, by kind
    began_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
    closed_at: Mapped[datetime | None]
    run_id: Mapped[str | None] = mapped_column(ForeignKey("run.run_id"))  # that looked into it last
    result: Mapped[dict[str, Any]]  # how it ended: outcome, degraded, spent, budget, the model's words
    verdict: Mapped[IncidentVerdict | None] = mapped_column(CleanText())
    verdict_on: Mapped[str]  # the hypothesis that it is about
    verdict_by: Mapped[str]
    verdict_at: Mapped[datetime | None]
    verdict_note: Mapped[str]


class IncidentObservation(Base):
    """One thing that an observer saw, and the query that shows it again."""

    __tablename__ = "observation"
    __table_args__ = (Index("observation_by_incident", "incident_id"),)

    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    observation_id: Mapped[str] = mapped_column(primary_key=True)
    incident_id: Mapped[str]
    observer: Mapped[str]
    what: Mapped[str]
    text: Mapped[str]
    node: Mapped[str]
    value: Mapped[float | None]
    expected: Mapped[float | None]
    deviation: Mapped[float]
    unit: Mapped[str]
    first_seen: Mapped[str]
    scope: Mapped[str]
    quality: Mapped[str]  # DIRECT, CORROBORATED, INDIRECT, CIRCUMSTANTIAL
    query: Mapped[dict[str, Any]]
    series: Mapped[list[Any]]
    details: Mapped[dict[str, Any]]


class IncidentHypothesis(Base):
    """What may be the cause, as it was ranked."""

    __tablename__ = "hypothesis"
    __table_args__ = (Index("hypothesis_by_incident", "incident_id", "rank"),)

    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    hypothesis_id: Mapped[str] = mapped_column(primary_key=True)
    incident_id: Mapped[str]
    rank: Mapped[int]
    cause: Mapped[str]
    subject: Mapped[str]
    statement: Mapped[str]
    by: Mapped[list[Any]]
    raw: Mapped[float]
    confidence: Mapped[float]
    calibrated_on: Mapped[int]  # how many results of known truth the confidence stands on
    grounding: Mapped[str]  # CONFIRMED, LIKELY, INCONCLUSIVE, RULED_OUT
    evidence_for: Mapped[list[Any]]
    evidence_against: Mapped[list[Any]]
    path: Mapped[list[Any]]
    share: Mapped[float | None]
    told_by: Mapped[str]
    details: Mapped[dict[str, Any]]


class Disproof(Base):
    """How a hypothesis was tried: the test, how it came out, and why."""

    __tablename__ = "disproof"

    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    hypothesis_id: Mapped[str] = mapped_column(primary_key=True)
    test: Mapped[str] = mapped_column(primary_key=True)
    incident_id: Mapped[str]
    outcome: Mapped[str]  # refuted, stands, not_tried
    reason: Mapped[str]
