"""Make hypotheses of what was seen."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.incidents import conclude


class Reads(TypedDict):
    """Where the observations lie."""

    run_id: str
    incident_id: str
    observed: dict[str, dict[str, Any]]


class Writes(TypedDict):
    """Which hypotheses there are."""

    hypotheses: list[str]


def hypothesise(state: Reads) -> Writes:
    """Make them by templates, merge those of one cause; an innocent one is always among them."""
    return {"hypotheses": conclude.hypothesise(state["incident_id"], state["run_id"], state["observed"])}
