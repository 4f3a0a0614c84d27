"""Put what was agreed down for the workers, try again where that fails, hold it against the plan.

A chain's next step is put down when the one before has ended well; steps side by side are put down at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools.core.errors import TieoutError
from tools.front_desk import recovery, request_plan
from tools.front_desk.desk_context import store_and_settings
from tools.runs import tasks
from tools.store import runs

Plan = Mapping[str, Any]
Started = list[dict[str, Any]]


def execute(
    run_id: str, plan: Plan, understanding: Mapping[str, Any], started_by: str
) -> tuple[Started, str]:
    """Put down each step whose turn it is, in the name of whoever asked; say what has failed."""
    try:
        return _put_down(run_id, plan, understanding, started_by), ""
    except TieoutError as error:
        return [], str(error)


def recover(
    run_id: str, plan: Plan, understanding: Mapping[str, Any], started_by: str, error: str
) -> tuple[Started, str]:
    """Try again by the table; give what was put down, or the error that a person has to look at."""
    store, _ = store_and_settings()
    step = recovery.RecoverableStep(
        "execute", lambda: _put_down(run_id, plan, understanding, started_by), {}, reads=False
    )
    outcome = recovery.handle(store, run_id, step, recovery.AgentError(error))
    return (outcome.value, "") if outcome.success else ([], outcome.error)


def _put_down(run_id: str, plan: Plan, understanding: Mapping[str, Any], started_by: str) -> Started:
    started: Started = []
    in_turn = plan["pattern"] == "chain" or understanding["intent"] == "several_in_turn"
    for number, step in enumerate(plan["steps"]):
        if started and in_turn and not _has_ended(started[-1]):
            break
        started.append(_put_down_one(run_id, number, step, understanding, started_by))
    return started


def _put_down_one(
    run_id: str, number: int, step: Mapping[str, str], understanding: Mapping[str, Any], started_by: str
) -> dict[str, Any]:
    """Put a step down; again, it is the same task, with what it was started with the first time."""
    store, _ = store_and_settings()
    key, thread = f"front desk {run_id} {number}", f"{run_id}-{number}"
    task = tasks.of_key(store, key)
    if task is None:
        parameters = {
            "graph": step["agent"],
            "input": request_plan.inputs_of(step, understanding),
            "thread_id": thread,
        }
        task = tasks.enqueue(
            store, "start_graph", parameters, key=key, run_id=run_id, requested_by=started_by
        )
    return {"agent": step["agent"], "task_id": task.task_id, "thread_id": thread}


def _has_ended(entry: Mapping[str, Any]) -> bool:
    """Say whether a step has ended well. Raises AgentError where it never will."""
    store, _ = store_and_settings()
    run, task = runs.of_thread(store, str(entry["thread_id"])), tasks.get(store, str(entry["task_id"]))
    if run is not None and run.status == "abandoned":
        raise recovery.AgentError(f"{entry['agent']} was abandoned: what waits for it is not started.")
    if run is None and task.status in ("failed", "cancelled"):
        raise recovery.AgentError(f"{entry['agent']} could not be started: {task.error or task.status}.")
    return run is not None and run.status == "closed"


def next_is_due(plan: Plan, started: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether another step can be put down, or has to be given up."""
    try:
        return len(started) < len(plan.get("steps", ())) and bool(started) and _has_ended(started[-1])
    except recovery.AgentError:
        return True


def waiting(plan: Plan, started: Sequence[Mapping[str, Any]]) -> list[str]:
    """Name the steps that wait for those before them."""
    return [str(step["agent"]) for step in plan["steps"][len(started) :]]


def invalid(steps: Sequence[Mapping[str, str]], started: Sequence[Mapping[str, Any]]) -> str:
    """Say what is wrong with what was put down, or ""."""
    store, _ = store_and_settings()
    for step, entry in zip(steps, started, strict=False):
        task = tasks.get(store, str(entry["task_id"]))
        if task.parameters["graph"] != step["agent"]:
            return f"task {task.task_id} is of {task.parameters['graph']}, not of {step['agent']}."
    return "" if started else "nothing was put down."
