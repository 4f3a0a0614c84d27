"""Open a recovery, and read the books that it is about."""

from __future__ import annotations

from typing import Any, NotRequired

from langgraph.runtime import Runtime
from typing_extensions import TypedDict

from tools.approvals.answers import identify, thread_of
from tools.recovery import opening


class Reads(TypedDict):
    """Which books."""

    sources: NotRequired[str]
    prospects: NotRequired[dict[str, Any]]


class Writes(TypedDict):
    """The run, and whose books it reads."""

    run_id: str
    thread_id: str
    started_by: str
    entity: str


def open_recovery(state: Reads, runtime: Runtime[Any]) -> Writes:
    """Start the run of this thread, or go on with it, and read its books once."""
    thread_id = thread_of(runtime)
    opened = opening.open_recovery(
        thread_id, identify(runtime).user, state.get("sources"), prospects=state.get("prospects")
    )
    return {
        "run_id": opened.run_id,
        "thread_id": thread_id,
        "started_by": opened.started_by,
        "entity": opened.entity,
    }
