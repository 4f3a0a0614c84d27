"""What the desk counts of its own work, for whoever watches it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tools.store.columns import Base


class NodeCount(Base):
    """How often a node ended in one way on one day (UTC), by how long it took."""

    __tablename__ = "node_count"

    day: Mapped[date] = mapped_column(primary_key=True)
    graph: Mapped[str] = mapped_column(primary_key=True)
    node: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)  # done, degraded, failed, paused
    most_seconds: Mapped[str] = mapped_column(
        primary_key=True
    )  # upper bound of the bucket, as Prometheus writes it
    executions: Mapped[int]
    milliseconds: Mapped[int]


class RunFigure(Base):
    """A figure of one run: rows by domain and kind, completeness, the match rate of a pair, flags raised."""

    __tablename__ = "run_figure"
    __table_args__ = (Index("run_figure_by_name", "name", "subject", "value"),)

    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)  # rows, completeness, match_rate, flags
    subject: Mapped[str] = mapped_column(primary_key=True)  # domain/kind, nothing, pair, severity
    value: Mapped[float]


class Alert(Base):
    """Something that is not as it should be, from when it was seen until it was well again."""

    __tablename__ = "alert"
    __table_args__ = (Index("alert_by_end", "cleared_at", "name"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)  # what it is about: a run, a request, an entity
    raised_at: Mapped[datetime] = mapped_column(primary_key=True)
    cleared_at: Mapped[datetime | None]
    message: Mapped[str]
