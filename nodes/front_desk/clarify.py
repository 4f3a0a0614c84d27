"""Ask which of several readings is meant."""

from __future__ import annotations

from typing import Any, NotRequired

from langgraph.types import interrupt
from typing_extensions import TypedDict

from tools.front_desk import clarification, request


class Reads(TypedDict):
    """The readings, and why the last answer was not taken."""

    run_id: str
    started_by: str
    thread_id: str
    understanding: dict[str, Any]
    notice: NotRequired[str]


class Writes(TypedDict):
    """The reading that was chosen; or as before, with the reason."""

    understanding: dict[str, Any]
    notice: str


def clarify(state: Reads) -> Writes:
    """Interrupt with the choices; what is chosen is kept, so that a next question may lean on it."""
    question = clarification.choices_of(state["understanding"])
    answer = interrupt({**question, "notice": state.get("notice") or ""})
    chosen = clarification.reading_of(state["understanding"], answer)
    if chosen is None:
        return {"understanding": state["understanding"], "notice": "choose one by its number"}
    request.keep(state["run_id"], state["started_by"], state["thread_id"], understanding=chosen)
    return {"understanding": chosen, "notice": ""}
