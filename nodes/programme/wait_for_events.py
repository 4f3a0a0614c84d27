"""Wait until something happens."""

from __future__ import annotations

from typing import NotRequired

from langgraph.types import interrupt
from typing_extensions import TypedDict

from tools.programme import events


class Reads(TypedDict):
    """The programme, and how often it went on."""

    run_id: str
    woken: NotRequired[int]


class Writes(TypedDict):
    """How often it went on."""

    woken: int


def wait_for_events(state: Reads) -> Writes:
    """Interrupt until a worker, a person or the clock wakes it; not where something happened already."""
    if not events.unseen(state["run_id"]):
        interrupt({"waits_for": "events", "run_id": state["run_id"]})
    return {"woken": (state.get("woken") or 0) + 1}
