"""End a programme."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.programme import asking, closing


class Reads(TypedDict):
    """The programme, and how it ends."""

    run_id: str
    outcome: str


class Writes(TypedDict):
    """How it ended."""

    outcome: str


def close_programme(state: Reads) -> Writes:
    """Close the run; where it was stopped, what waits is dropped."""
    if state["outcome"] != "completed":
        asking.stop(state["run_id"], f"the programme was {state['outcome']}")
    closing.close(state["run_id"], state["outcome"])
    return {"outcome": state["outcome"]}
