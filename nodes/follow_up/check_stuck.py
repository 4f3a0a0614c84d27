"""Say what does not go on."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.recovery import day


class Reads(TypedDict):
    """Nothing of it decides what is looked at."""

    run_id: str


class Writes(TypedDict):
    """Each condition: its kind, how many, in words."""

    stuck: list[dict[str, Any]]


def check_stuck(state: Reads) -> Writes:
    """Count claims and letters that wait longer than they should."""
    del state
    return {"stuck": day.check_stuck()}
