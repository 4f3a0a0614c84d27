"""What a worker of the desk can do: the kinds of task, each with its function.

| kind | parameters | result |
|---|---|---|
| start_graph | graph, input, thread_id | thread_id, run_id, status |
| resume_run | run_id | the same |
| audit_company | input, days | runs: day, run_id, status |
| deliver_notices | - | sent, failed, given_up |
| tick | - | escalated, resumed, programmes |
| programme_step, wake_programme | see desk/programme_steps.py | status |

Each may run twice: a run goes on from its checkpoints, notices keep their ids, a tick finds nothing left.
"""

from __future__ import annotations

from typing import Any, Final

from desk import alert_incidents, hand_offs, programme_steps
from desk.graph_tasks import audit_company, resume_run, start_graph
from desk.notices.deliver import deliver
from desk.overdue import settle_overdue
from graph.runtime.worker import Job, TaskKind
from tools.operations import alerts
from tools.programme import records
from tools.runs import tasks
from tools.store import Store, runs
from tools.store.store_time import store_time

TICK_SECONDS: Final = 60
KEPT_DAYS: Final = 7.0  # of ticks and deliveries, which nobody asks about later
_PERIODIC: Final = ("tick", "deliver_notices", "wake_programme")


def deliver_notices(job: Job) -> dict[str, Any]:
    """Deliver the notices that are due."""
    delivery = deliver(job.store, job.settings, window_seconds=job.settings.notify_window_seconds)
    return {"sent": delivery.sent, "failed": delivery.failed, "given_up": delivery.given_up}


def tick(job: Job) -> dict[str, Any]:
    """Do what time asks for: escalate, settle alerts, put down due runs and notices, delete old ticks."""
    escalated = [request.request_id for request in settle_overdue(job.store)]
    settled = alerts.settle(job.store, job.settings)
    opened = alert_incidents.of_conditions(job.store, settled.raised)
    due = runs.due_again(job.store)
    for run in due:
        key = f"resume_run {run.run_id} {run.next_try_at}"
        tasks.enqueue(job.store, "resume_run", {"run_id": run.run_id}, key=key, run_id=run.run_id)
    programmes, handed_on = _wake_programmes(job), hand_offs.go_on(job.store)
    if job.settings.notify:
        tasks.enqueue(job.store, "deliver_notices", {}, key=f"deliver_notices {job.lease.key}")
    tasks.forget(job.store, _PERIODIC, KEPT_DAYS)
    return {
        "escalated": escalated,
        "resumed": [run.run_id for run in due],
        "alerts": [condition.name for condition in settled.raised],
        "incidents": opened,
        "cleared": [condition.name for condition in settled.cleared],
        "programmes": programmes,
        "handed_on": handed_on,
    }


def _wake_programmes(job: Job) -> list[str]:
    """Let every programme that goes on look at what waits, is late or fell silent, as often as it says."""
    live = [run for run in runs.list_runs(job.store, kind=records.GRAPH) if run.status not in runs.FINAL]
    for run in live:
        for seconds in records.looks_a_minute(job.store, run.run_id, TICK_SECONDS):
            records.wake_up(job.store, run.run_id, f"{job.lease.key} {seconds:g}", seconds)
    return [run.run_id for run in live]


KINDS: Final = (
    TaskKind("start_graph", start_graph),
    TaskKind("resume_run", resume_run),
    TaskKind("audit_company", audit_company),
    TaskKind("deliver_notices", deliver_notices),
    TaskKind("tick", tick),
    *programme_steps.KINDS,
)


class Ticks:
    """Put a tick down for each minute of the store, once for all workers."""

    def __init__(self, store: Store) -> None:
        self._store, self._last = store, ""

    def __call__(self) -> None:
        """Put the tick of this minute down, unless some worker did."""
        with self._store.read() as session:
            minute = f"{store_time(session):%Y-%m-%d %H:%M}"
        if minute != self._last:
            tasks.enqueue(self._store, "tick", {}, key=f"tick {minute}", priority=1)
            self._last = minute
