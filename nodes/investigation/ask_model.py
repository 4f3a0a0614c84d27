"""Let an observer's model take its turn: look something up, or report."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.audit import investigate


class Reads(TypedDict):
    """The conversation so far, and what it took."""

    run_id: str
    case_id: str
    observer: str
    messages: list[dict[str, Any]]
    steps: int
    invalid: int
    seconds: float


class Writes(TypedDict, total=False):
    """The model's turn: what it asks for, its report, or why its part has ended."""

    messages: list[dict[str, Any]]
    report: dict[str, Any]
    ended: str
    steps: int
    invalid: int
    seconds: float


def ask_model(state: Reads) -> Writes:
    """Take one turn, within the observer's time and the budgets."""
    turn: Writes = investigate.ask_model(state)  # type: ignore[assignment]  # a node names its own part of the state
    return turn
