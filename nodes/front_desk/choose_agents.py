"""Choose the graphs that carry a request out."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from tools.front_desk import request_plan


class Reads(TypedDict):
    """The request as it was understood, what the caller names, and the plan."""

    understanding: dict[str, Any]
    plan: dict[str, Any]
    agents: NotRequired[list[str]]


class Writes(TypedDict):
    """The plan, with its steps; a result where nobody can do it."""

    plan: dict[str, Any]
    result: dict[str, Any]


def choose_agents(state: Reads) -> Writes:
    """Choose by capability; whoever is named has to have it."""
    steps, why = request_plan.steps_of(state["understanding"], state.get("agents") or [])
    result = {"kind": "refused", "why": why} if why else {}
    return {"plan": {**state["plan"], "steps": steps}, "result": result}
