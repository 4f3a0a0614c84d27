"""Close a request."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from tools.front_desk import request


class Reads(TypedDict):
    """The request, whose it is, how it was understood, and what it has come to."""

    run_id: str
    started_by: str
    understanding: dict[str, Any]
    result: dict[str, Any]
    verdict: NotRequired[str]


class Writes(TypedDict):
    """The result in full, and how the request ended."""

    result: dict[str, Any]
    outcome: str


def close_request(state: Reads) -> Writes:
    """Say what came of it: answered, started, refused with what could be asked instead, or turned down."""
    result = request.concluded(state["understanding"], state["result"], state.get("verdict") or "")
    return {"result": result, "outcome": request.close(state["run_id"], str(result["kind"]))}
