"""Propose changes of the rules that reviews speak for, each replayed over past runs."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict

from tools.feedback import rounds


class Reads(TypedDict):
    """The round."""

    run_id: str
    thread_id: str
    read_since: str
    read_until: str


class Writes(TypedDict):
    """Which proposals are open, and which were refused."""

    proposals: dict[str, list[str]]


def propose_changes(state: Reads) -> Writes:
    """Work the proposals out and keep them, refused ones too."""
    since, until = map(datetime.fromisoformat, (state["read_since"], state["read_until"]))
    opened = rounds.Round(state["run_id"], since, until)
    return {"proposals": rounds.propose(opened, state["thread_id"])}
