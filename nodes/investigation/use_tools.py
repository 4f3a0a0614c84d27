"""Look up what an observer's model asked for: read-only, bounded, masked."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.audit import investigate


class Reads(TypedDict):
    """The conversation, what was found so far, and the tokens in it."""

    run_id: str
    observer: str
    messages: list[dict[str, Any]]
    facts: dict[str, dict[str, str]]
    tokens: dict[str, str]
    seconds: float


class Writes(TypedDict, total=False):
    """What was found, as messages and as facts with ids."""

    messages: list[dict[str, Any]]
    facts: dict[str, dict[str, str]]
    tokens: dict[str, str]
    ended: str
    seconds: float


def use_tools(state: Reads) -> Writes:
    """Answer every call of the last turn; what cannot be done is told to the model."""
    update: Writes = investigate.use_tools(state)  # type: ignore[assignment]  # a node names its own part of the state
    return update
