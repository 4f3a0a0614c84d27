"""Ask two people whether a change goes live."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.core.refs import RequestRef
from tools.front_desk.changes import activation


class Reads(TypedDict):
    """The change and the round that passed."""

    run_id: str
    started_by: str
    change: str
    suite_id: str


class Writes(TypedDict):
    """The checkpoint."""

    request: RequestRef
    notice: str


def ask_activation(state: Reads) -> Writes:
    """Record the checkpoint and its notice, once."""
    request = activation.ask(state["run_id"], state["started_by"], state["change"], state["suite_id"])
    return {"request": request, "notice": ""}
