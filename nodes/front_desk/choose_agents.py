"""Choose the graphs that carry a request out."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from tools.front_desk import request_plan


class Reads(TypedDict):
    """The request as it was understood, what the caller names, and the plan."""

    run_id: str
    understanding: dict[str, Any]
    plan: dict[str, Any]
    result: dict[str, Any]
    agents: NotRequired[list[str]]


class Writes(TypedDict):
    """The plan, with its steps; a result where nobody can do it."""

    plan: dict[str, Any]
    result: dict[str, Any]


def choose_agents(state: Reads) -> Writes:
    """Choose by capability; whoever is named has to have it."""
    plan, why = state["plan"], str(state["result"].get("why", ""))
    if not why:
        steps, why = request_plan.steps_of(state["understanding"], state.get("agents") or [])
        plan = {**plan, "steps": steps}
    if not why:
        plan["pattern"], why = request_plan.fitting_pattern(state["run_id"], plan["pattern"], plan["steps"])
    return {"plan": plan, "result": {"kind": "refused", "why": why} if why else {}}
