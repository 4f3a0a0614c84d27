"""What the front desk remembers of requests: contexts, uses of figures, recovery attempts.

save(store, context)                  once a run; again, it changes what is there
get(store, run_id) -> TaskContext     RunError when there is none
newest_of(store, by, thread_id=, since=) -> TaskContext | None
list_contexts(store, limit=) -> list[TaskContext]
note_use(store, ...), note_attempt(store, ...), attempts(store) -> list[RecoveryTry]
forget(store, now) -> int             contexts whose time is over lose what was said and found
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from tools.core.clock import clock
from tools.core.errors import RunError
from tools.store import runs
from tools.store.database import Store
from tools.store.models import FigureUse, RecoveryTry, TaskContext

KEPT_DAYS: Final = 90
_COLUMNS: Final = ("understanding", "plan", "results", "hand_offs")


def save(store: Store, run_id: str, *, thread_id: str, by: str, text: str, **columns: object) -> TaskContext:
    """Keep a request's context; columns: understanding, plan, results, hand_offs where they have changed."""
    now = clock().now()
    with store.begin() as session:
        context = session.get(TaskContext, run_id)
        if context is None:
            context = TaskContext(
                run_id=run_id, thread_id=thread_id, by=by, text=text, understanding={}, plan={}, results={},
                hand_offs=[], made_at=now, expires_at=now + timedelta(days=KEPT_DAYS),
            )  # fmt: skip
            session.add(context)
        for name, value in columns.items():
            if name not in _COLUMNS:
                raise TypeError(f"a context has no column {name}")
            setattr(context, name, value)
        session.flush()
        return context


def get(store: Store, run_id: str) -> TaskContext:
    """Give the context of a request, by its run's name or the beginning of it."""
    run = runs.find_any(store, run_id)
    with store.read() as session:
        context = session.get(TaskContext, run.run_id)
    if context is None:
        raise RunError(
            f"run {run.run_id} is no request at the front desk.", remedy="'tieout runs' lists them."
        )
    return context


def newest_of(store: Store, by: str, *, since: datetime, thread_id: str = "") -> TaskContext | None:
    """Give the newest request of a person since a time that asked for figures; of a thread, if named."""
    query = select(TaskContext).where(TaskContext.by == by, TaskContext.made_at >= since)
    if thread_id:
        query = query.where(TaskContext.thread_id == thread_id)
    with store.read() as session:
        contexts = session.scalars(
            query.order_by(TaskContext.made_at.desc(), TaskContext.run_id).limit(10)
        ).all()
    asked = (context for context in contexts if _asks_for_a_figure(context.understanding))
    return next(asked, None)


def _asks_for_a_figure(understanding: Mapping[str, Any]) -> bool:
    """Say whether a request asks for a figure, has offered some of which none was chosen, or was not read."""
    return any(understanding.get(name) for name in ("figure", "choices", "own_subject"))


def handed_off(store: Store) -> set[str]:
    """Name the requests that have started something."""
    query = select(TaskContext.run_id, TaskContext.hand_offs)
    with store.read() as session:
        return {run_id for run_id, hand_offs in session.execute(query) if hand_offs}


def list_contexts(store: Store, *, by: str = "", limit: int = 20) -> list[TaskContext]:
    """List requests, the newest first."""
    query = select(TaskContext).order_by(TaskContext.made_at.desc(), TaskContext.run_id).limit(limit)
    if by:
        query = query.where(TaskContext.by == by)
    with store.read() as session:
        return list(session.scalars(query))


def note_use(store: Store, run_id: str, by: str, answer: Mapping[str, Any]) -> None:
    """Record that a figure was computed."""
    with store.begin() as session:
        session.add(
            FigureUse(
                run_id=run_id, figure=answer["figure"], query_id=answer["query_id"],
                parameters=answer["parameters"],
                books_run_id=answer["run_id"], snapshot_sha256=answer["snapshot_sha256"], rows=answer["rows"],
                by=by, at=clock().now(),
            )
        )  # fmt: skip


def note_attempt(
    store: Store,
    run_id: str,
    *,
    step: str,
    error_type: str,
    strategy: str,
    number: int,
    success: bool,
    error: str,
) -> None:
    """Record one attempt to recover from an error."""
    with store.begin() as session:
        session.add(
            RecoveryTry(
                run_id=run_id, step=step, error_type=error_type, strategy=strategy, number=number,
                success=success, error=error[:1000], at=clock().now(),
            )
        )  # fmt: skip


def attempts(store: Store, *, run_id: str = "") -> list[RecoveryTry]:
    """List attempts to recover, in their order; of one run where it is named."""
    query = select(RecoveryTry).order_by(RecoveryTry.attempt_no)
    if run_id:
        query = query.where(RecoveryTry.run_id == run_id)
    with store.read() as session:
        return list(session.scalars(query))


def forget(store: Store, now: datetime) -> int:
    """Empty the contexts whose time is over; the trail keeps that they were there."""
    with store.begin() as session:
        query = select(TaskContext).where(TaskContext.expires_at <= now, TaskContext.text != "")
        over = list(session.scalars(query.with_for_update()))
        for context in over:
            context.text, context.understanding, context.plan = "", {}, {}
            context.results, context.hand_offs = {}, []
        return len(over)
