"""Bring claims up to what came today."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.recovery import day


class Reads(TypedDict):
    """Whose claims."""

    entity: str


class Writes(TypedDict):
    """How many claims ended without an answer."""

    tracked: dict[str, int]


def track(state: Reads) -> Writes:
    """End what nobody answered in its time."""
    return {"tracked": day.track(state["entity"])}
