"""Rank the hypotheses of each case that was looked into."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from tools.audit import investigate


class Reads(TypedDict):
    """Where what was seen of the cases lies, and models' parts where they looked further."""

    run_id: str
    reading: dict[str, Any]
    observations: NotRequired[dict[str, dict[str, Any]]]


class Writes(TypedDict):
    """Counts, and where the results lie."""

    investigated: dict[str, Any]


def merge_hypotheses(state: Reads) -> Writes:
    """Rank each case's hypotheses, an innocent one always among them; flags stay as they are."""
    return {"investigated": investigate.merge(state, state.get("observations") or {})}
