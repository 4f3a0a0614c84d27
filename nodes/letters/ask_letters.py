"""Ask people whether the letters go out."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.core.refs import RequestRef
from tools.recovery import ask_letters as asking


class Reads(TypedDict):
    """The run whose letters are drafted."""

    run_id: str


class Writes(TypedDict):
    """The request; none where no draft waits."""

    request: RequestRef | None
    notice: str


def ask_letters(state: Reads) -> Writes:
    """Record the request and its notice, once."""
    return {"request": asking.ask(state["run_id"]), "notice": ""}
