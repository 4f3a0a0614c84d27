"""Wait for two people's word."""

from __future__ import annotations

from typing import Any, NotRequired

from langgraph.runtime import Runtime
from langgraph.types import interrupt
from typing_extensions import TypedDict

from tools.approvals import answers
from tools.core.refs import Answer, RequestRef


class Reads(TypedDict):
    """The checkpoint, and why the last answer was not taken."""

    request: RequestRef
    notice: NotRequired[str]


class Writes(TypedDict):
    """One person's authenticated word, or why it was not taken."""

    answered: list[Answer]
    notice: str


def await_activation(state: Reads, runtime: Runtime[Any]) -> Writes:
    """Interrupt for the checkpoint; what can't be taken is asked again with the reason."""
    request_id = state["request"]["request_id"]
    answer = interrupt(answers.question(request_id, state.get("notice") or ""))
    reply = answers.take(answer, request_id, runtime)
    return {"answered": reply.answers, "notice": reply.notice}
