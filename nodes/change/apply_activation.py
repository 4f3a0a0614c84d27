"""Act on people's word: the change goes live, or the rules stay as they are."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from tools.core.refs import Answer, RequestRef
from tools.front_desk.changes import activation


class Reads(TypedDict):
    """The checkpoint and what was answered."""

    run_id: str
    change: str
    suite_id: str
    request: RequestRef
    answered: NotRequired[list[Answer]]
    notice: NotRequired[str]


class Writes(TypedDict):
    """How it stands: "" while people are missing."""

    verdict: str
    notice: str
    outcome: str


def apply_activation(state: Reads) -> Writes:
    """Record the answers; change the rules once two people have approved. Again, it changes nothing."""
    verdict, notice = activation.settle(state["run_id"], state["request"], state.get("answered") or [])
    outcome = ""
    if verdict:
        outcome = activation.activate(state["change"], state["suite_id"], state["request"], verdict)
    return {"verdict": verdict, "notice": notice or state.get("notice") or "", "outcome": outcome}
