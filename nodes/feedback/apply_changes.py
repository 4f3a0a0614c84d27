"""Change the rules as people decided."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from tools.core.refs import Answer
from tools.feedback import asking


class Reads(TypedDict):
    """The round's proposals, and what was answered."""

    run_id: str
    proposals: dict[str, list[str]]
    answered: NotRequired[list[Answer]]
    notice: NotRequired[str]


class Writes(TypedDict):
    """What became of it, and how many proposals still wait."""

    changed: asking.Outcome
    waiting: int
    notice: str


def apply_changes(state: Reads) -> Writes:
    """Record the answers; apply or reject each proposal that is decided. Again, it changes nothing."""
    done = asking.apply(state["run_id"], state["proposals"]["open"], state.get("answered") or [])
    return {
        "changed": done.outcome,
        "waiting": done.waiting,
        "notice": done.notice or state.get("notice") or "",
    }
