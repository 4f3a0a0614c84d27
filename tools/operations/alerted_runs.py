"""Which run an alert of the desk is about, where it names none."""

from __future__ import annotations

from sqlalchemy import Numeric, cast, func, select

from tools.core.clock import clock
from tools.operations.figures import DAY
from tools.store import Store, runs
from tools.store.models import TrailEntry
from tools.store.trail import DESK


def last_audit(store: Store) -> str:
    """Give the audit that was started last; "" where there is none."""
    newest = runs.list_audits(store, limit=1)
    return newest[0].run_id if newest else ""


def costliest_run(store: Store) -> str:
    """Give the run whose models cost most in the last 24 hours; "" where none cost anything."""
    cost = func.sum(cast(TrailEntry.cost, Numeric(18, 6)))
    query = (
        select(TrailEntry.run_id)
        .where(TrailEntry.at >= clock().now() - DAY, TrailEntry.run_id != DESK, TrailEntry.cost != "0")
        .group_by(TrailEntry.run_id)
        .having(cost > 0)
        .order_by(cost.desc(), TrailEntry.run_id)
        .limit(1)
    )
    with store.read() as session:
        return str(session.scalar(query) or "")
