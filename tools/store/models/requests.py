"""Requests to people, and what each person answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tools.store.columns import BIG_KEY, Base, CleanText

Verdict = Literal["approve", "reject", "modify", "skip", "retry"]


class ApprovalRequest(Base):
    """What a graph asks people: about which subjects, of how many, who may not, and until when."""

    __tablename__ = "request"
    __table_args__ = (
        UniqueConstraint("request_id", name="request_id_once"),
        UniqueConstraint("run_id", "kind", "attempt", name="request_once"),
        Index("request_by_age", "status", "requested_at"),
    )

    request_no: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=True)
    """The order in which requests were written: clocks of machines differ."""
    request_id: Mapped[str]
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
    kind: Mapped[str]  # gate, flags, changes, ...
    attempt: Mapped[int]
    risk: Mapped[str]
    title: Mapped[str]
    payload: Mapped[dict[str, Any]]  # reasons, subjects, and units: subject -> what it is made of
    words: Mapped[list[Any]]  # the allowed answers
    needs: Mapped[dict[str, Any]]  # unit or subject -> how many different people have to agree
    barred: Mapped[dict[str, Any]]  # unit or subject -> users who may not decide it -> why
    escalates_to: Mapped[str]  # the senior role that is asked too, once it has waited too long
    status: Mapped[str]  # open, closed
    outcome: Mapped[str]
    requested_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]  # when it goes to the senior role, too
    escalated_at: Mapped[datetime | None]


class Decision(Base):
    """What one person answered on one subject of a request."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("request_id", "subject", "by", name="decision_by_person"),)

    decision_id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("request.request_id"))
    subject: Mapped[str]
    verdict: Mapped[Verdict] = mapped_column(CleanText())
    by: Mapped[str]
    role: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str]
    changes: Mapped[dict[str, Any]]  # what "modify" asks for
