"""Record what people decided, and change the flags' status accordingly."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from tools.audit import apply_decisions as decisions
from tools.core.refs import Answer, RequestRef


class Reads(TypedDict):
    """The request and its answers."""

    run_id: str
    request: RequestRef
    answered: NotRequired[list[Answer]]
    notice: NotRequired[str]
    proposed: dict[str, Any]
    started_by: str


class Writes(TypedDict):
    """Severities that people set, what still waits, and whether the run starts anew."""

    overrides: dict[str, str]
    proposed: dict[str, Any]
    notice: str
    rerun: dict[str, str]


def apply_decisions(state: Reads) -> Writes:
    """Act on every flag that has its quorum; what was modified is judged again."""
    answered = state.get("answered") or []
    done = decisions.apply_decisions(state["run_id"], state["request"], answered, state["started_by"])
    return {
        "overrides": done.overrides,
        "proposed": {**state["proposed"], "waiting": done.waiting, "modified": done.modified},
        "notice": done.notice or state.get("notice") or "",
        "rerun": done.rerun,
    }
