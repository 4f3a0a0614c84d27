"""Wait for people's word on what a graph asks: one node for every graph, under that graph's name for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NotRequired

from langgraph.runtime import Runtime
from langgraph.types import interrupt
from typing_extensions import TypedDict

from tools.approvals import answers
from tools.approvals.answers import Unsound
from tools.core.refs import Answer, RequestRef


class Reads(TypedDict):
    """What is asked, and why the last answer was not taken."""

    request: RequestRef
    notice: NotRequired[str]


class Writes(TypedDict):
    """One person's authenticated answers, or why they were not taken."""

    answered: list[Answer]
    notice: str


def await_request(name: str, unsound: Unsound | None = None) -> Callable[[Reads, Runtime[Any]], Writes]:
    """Make the node that waits under this name. unsound: says what is wrong with a word."""

    def node(state: Reads, runtime: Runtime[Any]) -> Writes:
        request_id = state["request"]["request_id"]
        answer = interrupt(answers.question(request_id, state.get("notice") or ""))
        checked = answers.take(answer, request_id, runtime, unsound)
        return {"answered": checked.answers, "notice": checked.notice}

    node.__name__ = node.__qualname__ = name
    node.__doc__ = "Interrupt for what is asked; what can't be taken is asked again with the reason."
    return node
