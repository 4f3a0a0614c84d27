"""Put together what observers saw."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.incidents import lifecycle


class Reads(TypedDict):
    """Where their parts lie."""

    observed: dict[str, dict[str, Any]]


class Writes(TypedDict):
    """Counts, who is missing, and what it cost."""

    seen: dict[str, Any]


def consolidate(state: Reads) -> Writes:
    """Say how much was seen, who failed and why, and what it cost."""
    return {"seen": lifecycle.consolidate(state["observed"])}
