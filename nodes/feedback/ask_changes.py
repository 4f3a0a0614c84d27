"""Ask people about changes of the rules, or leave them to the rule where the settings say so."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.core import settings
from tools.core.refs import RequestRef
from tools.feedback import asking


class Reads(TypedDict):
    """The round and its proposals."""

    run_id: str
    proposals: dict[str, list[str]]


class Writes(TypedDict):
    """The request; none where the settings approve by themselves."""

    request: RequestRef | None
    notice: str


def ask_changes(state: Reads) -> Writes:
    """Record the request and its notice, once."""
    if settings.load().feedback_automatic:
        return {"request": None, "notice": ""}
    return {"request": asking.ask(state["run_id"], state["proposals"]["open"]), "notice": ""}
