"""Choose the pattern by which a request is carried out."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from tools.front_desk import request_plan


class Reads(TypedDict):
    """The request as it was understood, and what the caller names."""

    understanding: dict[str, Any]
    pattern: NotRequired[str]


class Writes(TypedDict):
    """The plan, so far; a result where there is no such pattern."""

    plan: dict[str, Any]
    result: dict[str, Any]


def choose_pattern(state: Reads) -> Writes:
    """Take the pattern that the caller names, or the one that the intent calls for."""
    pattern, why = request_plan.pattern_of(state["understanding"], state.get("pattern") or "")
    return {"plan": {"pattern": pattern}, "result": {"kind": "refused", "why": why} if why else {}}
