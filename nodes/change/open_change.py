"""Open a change of the rules."""

from __future__ import annotations

from typing import Any, NotRequired

from langgraph.runtime import Runtime
from typing_extensions import TypedDict

import prompts
from tools.approvals.answers import identify, thread_of
from tools.front_desk.changes import worded, workflow


class Reads(TypedDict):
    """Which change, or what is wanted."""

    change: NotRequired[str]
    wanted: NotRequired[dict[str, str]]


class Writes(TypedDict):
    """The run, and nothing of the change that the thread had before."""

    run_id: str
    thread_id: str
    started_by: str
    change: str
    number: int
    narrowed: dict[str, Any]
    verdict: str
    notice: str
    outcome: str


def open_change(state: Reads, runtime: Runtime[Any]) -> Writes:
    """Open its run; what was not drafted before is drafted now."""
    thread_id, starter = thread_of(runtime), identify(runtime).user
    run_id, change = workflow.open_change(
        thread_id, starter, state.get("change") or "", state.get("wanted") or {}, prompts.load(worded.PURPOSE)
    )
    return {
        "run_id": run_id,
        "thread_id": thread_id,
        "started_by": starter,
        "change": change,
        "number": 1,
        "narrowed": {},
        "verdict": "",
        "notice": "",
        "outcome": "",
    }
