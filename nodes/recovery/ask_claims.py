"""Ask people which claims are pursued."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.core.refs import RequestRef
from tools.recovery import ask_claims as asking


class Reads(TypedDict):
    """The run, whose claims, and who started it."""

    run_id: str
    entity: str
    started_by: str


class Writes(TypedDict):
    """The request; none where nothing waits for people."""

    request: RequestRef | None
    notice: str


def ask_claims(state: Reads) -> Writes:
    """Record the request and its notice, once."""
    return {"request": asking.ask(state["run_id"], state["entity"], state["started_by"]), "notice": ""}
