"""Close the recovery."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from tools.recovery import summary


class Reads(TypedDict):
    """The run, and whether it came to anything."""

    run_id: str
    summary: NotRequired[dict[str, Any]]


class Writes(TypedDict):
    """How it ended."""

    outcome: str


def close_recovery(state: Reads) -> Writes:
    """Close it in the store: pursued, or nothing to pursue."""
    outcome = "pursued" if state.get("summary") else "nothing to pursue"
    return {"outcome": summary.close(state["run_id"], outcome)}
