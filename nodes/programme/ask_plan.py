"""Ask for approval of the plan."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.core.refs import Answer, RequestRef
from tools.programme import asking


class Reads(TypedDict):
    """The programme."""

    run_id: str


class Writes(TypedDict):
    """The request; none where nothing needs to be asked."""

    request: RequestRef | None
    answered: list[Answer]
    notice: str


def ask_plan(state: Reads) -> Writes:
    """Record the request and its notice, once."""
    return {"request": asking.ask_plan(state["run_id"]), "answered": [], "notice": ""}
