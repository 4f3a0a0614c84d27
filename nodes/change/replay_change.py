"""Replay a change over past runs."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.front_desk.changes import workflow


class Reads(TypedDict):
    """The round."""

    suite_id: str


class Writes(TypedDict):
    """What it came to."""

    replayed: dict[str, int]


def replay_change(state: Reads) -> Writes:
    """Judge them with and without it; what differs is counted in money."""
    return {"replayed": workflow.replay_change(state["suite_id"])}
