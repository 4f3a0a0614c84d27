"""Open a day of follow-up."""

from __future__ import annotations

from typing import Any, NotRequired

from langgraph.runtime import Runtime
from typing_extensions import TypedDict

from tools.approvals.answers import identify, thread_of
from tools.recovery import day


class Reads(TypedDict):
    """Which books."""

    sources: NotRequired[str]


class Writes(TypedDict):
    """The run, and whose books it reads."""

    run_id: str
    thread_id: str
    started_by: str
    entity: str


def open_day(state: Reads, runtime: Runtime[Any]) -> Writes:
    """Start the day's run, or go on with it, and read its books once."""
    thread_id = thread_of(runtime)
    opened = day.open_day(thread_id, identify(runtime).user, state.get("sources"))
    return {
        "run_id": opened.run_id,
        "thread_id": thread_id,
        "started_by": opened.started_by,
        "entity": opened.entity,
    }
