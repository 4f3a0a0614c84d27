"""Keep what was concluded, and end the run."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from tools.incidents import lifecycle


class Reads(TypedDict):
    """What was seen, tried and worded."""

    run_id: str
    incident_id: str
    limit: str
    observed: dict[str, dict[str, Any]]
    tried: dict[str, list[dict[str, Any]]]
    words: NotRequired[dict[str, Any]]


class Writes(TypedDict):
    """How it came out."""

    outcome: str


def close_incident(state: Reads) -> Writes:
    """Write observations, hypotheses and attempts to the store, once; a person decides what they mean."""
    about = lifecycle.InvestigatedIncident(
        state["incident_id"], state["run_id"], state["limit"], state["observed"], state["tried"]
    )
    outcome = lifecycle.close(about, state.get("words") or {})
    return {"outcome": outcome}
