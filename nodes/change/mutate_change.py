"""Try mutants of a change."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.front_desk.changes import workflow


class Reads(TypedDict):
    """The round."""

    suite_id: str


class Writes(TypedDict):
    """What it came to."""

    mutated: dict[str, int]


def mutate_change(state: Reads) -> Writes:
    """Hold each against the change: tests have to tell them apart."""
    return {"mutated": workflow.mutate(state["suite_id"])}
