"""Ask people about failed tasks."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from tools.core.refs import Answer, RequestRef
from tools.programme import asking


class Reads(TypedDict):
    """The programme, and why the last answer was not taken."""

    run_id: str
    notice: NotRequired[str]


class Writes(TypedDict):
    """The request; none where nothing needs to be asked."""

    request: RequestRef | None
    answered: list[Answer]
    notice: str


def ask_person(state: Reads) -> Writes:
    """Record the request and its notice, once."""
    return {
        "request": asking.ask_person(state["run_id"]),
        "answered": [],
        "notice": state.get("notice") or "",
    }
