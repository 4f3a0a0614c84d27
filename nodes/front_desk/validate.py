"""See that what was put down is there, and is what was asked for."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.front_desk import execution


class Reads(TypedDict):
    """What was started, and by which plan."""

    plan: dict[str, Any]
    started: list[dict[str, Any]]
    result: dict[str, Any]


class Writes(TypedDict):
    """The result, with what was started."""

    result: dict[str, Any]


def validate(state: Reads) -> Writes:
    """Hold the tasks in the store against the plan."""
    why = execution.invalid(state["plan"]["steps"], state["started"])
    put_down = {"started": state["started"], "waiting": execution.waiting(state["plan"], state["started"])}
    kind = {"kind": "failed", "why": why} if why else {"kind": "started", **put_down}
    return {"result": {**state["result"], **kind}}
