"""Wait until a person has decided on the proposed changes."""

from __future__ import annotations

from typing import Any, NotRequired

from langgraph.runtime import Runtime
from langgraph.types import interrupt
from typing_extensions import TypedDict

from tools.feedback import asking


class Reads(TypedDict):
    """The round, and why the last answer was not taken."""

    round_id: str
    notice: NotRequired[str]


class Writes(TypedDict):
    """One person's authenticated words, or why they were not taken."""

    words: dict[str, asking.Word]
    notice: str


def await_changes(state: Reads, runtime: Runtime[Any]) -> Writes:
    """Interrupt for the proposals still open; what can't be taken is asked again with the reason."""
    answer = interrupt(asking.question(state["round_id"], state.get("notice") or ""))
    words, notice = asking.take(answer, state["round_id"], runtime)
    return {"words": words, "notice": notice}
