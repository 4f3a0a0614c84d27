"""Tell an observer what a case is about."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

import prompts
from tools.audit import investigate


class Reads(TypedDict):
    """Which case, and who looks at it."""

    run_id: str
    reading: str
    case_id: str
    observer: str


class Writes(TypedDict):
    """A conversation's beginning; all that was said is masked, `tokens` says what stands for what."""

    name: str
    messages: list[dict[str, Any]]
    facts: dict[str, dict[str, str]]
    tokens: dict[str, str]
    report: dict[str, Any]
    ended: str
    steps: int
    invalid: int
    seconds: float


def open_case(state: Reads) -> Writes:
    """Begin the observer's conversation; one that was concluded before is not held again."""
    begun: Writes = investigate.open_case(state, prompts.load("investigate_case"))  # type: ignore[assignment]  # a node names its own part of the state
    return begun
