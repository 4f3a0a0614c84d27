"""Wait until enough people have decided on the flags."""

from __future__ import annotations

from typing import Any, NotRequired

from langgraph.runtime import Runtime
from langgraph.types import interrupt
from typing_extensions import TypedDict

from tools.audit import answers
from tools.core.refs import Answer, RequestRef


class Reads(TypedDict):
    """The request, and why the last answer was not taken."""

    run_id: str
    request: RequestRef
    notice: NotRequired[str]


class Writes(TypedDict):
    """One person's authenticated answers, or why they were not taken."""

    answered: list[Answer]
    notice: str


def await_approval(state: Reads, runtime: Runtime[Any]) -> Writes:
    """Interrupt for the subjects still open; what can't be taken is asked again with the reason."""
    answer = answers.take(interrupt(answers.question(state)), state, runtime)
    return {"answered": answer.answers, "notice": answer.notice}
