"""Take what has happened."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.programme import events


class Reads(TypedDict):
    """The programme."""

    run_id: str


class Writes(TypedDict):
    """What comes next."""

    upcoming: str


def take_events(state: Reads) -> Writes:
    """Take events, reconcile tasks with workers and runs, act on alerts."""
    return {"upcoming": events.take(state["run_id"])}
