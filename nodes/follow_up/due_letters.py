"""Draft the letters that are due today."""

from __future__ import annotations

from typing_extensions import TypedDict

import prompts
from tools.recovery import day
from tools.recovery.letters import rewording


class Reads(TypedDict):
    """The run, and whose claims."""

    run_id: str
    entity: str


class Writes(TypedDict):
    """How many drafts there are."""

    drafted: int


def due_letters(state: Reads) -> Writes:
    """Draft the next letter of each claim on which one is due, reworded where the rules ask for it."""
    drafted = day.due_letters(state["run_id"], state["entity"])
    rewording.reword_drafts(state["run_id"], prompts.load("reword_letter"))
    return {"drafted": drafted}
