"""Requests at the front desk whose next step is due: what they wait for has ended."""

from __future__ import annotations

from tools.front_desk import execution
from tools.front_desk.request import GRAPH
from tools.store import Store, desk_requests, runs

_MOST = 200


def go_on(store: Store) -> list[str]:
    """Wake each request whose next step is due; give their runs. Whoever finds none does nothing."""
    live = [run for run in runs.list_runs(store, kind=GRAPH, limit=_MOST) if run.status not in runs.FINAL]
    contexts = [desk_requests.get(store, run.run_id) for run in live]
    due = [context for context in contexts if execution.next_is_due(context.plan, context.hand_offs)]
    for context in due:
        from graph.runtime import session  # noqa: PLC0415 - only where something is due

        session.wake(context.thread_id)
    return [context.run_id for context in due]
