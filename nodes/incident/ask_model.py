"""Let a model word the hypotheses of an incident."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

import prompts
from tools.incidents import wording


class Reads(TypedDict):
    """What was seen and ranked."""

    run_id: str
    incident_id: str
    observers: list[str]
    limit: str
    observed: dict[str, dict[str, Any]]


class Writes(TypedDict):
    """Why there is no answer, if there is none; the answer itself lies in the run's folder."""

    words: dict[str, Any]


def ask_model(state: Reads) -> Writes:
    """Ask within the budget; where no answer comes, the desk's own words stand."""
    return {"words": wording.ask(state, prompts.load("word_incident"))}
