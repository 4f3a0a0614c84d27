"""Act on what was decided at a gate."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.core.refs import Answer, RequestRef
from tools.programme import asking, closing


class Reads(TypedDict):
    """What was asked and answered."""

    run_id: str
    request: RequestRef
    answered: list[Answer]


class Writes(TypedDict):
    """What comes next, and how it ends where it does."""

    upcoming: str
    outcome: str


def apply_gate(state: Reads) -> Writes:
    """Record the answers; what enough people agree on is done."""
    done = asking.apply_gate(state["run_id"], state["request"], state["answered"])
    if done.waiting or done.stopped or done.again:
        upcoming = "await_gate" if done.waiting else "close" if done.stopped else "dispatch"
        return {"upcoming": upcoming, "outcome": "stopped" if done.stopped else ""}
    last = closing.open_next(state["run_id"]) == "last"
    return {"upcoming": "close" if last else "dispatch", "outcome": "completed" if last else ""}
