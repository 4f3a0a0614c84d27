"""Open a request at the front desk."""

from __future__ import annotations

from typing import Any, NotRequired

from langgraph.runtime import Runtime
from typing_extensions import TypedDict

from tools.approvals.answers import identify, thread_of
from tools.front_desk import request


class Reads(TypedDict):
    """What was said."""

    text: str


class Writes(TypedDict):
    """The request, and nothing of the one that the thread had before."""

    run_id: str
    thread_id: str
    started_by: str
    understanding: dict[str, Any]
    plan: dict[str, Any]
    result: dict[str, Any]
    started: list[dict[str, Any]]
    attempts: int
    notice: str
    outcome: NotRequired[str]


def open_request(state: Reads, runtime: Runtime[Any]) -> Writes:
    """Open its run and its context."""
    opened: Writes = request.open_request(state["text"], thread_of(runtime), identify(runtime).user)  # type: ignore[assignment]  # the same keys
    return opened
