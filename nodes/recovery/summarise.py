"""Say what the run came to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired

from typing_extensions import TypedDict

from tools.recovery import summary as summaries


class Reads(TypedDict):
    """The results of the stages."""

    run_id: str
    scouted: dict[str, int]
    tiers: dict[str, int]
    decided: dict[str, int]
    merged: NotRequired[dict[str, int]]
    letters: NotRequired[dict[str, int]]


class Writes(TypedDict):
    """All of it in one mapping."""

    summary: dict[str, Any]


def summarise(state: Reads) -> Writes:
    """Combine the stages' results with where all claims stand, and keep it with the run."""
    read: Mapping[str, Any] = state
    stages = {
        name: dict(read.get(name) or {}) for name in ("scouted", "tiers", "decided", "merged", "letters")
    }
    return {"summary": summaries.summarise(state["run_id"], stages)}
