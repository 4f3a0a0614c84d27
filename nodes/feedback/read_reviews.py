"""Read what people found flags to be."""

from __future__ import annotations

from typing import Any, NotRequired

from langgraph.runtime import Runtime
from typing_extensions import TypedDict

from tools.approvals import take_answer
from tools.feedback import rounds


class Reads(TypedDict):
    """Until when, and how many days before."""

    until: NotRequired[str]
    days: NotRequired[int]


class Writes(TypedDict):
    """The round: its reviews by time, and of how many flags they are."""

    round_id: str
    thread_id: str
    started_by: str
    read_since: str
    read_until: str
    reviewed: int


def read_reviews(state: Reads, runtime: Runtime[Any]) -> Writes:
    """Fix the time whose reviews this round reads."""
    info = runtime.execution_info
    thread_id = (info and (info.thread_id or info.task_id)) or ""
    held, reviewed = rounds.begin(thread_id, state.get("until"), state.get("days"))
    return {
        "round_id": held.round_id,
        "thread_id": thread_id,
        "started_by": take_answer.who(runtime).user,
        "read_since": held.since.isoformat(),
        "read_until": held.until.isoformat(),
        "reviewed": reviewed,
    }
