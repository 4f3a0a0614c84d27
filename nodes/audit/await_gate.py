"""Wait at the gate for a person's word: go on, run failed checks again, or stop."""

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
    """The authenticated answer, or why it was not taken."""

    answered: list[Answer]
    notice: str


def await_gate(state: Reads, runtime: Runtime[Any]) -> Writes:
    """Interrupt until somebody answers; an answer that can't be taken is asked again with the reason."""
    answer = answers.take(interrupt(answers.question(state)), state, runtime)
    return {"answered": answer.answers, "notice": answer.notice}
