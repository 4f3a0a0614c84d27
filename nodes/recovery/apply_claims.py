"""Act on what people decided on the claims."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from tools.core.refs import Answer, RequestRef
from tools.recovery import ask_claims as asking
from tools.recovery.contacts import find


class Reads(TypedDict):
    """The request, and what was answered."""

    run_id: str
    entity: str
    request: RequestRef | None
    answered: NotRequired[list[Answer]]


class Writes(TypedDict):
    """How many claims still wait, and the parties whose contacts are to be found."""

    waiting: int
    decided: dict[str, int]
    parties: list[str]


def apply_claims(state: Reads) -> Writes:
    """Record the answers; approve or archive each claim that is decided. Again, it changes nothing."""
    done = asking.apply(state["run_id"], state["request"], state.get("answered") or [])
    parties = [] if done.waiting else find.parties_to_ask(state["entity"])
    return {
        "waiting": done.waiting,
        "decided": {"approved": done.approved, "rejected": done.rejected},
        "parties": parties,
    }
