"""Wait until enough people have decided on the flags."""

from __future__ import annotations

from typing import Any, NotRequired

from langgraph.runtime import Runtime
from langgraph.types import interrupt
from typing_extensions import TypedDict

from tools.approvals import take_answer
from tools.core.refs import Answer, Request


class Reads(TypedDict):
    """The request, and what has been answered so far."""

    run_id: str
    request: Request
    answers: NotRequired[dict[str, Answer]]
    notice: NotRequired[str]
    started_by: str


class Writes(TypedDict):
    """One person's authenticated words, or why they were not taken."""

    answers: dict[str, Answer]
    given: list[str]
    notice: str


def await_approval(state: Reads, runtime: Runtime[Any]) -> Writes:
    """Interrupt for the subjects still open; what can't be taken is asked again with the reason."""
    taken = take_answer.take(interrupt(take_answer.question(state)), state, runtime)
    return {"answers": taken.answers, "given": list(taken.answers), "notice": taken.notice}
