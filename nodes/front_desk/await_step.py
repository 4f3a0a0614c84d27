"""Wait until the step before the next one has ended."""

from __future__ import annotations

from typing import Any

from langgraph.types import interrupt
from typing_extensions import TypedDict

from tools.front_desk import execution


class Reads(TypedDict):
    """The plan and what was put down of it."""

    run_id: str
    plan: dict[str, Any]
    started: list[dict[str, Any]]


class Writes(TypedDict):
    """Nothing else: what ended is in the store."""

    notice: str


def await_step(state: Reads) -> Writes:
    """Interrupt until a worker or the clock wakes it; the process may end meanwhile."""
    if not execution.next_is_due(state["plan"], state["started"]):
        interrupt({"waits_for": "steps", "run_id": state["run_id"]})
    return {"notice": ""}
