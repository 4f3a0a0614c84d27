"""Merge what the observers of each case came to."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.audit import investigate
from tools.core.refs import Ref


class Reads(TypedDict):
    """Where the observers' parts lie."""

    run_id: str
    flags: Ref
    observations: dict[str, dict[str, Any]]


class Writes(TypedDict):
    """Counts, and where the results lie."""

    investigated: dict[str, Any]


def merge_hypotheses(state: Reads) -> Writes:
    """Rank each case's readings, an innocent one always among them; flags stay as they are."""
    return {"investigated": investigate.merge(state, state["observations"])}
