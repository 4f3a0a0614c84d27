"""What a worker of the desk can do: the kinds of task, each with its function.

| kind | parameters | result |
|---|---|---|
| start_graph | graph, input, thread_id | thread_id, run_id, status |
| resume_run | run_id | the same |
| deliver_notices | - | sent, failed, given_up |
| tick | - | escalated, resumed, programmes |
| programme_step, wake_programme | see desk/programme_steps.py | status |

Each may run twice: a run goes on from its checkpoints, notices keep their ids, a tick finds nothing left.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from desk import alert_incidents, programme_steps
from desk.notices.deliver import deliver
from desk.overdue import settle_overdue
from graph.runtime.worker import Job, TaskKind
from tools.core.errors import RunError
from tools.core.retries import PausedError
from tools.operations import alerts
from tools.programme import records
from tools.runs import tasks
from tools.store import Store, runs
from tools.store.store_time import store_time

if TYPE_CHECKING:
    from graph.runtime.session import ThreadState

TICK_SECONDS: Final = 60
KEPT_DAYS: Final = 7.0  # of ticks and deliveries, which nobody asks about later
_PERIODIC: Final = ("tick", "deliver_notices", "wake_programme")


def start_graph(job: Job) -> dict[str, Any]:
    """Start a graph on a thread, or go on where an earlier attempt was killed."""
    from graph import catalogue  # noqa: PLC0415 - a worker that delivers notices needs no graph
    from graph.runtime import session  # noqa: PLC0415 - as above

    parameters = job.lease.parameters
    graph = catalogue.entry(str(parameters["graph"])).name
    thread = str(parameters.get("thread_id") or job.lease.task_id)
    if was_started(thread):
        return _standing(job.store, thread, lambda: session.resume(thread, claim=job.claim, watch=job.watch))
    begin = partial(
        session.start,
        parameters["input"],
        thread_id=thread,
        claim=job.claim,
        watch=job.watch,
        graph=graph,
    )
    return _standing(job.store, thread, begin)


def resume_run(job: Job) -> dict[str, Any]:
    """Go on with a run that was killed or paused; one that ended meanwhile is left as it is."""
    from graph.runtime import session  # noqa: PLC0415 - a worker that delivers notices needs no graph

    run = runs.get(job.store, str(job.lease.parameters["run_id"]))
    if run.status in runs.FINAL:
        return {"thread_id": run.thread_id, "run_id": run.run_id, "status": run.status}
    return _standing(job.store, run.thread_id, lambda: session.resume(run.thread_id, watch=job.watch))


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
    programmes = _wake_programmes(job)
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
    }


def _wake_programmes(job: Job) -> list[str]:
    """Let every programme that goes on look once a minute: at what waits, what is late, what fell silent."""
    live = [run for run in runs.list_runs(job.store, kind=records.GRAPH) if run.status not in runs.FINAL]
    for run in live:
        records.wake_up(job.store, run.run_id, job.lease.key)
    return [run.run_id for run in live]


KINDS: Final = (
    TaskKind("start_graph", start_graph),
    TaskKind("resume_run", resume_run),
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


def was_started(thread_id: str) -> bool:
    """Say whether a graph has begun on a thread."""
    from graph.runtime import session  # noqa: PLC0415 - a worker that delivers notices needs no graph

    try:
        session.look(thread_id)
    except RunError:
        return False
    return True


def _standing(store: Store, thread_id: str, go: Callable[[], ThreadState]) -> dict[str, Any]:
    try:
        standing = go()
    except PausedError as error:  # the run knows when it is due again, and a tick takes it up
        run = runs.of_thread(store, thread_id)
        return {
            "thread_id": thread_id,
            "run_id": run.run_id if run else "",
            "status": "paused",
            "reason": str(error),
        }
    status = "waiting" if standing.asked is not None else "open" if standing.next else "ended"
    return {"thread_id": thread_id, "run_id": standing.run_id, "status": status}
