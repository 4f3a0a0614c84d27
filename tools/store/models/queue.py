"""How people work the queue: who has a case, what is said about it, saved filters, and the learned order."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tools.store.columns import BIG_KEY, Base, CleanText

CaseEventKind = Literal["assigned", "commented", "mentioned"]


class CaseEvent(Base):
    """What people did with a case besides deciding it."""

    __tablename__ = "case_event"
    __table_args__ = (
        Index("case_event_by_case", "case_id", "kind", "event_id"),
        Index("case_event_by_person", "about", "kind"),
    )

    event_id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("audit_case.case_id"))
    kind: Mapped[CaseEventKind] = mapped_column(CleanText())
    by: Mapped[str]
    about: Mapped[str]  # whom it is assigned to, "" for nobody; who is mentioned
    note: Mapped[str]
    at: Mapped[datetime]


class SavedFilter(Base):
    """A view of the queue that a person keeps: the filters as a query string."""

    __tablename__ = "saved_filter"

    owner: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    query: Mapped[str]
    at: Mapped[datetime]


class Ranking(Base):
    """What an order that was learned from reviews rests on, and whether it is in use."""

    __tablename__ = "ranking"

    ranking_id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    by: Mapped[str]
    in_use: Mapped[bool]
    reason: Mapped[str]  # why it is in use, or why not
    measures: Mapped[dict[str, Any]]


class CaseChance(Base):
    """The chance that a case is upheld, in hundredths of a per cent, as the ranking in use has it."""

    __tablename__ = "case_chance"
    __table_args__ = (Index("case_chance_by_chance", "basis_points", "case_id"),)

    case_id: Mapped[str] = mapped_column(primary_key=True)
    basis_points: Mapped[int]
