"""Close the round."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from tools.feedback import asking, rounds


class Reads(TypedDict):
    """The round, and what was changed."""

    run_id: str
    changed: NotRequired[asking.Outcome]


class Writes(TypedDict):
    """How it ended."""

    outcome: str


def close_round(state: Reads) -> Writes:
    """Close it in the store: decided, or nothing to change."""
    return {"outcome": rounds.close(state["run_id"], decided=bool(state.get("changed")))}
