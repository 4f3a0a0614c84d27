"""Narrow a change that hid too much."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.front_desk.changes import workflow


class Reads(TypedDict):
    """The round."""

    suite_id: str
    number: int


class Writes(TypedDict):
    """What it came to."""

    narrowed: dict[str, Any]
    number: int


def refine_draft(state: Reads) -> Writes:
    """Draft it up to a lower amount; {} where it cannot be narrowed."""
    return {"narrowed": workflow.refined(state["suite_id"]), "number": state["number"] + 1}
