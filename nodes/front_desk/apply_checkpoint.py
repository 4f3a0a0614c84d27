"""Act on people's word."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from tools.core.refs import Answer, RequestRef
from tools.front_desk import start_checkpoint


class Reads(TypedDict):
    """The checkpoint and what was answered."""

    run_id: str
    request: RequestRef
    answered: NotRequired[list[Answer]]
    notice: NotRequired[str]


class Writes(TypedDict):
    """How it stands: approve, reject, timed out, or "" while people are missing."""

    verdict: str
    notice: str


def apply_checkpoint(state: Reads) -> Writes:
    """Record the answers; what was not answered in time is no."""
    verdict, notice = start_checkpoint.settle(state["run_id"], state["request"], state.get("answered") or [])
    return {"verdict": verdict, "notice": notice or state.get("notice") or ""}
