"""Tasks that start graphs or go on with them: a run, a run of before, the audits of one company's periods."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from desk import hand_offs
from graph.runtime.worker import Job
from tools.core.errors import RunError, UnreachableError
from tools.core.retries import PausedError
from tools.store import Store, runs

if TYPE_CHECKING:
    from graph.runtime.session import ThreadState


def start_graph(job: Job) -> dict[str, Any]:
    """Start a graph on a thread, or go on where an earlier attempt was killed."""
    parameters = job.lease.parameters
    thread = str(parameters.get("thread_id") or job.lease.task_id)
    standing = _on_thread(job, thread, str(parameters["graph"]), parameters["input"])
    if standing["status"] == "ended":
        hand_offs.go_on(job.store)
    return standing


def resume_run(job: Job) -> dict[str, Any]:
    """Go on with a run that was killed, paused or left to workers; one that has ended stays as it is."""
    from graph.runtime import session  # noqa: PLC0415 - a worker that delivers notices needs no graph

    run = runs.get(job.store, str(job.lease.parameters["run_id"]))
    if run.status in runs.FINAL:
        return {"thread_id": run.thread_id, "run_id": run.run_id, "status": run.status}
    go = partial(session.resume, run.thread_id, claim=job.claim, watch=job.watch)
    return _thread_result(job.store, run.thread_id, go)


def audit_company(job: Job) -> dict[str, Any]:
    """Audit a company's books up to each day in turn, each in a run of its own.

    A later period begins behind what an earlier one claimed, so the order is kept; an attempt after a kill
    leaves what has ended, or waits for a person, as it is. Raises UnreachableError where a run was paused.
    """
    parameters = job.lease.parameters
    results = []
    for day in parameters["days"]:
        job.check()
        thread = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{job.lease.task_id} {day}"))
        standing = _on_thread(job, thread, "audit", {**parameters["input"], "as_of": day})
        if standing["status"] == "paused":
            raise UnreachableError(str(standing["reason"]), place=str(standing["run_id"]))
        results.append({"day": day, "run_id": standing["run_id"], "status": standing["status"]})
    return {"runs": results}


def was_started(thread_id: str) -> bool:
    """Say whether a graph has begun on a thread."""
    from graph.runtime import session  # noqa: PLC0415 - a worker that delivers notices needs no graph

    try:
        session.look(thread_id)
    except RunError:
        return False
    return True


def _on_thread(job: Job, thread: str, graph: str, values: Mapping[str, Any]) -> dict[str, Any]:
    from graph import catalogue  # noqa: PLC0415 - a worker that delivers notices needs no graph
    from graph.runtime import session  # noqa: PLC0415 - as above

    name = catalogue.entry(graph).name
    if was_started(thread):
        within = bool(job.lease.parameters.get("within_folders"))
        go = partial(session.resume, thread, claim=job.claim, watch=job.watch, within_folders=within)
        return _thread_result(job.store, thread, go)
    begin = partial(session.start, values, thread_id=thread, claim=job.claim, watch=job.watch, graph=name)
    return _thread_result(job.store, thread, begin)


def _thread_result(store: Store, thread_id: str, go: Callable[[], ThreadState]) -> dict[str, Any]:
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
