"""Ask people before anything above LOW happens."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.core.refs import RequestRef
from tools.front_desk import start_checkpoint


class Reads(TypedDict):
    """The request, its plan, and what has gone wrong where something has."""

    run_id: str
    started_by: str
    understanding: dict[str, Any]
    plan: dict[str, Any]
    result: dict[str, Any]


class Writes(TypedDict):
    """The checkpoint."""

    request: RequestRef
    notice: str


def ask_checkpoint(state: Reads) -> Writes:
    """Record the checkpoint and its notice, once."""
    request = start_checkpoint.ask(
        state["run_id"], state["started_by"], state["plan"], state["understanding"], state["result"]
    )
    return {"request": request, "notice": ""}
