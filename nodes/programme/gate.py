"""Look at a phase's gate."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.programme import closing


class Reads(TypedDict):
    """The programme."""

    run_id: str


class Writes(TypedDict):
    """What comes next, and how it ends where it does."""

    upcoming: str
    outcome: str


def gate(state: Reads) -> Writes:
    """Open the next phase where this one reached its end; else a person is asked."""
    looked = closing.pass_gate(state["run_id"])
    upcoming = {"asked": "ask_gate", "last": "close"}.get(looked, "dispatch")
    return {"upcoming": upcoming, "outcome": "completed" if looked == "last" else ""}
