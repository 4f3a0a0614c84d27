"""Ask people to decide on the flags whose risk needs them."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.audit import ask
from tools.core.refs import RequestRef


class Reads(TypedDict):
    """The run, and who started it."""

    run_id: str
    started_by: str


class Writes(TypedDict):
    """The request."""

    request: RequestRef
    notice: str


def ask_approval(state: Reads) -> Writes:
    """Record the request and its notice, once."""
    return {"request": ask.ask_approval(state["run_id"], state["started_by"]), "notice": ""}
