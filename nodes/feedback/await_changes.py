"""Wait until people have decided on the proposed changes."""

from __future__ import annotations

from typing import Any, NotRequired

from langgraph.runtime import Runtime
from langgraph.types import interrupt
from typing_extensions import TypedDict

from tools.approvals import answers
from tools.core.refs import Answer
from tools.feedback import asking


class Reads(TypedDict):
    """The round, and why the last answer was not taken."""

    run_id: NotRequired[str]
    round_id: NotRequired[str]
    notice: NotRequired[str]


class Writes(TypedDict):
    """One person's authenticated answers, or why they were not taken."""

    run_id: str
    answered: list[Answer]
    notice: str


def await_changes(state: Reads, runtime: Runtime[Any]) -> Writes:
    """Interrupt for the proposals still open; what can't be taken is asked again with the reason."""
    run_id = state.get("run_id") or state["round_id"]  # a round that waited before runs had one id
    request_id = asking.request_of(run_id)
    answer = interrupt(answers.question(request_id, state.get("notice") or ""))
    votes = answers.take(answer, request_id, runtime)
    return {"run_id": run_id, "answered": votes.answers, "notice": votes.notice}
