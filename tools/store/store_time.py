"""The store's own time: what machines that share a store order their work by."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tools.core.clock import clock


def store_time(session: Session) -> datetime:
    """Give the time of the database server, UTC; of a SQLite file, which has none, this machine's."""
    if session.get_bind().dialect.name == "sqlite":
        return clock().now()
    at: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return at.astimezone(UTC)
