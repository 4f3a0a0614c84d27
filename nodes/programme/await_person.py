"""Wait until people have decided on failed tasks, or something else happens."""

from __future__ import annotations

from typing import Any, NotRequired

from langgraph.runtime import Runtime
from langgraph.types import interrupt
from typing_extensions import TypedDict

from tools.approvals import answers
from tools.core.refs import Answer, RequestRef
from tools.programme import failed_steps


class Reads(TypedDict):
    """What is asked, and why the last answer was not taken."""

    run_id: str
    request: RequestRef
    notice: NotRequired[str]


class Writes(TypedDict):
    """One person's authenticated answers, or none where something else happened."""

    answered: list[Answer]
    notice: str


def await_person(state: Reads, runtime: Runtime[Any]) -> Writes:
    """Interrupt for what is asked; other tasks go on meanwhile, and wake it."""
    request_id = state["request"]["request_id"]
    question = answers.question(request_id, state.get("notice") or "")
    answer = interrupt({**question, "waits_for": "events"})
    if isinstance(answer, dict) and answer.get("woken") is True:
        return {"answered": [], "notice": state.get("notice") or ""}
    checked = answers.take(answer, request_id, runtime, failed_steps.unsound(state["run_id"]))
    return {"answered": checked.answers, "notice": checked.notice}
