"""Read what people found flags to be."""

from __future__ import annotations

from typing import Any, NotRequired

from langgraph.runtime import Runtime
from typing_extensions import TypedDict

from tools.approvals.answers import identify, thread_of
from tools.feedback import rounds


class Reads(TypedDict):
    """Until when, and how many days before."""

    until: NotRequired[str]
    days: NotRequired[int]


class Writes(TypedDict):
    """The round: its reviews by time, and of how many flags they are."""

    run_id: str
    thread_id: str
    started_by: str
    read_since: str
    read_until: str
    reviewed: int


def read_reviews(state: Reads, runtime: Runtime[Any]) -> Writes:
    """Open the round, and fix the time whose reviews it reads."""
    thread_id = thread_of(runtime)
    starter = identify(runtime).user
    opened, reviewed = rounds.begin(thread_id, starter, state.get("until"), state.get("days"))
    return {
        "run_id": opened.run_id,
        "thread_id": thread_id,
        "started_by": starter,
        "read_since": opened.since.isoformat(),
        "read_until": opened.until.isoformat(),
        "reviewed": reviewed,
    }
