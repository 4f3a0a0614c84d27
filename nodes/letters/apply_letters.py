"""Act on what people decided on the letters."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from tools.core.refs import Answer, RequestRef
from tools.recovery import ask_letters as asking


class Reads(TypedDict):
    """The request, and what was answered."""

    run_id: str
    request: RequestRef | None
    answered: NotRequired[list[Answer]]


class Writes(TypedDict):
    """How many letters still wait, and what became of the others."""

    waiting: int
    letters: dict[str, int]


def apply_letters(state: Reads) -> Writes:
    """Record the answers; approved letters go into the outbox, once. Again, it changes nothing."""
    done = asking.apply(state["run_id"], state["request"], state.get("answered") or [])
    return {"waiting": done.waiting, "letters": {"approved": done.approved, "rejected": done.rejected}}
