"""Record what people said at the gate, and act on it."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from tools.audit import apply_decisions
from tools.core.refs import Answer, CheckResult, Request


class Reads(TypedDict):
    """The request and its answers."""

    run_id: str
    request: Request
    answers: NotRequired[dict[str, Answer]]
    checks: dict[str, CheckResult]
    attempts: NotRequired[dict[str, int]]


class Writes(TypedDict):
    """Which checks run again."""

    attempts: dict[str, int]


def apply_gate(state: Reads) -> Writes:
    """Record the answers; on "retry" count up the checks that did not run whole."""
    word = apply_decisions.apply_gate(state["run_id"], state["request"], state.get("answers") or {})
    if word != "retry":
        return {"attempts": {}}
    unfinished = [name for name, result in state["checks"].items() if result["status"] != "ran"]
    before = state.get("attempts") or {}
    return {"attempts": {name: before.get(name, 1) + 1 for name in unfinished or list(state["checks"])}}
