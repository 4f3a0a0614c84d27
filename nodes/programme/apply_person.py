"""Act on what was decided on failed tasks."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.core.refs import Answer, RequestRef
from tools.programme import asking


class Reads(TypedDict):
    """What was asked and answered."""

    run_id: str
    request: RequestRef
    answered: list[Answer]


class Writes(TypedDict):
    """What comes next, and how it ends where it does."""

    upcoming: str
    outcome: str
    request: RequestRef | None


def apply_person(state: Reads) -> Writes:
    """Record the answers; what enough people agree on is done."""
    done = asking.apply_person(state["run_id"], state["request"], state["answered"])
    if done.stopped:
        return {"upcoming": "close", "outcome": "stopped", "request": None}
    return {"upcoming": "take_events", "outcome": "", "request": state["request"] if done.waiting else None}
