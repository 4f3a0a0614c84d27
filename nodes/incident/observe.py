"""Let one observer look at an incident."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from typing_extensions import TypedDict

import prompts
from tools.incidents import observe as observing
from tools.incidents.purse import Share


class Reads(TypedDict):
    """What it is sent."""

    run_id: str
    incident_id: str
    observer: str
    observers: list[str]
    limit: str


class Writes(TypedDict):
    """Where its part lies, under its name."""

    observed: dict[str, dict[str, Any]]


def observe(state: Reads) -> Writes:
    """Look, within its own time and money. Never raises: a failure is its part's status."""
    part = observing.observe(
        state["incident_id"],
        state["run_id"],
        state["observer"],
        share=Share(Decimal(state["limit"]), tuple(state["observers"])),
        prompt=prompts.load("investigate_case"),
    )
    return {"observed": {state["observer"]: part}}
