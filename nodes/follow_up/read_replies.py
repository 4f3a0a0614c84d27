"""Read the mails that came in."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from tools.recovery import day


class Reads(TypedDict):
    """Where they lie."""

    replies: NotRequired[str]


class Writes(TypedDict):
    """How many of each kind are new."""

    received: dict[str, int]


def read_replies(state: Reads) -> Writes:
    """Read each mail once over all days, keep it, and act on what it says."""
    return {"received": day.read_replies(state.get("replies"))}
