"""Hold a change against its gates."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.front_desk.changes import workflow


class Reads(TypedDict):
    """The round."""

    suite_id: str


class Writes(TypedDict):
    """What it came to."""

    passed: bool
    gates: list[dict[str, Any]]


def judge_gates(state: Reads) -> Writes:
    """Judge every gate; a change needs all of them."""
    passed, gates = workflow.judge(state["suite_id"])
    return {"passed": passed, "gates": gates}
