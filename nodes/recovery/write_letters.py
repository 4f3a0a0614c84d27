"""Draft the letters that are due."""

from __future__ import annotations

from typing_extensions import TypedDict

import prompts
from tools.recovery.letters import drafting, rewording


class Reads(TypedDict):
    """The run, and whose claims."""

    run_id: str
    entity: str


class Writes(TypedDict):
    """How many drafts there are."""

    drafted: int


def write_letters(state: Reads) -> Writes:
    """Draft a letter for each claim on which one is due, reworded where the rules ask for it."""
    drafted = drafting.write_letters(state["run_id"], state["entity"])
    rewording.reword_drafts(state["run_id"], prompts.load("reword_letter"))
    return {"drafted": drafted}
