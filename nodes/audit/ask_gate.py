"""Ask a person at the gate, before anything is spent."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from tools.audit import ask
from tools.core.refs import Request


class Reads(TypedDict):
    """Why the gate is asked, and what was asked before."""

    run_id: str
    started_by: str
    merged: dict[str, Any]
    request: NotRequired[Request]


class Writes(TypedDict):
    """The request."""

    request: Request
    notice: str


def ask_gate(state: Reads) -> Writes:
    """Record the request and its notice, once."""
    request = ask.ask_gate(state["run_id"], state["merged"]["gate_reasons"], state.get("request"))
    return {"request": request, "notice": ""}
