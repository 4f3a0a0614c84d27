"""Assess the risk of what is about to be started."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.front_desk import request, request_plan


class Reads(TypedDict):
    """The request and its plan."""

    run_id: str
    started_by: str
    thread_id: str
    understanding: dict[str, Any]
    plan: dict[str, Any]
    result: dict[str, Any]


class Writes(TypedDict):
    """The plan with its risk; a result where it cannot be started, or not by this person."""

    plan: dict[str, Any]
    result: dict[str, Any]


def assess_risk(state: Reads) -> Writes:
    """Take the greatest risk of its steps, and see that they can be started."""
    risk, why = request_plan.risk_of(state["plan"].get("steps", ()), state["understanding"])
    plan = {**state["plan"], "risk": risk}
    request.keep(state["run_id"], state["started_by"], state["thread_id"], plan=plan)
    return {"plan": plan, "result": {"kind": "refused", "why": why} if why else state["result"]}
