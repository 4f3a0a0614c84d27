"""Find what is owed."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.recovery import scout as scouting


class Reads(TypedDict):
    """The run whose books are looked at."""

    run_id: str


class Writes(TypedDict):
    """How many claims are new, known before, and too small."""

    scouted: dict[str, int]


def scout(state: Reads) -> Writes:
    """Make claims of confirmed flags, vendors' statements and invoices past due; each once over all runs."""
    return {"scouted": scouting.scout(state["run_id"])._asdict()}
