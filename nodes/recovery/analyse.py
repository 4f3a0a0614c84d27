"""Score the claims."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.recovery import analyse as analysis


class Reads(TypedDict):
    """The run, and whose claims."""

    run_id: str
    entity: str


class Writes(TypedDict):
    """How many claims are of each tier."""

    tiers: dict[str, int]


def analyse(state: Reads) -> Writes:
    """Score every claim that nobody has decided on: chance, expected value, tier."""
    return {"tiers": analysis.analyse(state["run_id"], state["entity"])._asdict()}
