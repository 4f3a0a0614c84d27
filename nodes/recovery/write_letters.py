"""Draft the letters that are due."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.recovery.letters import drafting


class Reads(TypedDict):
    """The run, and whose claims."""

    run_id: str
    entity: str


class Writes(TypedDict):
    """How many drafts there are."""

    drafted: int


def write_letters(state: Reads) -> Writes:
    """Draft a letter for each claim on which one is due; a claim has one draft at a time."""
    return {"drafted": drafting.write_letters(state["run_id"], state["entity"])}
