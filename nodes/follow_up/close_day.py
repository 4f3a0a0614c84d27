"""Close the day."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from tools.recovery import summary as summaries


class Reads(TypedDict):
    """The results of the day."""

    run_id: str
    received: NotRequired[dict[str, int]]
    money: NotRequired[dict[str, int]]
    tracked: NotRequired[dict[str, int]]
    sent: NotRequired[dict[str, int]]
    stuck: NotRequired[list[dict[str, Any]]]


class Writes(TypedDict):
    """What the day came to."""

    summary: dict[str, Any]
    outcome: str


def close_day(state: Reads) -> Writes:
    """Keep what the day came to with its run, and close it in the store."""
    stages = {
        "received": state.get("received") or {},
        "money": state.get("money") or {},
        "tracked": state.get("tracked") or {},
        "sent": state.get("sent") or {},
        "stuck": state.get("stuck") or [],
    }
    summary = summaries.summarise(state["run_id"], stages)
    return {"summary": summary, "outcome": summaries.close(state["run_id"], "followed up")}
