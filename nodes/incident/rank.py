"""Rank the hypotheses of an incident."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.incidents import conclude


class Reads(TypedDict):
    """What was seen and tried."""

    run_id: str
    incident_id: str
    observed: dict[str, dict[str, Any]]
    tried: dict[str, list[dict[str, Any]]]


class Writes(TypedDict):
    """Counts, and the first one."""

    ranking: dict[str, Any]


def rank(state: Reads) -> Writes:
    """Give each its confidence and grounding; the surest first, what was ruled out at the end."""
    ranking = conclude.rank(state["incident_id"], state["run_id"], state["observed"], state["tried"])
    return {"ranking": ranking}
