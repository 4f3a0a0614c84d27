"""Close the run: prove that the books are still what was read, and move the watermark."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from tools.audit import close_run as closing
from tools.core.refs import CheckResult, GateVerdict


class Reads(TypedDict):
    """What the run came to."""

    run_id: str
    sources: str
    checks: dict[str, CheckResult]
    merged: dict[str, Any]
    judged: NotRequired[dict[str, Any]]
    gate: NotRequired[GateVerdict]


class Writes(TypedDict):
    """How it ended."""

    outcome: str


def close_run(state: Reads) -> Writes:
    """Close it in the store; a run that a person stopped gives its window back."""
    return {"outcome": closing.close(state)}
