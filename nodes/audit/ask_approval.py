"""Ask people to decide on the flags whose risk needs them."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from tools.audit import ask
from tools.core.refs import Request


class Reads(TypedDict):
    """The run, and what was asked before."""

    run_id: str
    started_by: str
    request: NotRequired[Request]


class Writes(TypedDict):
    """The request."""

    request: Request
    notice: str


def ask_approval(state: Reads) -> Writes:
    """Record the request and its notice, once."""
    request = ask.ask_approval(state["run_id"], state["started_by"], state.get("request"))
    return {"request": request, "notice": ""}
