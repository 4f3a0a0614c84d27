"""Open a run that looks into an incident."""

from __future__ import annotations

from typing import Any, NotRequired

from langgraph.runtime import Runtime
from typing_extensions import TypedDict

from tools.approvals.answers import identify, thread_of
from tools.incidents import lifecycle


class Reads(TypedDict):
    """What a caller gives."""

    incident: str
    budget: NotRequired[str]


class Writes(TypedDict):
    """The run, who looks, and what may be spent."""

    run_id: str
    started_by: str
    incident_id: str
    observers: list[str]
    limit: str


def open_incident(state: Reads, runtime: Runtime[Any]) -> Writes:
    """Start the run in the store; a replay goes on with the same one. Raises RunError or UsageError."""
    thread_id = thread_of(runtime)
    opened = lifecycle.open_run(
        state["incident"], thread_id, identify(runtime).user, state.get("budget") or ""
    )
    return {
        "run_id": opened.run_id,
        "started_by": opened.started_by,
        "incident_id": opened.incident_id,
        "observers": list(opened.observers),
        "limit": opened.budget,
    }
