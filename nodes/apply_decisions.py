"""Record what people decided, and change the flags' status accordingly."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from tools.cycle import applying
from tools.refs import Answer, Request


class Reads(TypedDict):
    """The request and its answers."""

    run_id: str
    request: Request
    answers: NotRequired[dict[str, Answer]]
    proposed: dict[str, Any]


class Writes(TypedDict):
    """Severities that people set, and whether judging has to be repeated."""

    overrides: dict[str, str]
    proposed: dict[str, Any]


def apply_decisions(state: Reads) -> Writes:
    """Act on every subject that has its quorum; what was modified is judged again."""
    overrides = applying.apply_decisions(state["run_id"], state["request"], state.get("answers") or {})
    return {"overrides": overrides, "proposed": {**state["proposed"], "modified": len(overrides)}}
