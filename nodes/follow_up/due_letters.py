"""Draft the letters that are due today."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.recovery import day


class Reads(TypedDict):
    """The run, and whose claims."""

    run_id: str
    entity: str


class Writes(TypedDict):
    """How many drafts there are."""

    drafted: int


def due_letters(state: Reads) -> Writes:
    """Draft the next letter of each claim on which one is due."""
    return {"drafted": day.due_letters(state["run_id"], state["entity"])}
