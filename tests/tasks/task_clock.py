"""Let time pass for the tasks of a store, on whatever clock it goes by."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from tools.store import Store
from tools.store.models import Task


def pass_time(store: Store, seconds: float) -> None:
    """Move everything that a task waits for so many seconds nearer."""
    step = timedelta(seconds=seconds)
    with store.begin() as session:
        for task in session.scalars(select(Task)):
            task.not_before -= step
            if task.lease_expires_at:
                task.lease_expires_at -= step
