"""Keep what a request has come to, for whoever goes on with it."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.front_desk import request


class Reads(TypedDict):
    """The request and what it has come to."""

    run_id: str
    thread_id: str
    started_by: str
    started: list[dict[str, Any]]
    result: dict[str, Any]


class Writes(TypedDict):
    """Nothing else."""

    notice: str


def store_context(state: Reads) -> Writes:
    """Keep the hand-offs and references of the result."""
    request.keep(
        state["run_id"],
        state["started_by"],
        state["thread_id"],
        results={"kind": state["result"].get("kind", "")},
        hand_offs=state["started"],
    )
    return {"notice": ""}
