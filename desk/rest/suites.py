"""Start a programme for a caller: its file read and held to what was asked, then left to the workers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from desk.rest.bodies import ExecuteSuite
from tools.core.bounded_paths import Folders
from tools.core.clock import clock
from tools.core.errors import UsageError
from tools.core.settings import Settings
from tools.programme import progress, records, steps
from tools.programme.planning.plan import plan
from tools.programme.steps import ProgrammeSteps
from tools.runs import tasks
from tools.runs.starting import start_later
from tools.store import Store, runs
from tools.store.models import Task

_MB_A_GB: Final = 1024


def execute(store: Store, settings: Settings, token: str | None, body: ExecuteSuite) -> dict[str, Any]:
    """Put down that a programme is started; the same key again: how that one stands.

    Raises UsageError where it does not fit what was asked.
    """
    path = Folders.of(settings).path(body.suite_name, "suite_name")
    programme = steps.read(path)
    _refuse_misfit(programme, body)
    task = start_later(store, settings, records.GRAPH, {"programme": str(path)}, token=token, key=body.key)
    return {"task_id": task.task_id, "thread_id": task.task_id, "status": _status(store, task)}


def _status(store: Store, task: Task) -> str:
    run = runs.of_thread(store, task.task_id)
    if run is None or not records.exists(store, run.run_id):
        return "failed" if task.status in {"failed", "cancelled"} else "running"
    return progress.status(records.load(store, run.run_id))


def _refuse_misfit(programme: ProgrammeSteps, body: ExecuteSuite) -> None:
    if body.phases is not None and body.phases != programme.phases:
        raise UsageError(
            f"phases: the programme has {', '.join(programme.phases)}.",
            remedy="Name these, or none; a programme of fewer phases is a file of its own.",
        )
    limits, caps = programme.definition.limits, body.resource_limits
    if caps.max_memory_gb is not None and limits.total_memory_mb > caps.max_memory_gb * _MB_A_GB:
        raise UsageError(
            f"max_memory_gb: the programme takes up to {limits.total_memory_mb} MB.",
            remedy=_remedy("memory_mb"),
        )
    if caps.max_cpu_cores is not None and limits.total_cpu_cores > caps.max_cpu_cores:
        raise UsageError(
            f"max_cpu_cores: the programme takes up to {limits.total_cpu_cores} cores.",
            remedy=_remedy("cpu_cores"),
        )
    if body.timeout_seconds is not None:
        _refuse_long(programme, body.timeout_seconds)


def _refuse_long(programme: ProgrammeSteps, seconds: float) -> None:
    now = clock().now()
    finish = datetime.fromisoformat(plan(programme, now, seconds=0).schedule["finish"])
    needed = (finish - now).total_seconds()
    if needed > seconds:
        raise UsageError(
            f"timeout_seconds: it is planned to take {needed:.0f} seconds.",
            remedy="Allow as many, or none; 'tieout programme plan FILE' shows which tasks take them.",
        )


def _remedy(limit: str) -> str:
    return f"Allow as much, or lower limits.total_{limit} in the programme's file: fewer tasks run at a time."


def starting(store: Store) -> bool:
    """Say whether a programme was asked for that no worker has opened yet."""
    open_tasks = tasks.list_open(store, "start_graph")
    starts = [task for task in open_tasks if task.parameters["graph"] == records.GRAPH]
    return any(runs.of_thread(store, str(task.task_id)) is None for task in starts)
