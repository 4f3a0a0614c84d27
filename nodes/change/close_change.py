"""Close a change."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from tools.front_desk.changes import activation


class Reads(TypedDict):
    """The change, its gates, and what became of it."""

    run_id: str
    change: str
    gates: list[dict[str, Any]]
    outcome: NotRequired[str]


class Writes(TypedDict):
    """How it ended."""

    outcome: str


def close_change(state: Reads) -> Writes:
    """Close its run: live, turned down, or stopped at its gates."""
    failed = [gate for gate in state["gates"] if not gate["passed"]]
    outcome = state.get("outcome") or "stopped at its gates"
    return {"outcome": activation.close(state["run_id"], state["change"], outcome, failed)}
