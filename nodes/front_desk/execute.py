"""Set graphs to work, in the name of whoever asked."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.front_desk import execution


class Reads(TypedDict):
    """The request and its plan."""

    run_id: str
    started_by: str
    understanding: dict[str, Any]
    plan: dict[str, Any]
    attempts: int


class Writes(TypedDict):
    """What was put down for the workers; what has failed."""

    started: list[dict[str, Any]]
    result: dict[str, Any]
    attempts: int


def execute(state: Reads) -> Writes:
    """Put each step whose turn it is down as a task; done again, it is the same task."""
    started, error = execution.execute(
        state["run_id"], state["plan"], state["understanding"], state["started_by"]
    )
    result = {"kind": "failed", "why": error} if error else {"kind": "started"}
    return {"started": started, "result": result, "attempts": state["attempts"] + 1}
