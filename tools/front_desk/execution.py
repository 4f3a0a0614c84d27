"""Put what was agreed down for the workers, try again where that fails, and hold it against the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools.core.errors import TieoutError
from tools.front_desk import recovery, request_plan
from tools.front_desk.opened import store_and_settings
from tools.runs import tasks


def execute(
    run_id: str, steps: Sequence[Mapping[str, str]], understanding: Mapping[str, Any], started_by: str
) -> tuple[list[dict[str, Any]], str]:
    """Put each step down for the workers in the name of whoever asked; say what has failed."""
    try:
        return _put_down(run_id, steps, understanding, started_by), ""
    except TieoutError as error:
        return [], str(error)


def recover(
    run_id: str,
    steps: Sequence[Mapping[str, str]],
    understanding: Mapping[str, Any],
    started_by: str,
    error: str,
) -> tuple[list[dict[str, Any]], str]:
    """Try again by the table; give what was put down, or the error that a person has to look at."""
    store, _ = store_and_settings()
    step = recovery.RecoverableStep(
        "execute", lambda: _put_down(run_id, steps, understanding, started_by), {}, reads=False
    )
    outcome = recovery.handle(store, run_id, step, recovery.AgentError(error))
    return (outcome.value, "") if outcome.success else ([], outcome.error)


def _put_down(
    run_id: str, steps: Sequence[Mapping[str, str]], understanding: Mapping[str, Any], started_by: str
) -> list[dict[str, Any]]:
    store, _ = store_and_settings()
    started = []
    for number, step in enumerate(steps):
        thread = f"{run_id}-{number}"
        parameters = {
            "graph": step["agent"],
            "input": request_plan.inputs_of(step, understanding),
            "thread_id": thread,
        }
        task = tasks.enqueue(
            store, "start_graph", parameters, key=f"front desk {run_id} {number}", run_id=run_id,
            requested_by=started_by,
        )  # fmt: skip
        started.append({"agent": step["agent"], "task_id": task.task_id, "thread_id": thread})
    return started


def invalid(steps: Sequence[Mapping[str, str]], started: Sequence[Mapping[str, Any]]) -> str:
    """Say what is wrong with what was put down, or ""."""
    store, _ = store_and_settings()
    for step, entry in zip(steps, started, strict=False):
        task = tasks.get(store, str(entry["task_id"]))
        if task.parameters["graph"] != step["agent"]:
            return f"task {task.task_id} is of {task.parameters['graph']}, not of {step['agent']}."
    return "" if started else "nothing was put down."
