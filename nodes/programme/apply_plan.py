"""Act on what was decided on the plan."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from tools.core.refs import Answer, RequestRef
from tools.programme import asking


class Reads(TypedDict):
    """What was asked and answered."""

    run_id: str
    request: RequestRef | None
    answered: NotRequired[list[Answer]]


class Writes(TypedDict):
    """What comes next, and how it ends where it does."""

    upcoming: str
    outcome: str


def apply_plan(state: Reads) -> Writes:
    """Record the answers; what enough people agree on is done."""
    done = asking.apply_plan(state["run_id"], state["request"], state.get("answered") or [])
    upcoming = "await_plan" if done.waiting else "close" if done.stopped else "dispatch"
    return {"upcoming": upcoming, "outcome": "rejected" if done.stopped else ""}
