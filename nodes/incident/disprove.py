"""Try to show one hypothesis wrong."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.incidents import conclude


class Reads(TypedDict):
    """Which hypothesis; it comes with the Send."""

    run_id: str
    incident_id: str
    hypothesis: str
    observed: dict[str, dict[str, Any]]


class Writes(TypedDict):
    """Every attempt, under the hypothesis."""

    tried: dict[str, list[dict[str, Any]]]


def disprove(state: Reads) -> Writes:
    """Try every test that could show it wrong, and keep each outcome with its reason."""
    attempts = conclude.disprove(
        state["incident_id"], state["run_id"], state["hypothesis"], state["observed"]
    )
    return {"tried": {state["hypothesis"]: attempts}}
