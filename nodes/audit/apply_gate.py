"""Record what people decided at the gate, and act on it."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from tools.audit import apply_decisions
from tools.core.refs import Answer, CheckResult, GateVerdict, RequestRef


class Reads(TypedDict):
    """The request and its answers."""

    run_id: str
    request: RequestRef
    answered: NotRequired[list[Answer]]
    checks: dict[str, CheckResult]
    attempts: NotRequired[dict[str, int]]


class Writes(TypedDict):
    """The verdict, and which checks run again."""

    attempts: dict[str, int]
    gate: GateVerdict


def apply_gate(state: Reads) -> Writes:
    """Record the answers; on "retry" count up the checks that did not run whole."""
    count = apply_decisions.apply_gate(state["run_id"], state["request"], state.get("answered") or [])
    gate = GateVerdict(verdict=count.verdict, by=list(count.by))
    if count.verdict != "retry":
        return {"attempts": {}, "gate": gate}
    unfinished = [name for name, result in state["checks"].items() if result["status"] != "ran"]
    before = state.get("attempts") or {}
    again = {name: before.get(name, 1) + 1 for name in unfinished or list(state["checks"])}
    return {"attempts": again, "gate": gate}
