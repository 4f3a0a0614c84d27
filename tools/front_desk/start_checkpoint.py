"""Ask people about what is about to start, and settle what they answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools.core.refs import Answer, RequestRef
from tools.front_desk import agents, checkpoints, planning, request_plan
from tools.front_desk.desk_context import store_and_settings
from tools.store import desk_requests


def checkpoint_of(
    run_id: str, plan: Mapping[str, Any], understanding: Mapping[str, Any]
) -> checkpoints.Checkpoint:
    """Make the checkpoint of what is about to start."""
    steps: Sequence[Mapping[str, str]] = plan["steps"]
    names = [step["agent"] for step in steps]
    inputs = "; ".join(
        f"{name} = {_plain(value)}"
        for step in steps
        for name, value in request_plan.inputs_of(step, understanding).items()
    )
    between = "; when that has ended, it " if plan["pattern"] == "chain" else "; at the same time it "
    does = between.join(agents.by_name(name).does for name in names)
    risk = planning.risk_of(steps)
    return checkpoints.critical_action(
        "start",
        risk,
        subject=(" and then " if plan["pattern"] == "chain" else " and ").join(names),
        happens=f"It {does}{f' ({inputs})' if inputs else ''}.",
        reasons=[f"asked at the front desk, request {run_id}"],
    )


def _plain(value: object) -> str:
    """Put an input into words."""
    if not isinstance(value, Mapping):
        return str(value)
    return ", ".join(f"{str(name).removeprefix('parameter:')} {each}" for name, each in value.items())


def ask(
    run_id: str,
    started_by: str,
    plan: Mapping[str, Any],
    understanding: Mapping[str, Any],
    result: Mapping[str, Any],
) -> RequestRef:
    """Ask about what is about to start; or, where that has failed, about trying it again."""
    store, limits = store_and_settings()
    if result.get("kind") == "failed":
        tried = ", ".join(attempt.strategy for attempt in desk_requests.attempts(store, run_id=run_id))
        checkpoint = checkpoints.error_recovery(
            " and ".join(step["agent"] for step in plan["steps"]), str(result["why"]), tried
        )
    else:
        checkpoint = checkpoint_of(run_id, plan, understanding)
    return checkpoints.ask(store, limits, run_id, started_by, checkpoint)


def settle(run_id: str, request: RequestRef, answered: Sequence[Answer]) -> tuple[str, str]:
    """Record answers; give the verdict ("" while people are missing), and why an answer was not taken."""
    store, _ = store_and_settings()
    return checkpoints.settle(store, run_id, request, answered)
