"""A question that only reads, answered without a thread: the front desk's steps, recorded as they are there.

answered(text, token=) -> dict | None     None where a person, a model or a start is needed: graph.front_desk

It saves LangGraph's import and its checkpoints, which take longer than the answer. The result is kept with
the request's context instead.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from graph.runtime.record_node import record_node
from nodes.front_desk.answer import answer
from nodes.front_desk.close_request import close_request
from nodes.front_desk.understand import understand
from tools.core import settings
from tools.front_desk import request
from tools.front_desk.planning import READS
from tools.identity import people


def open_request(state: Mapping[str, Any]) -> dict[str, Any]:
    """Open its run and its context."""
    return request.open_request(state["text"], state["thread_id"], state["started_by"])


def answered(text: str, *, token: str | None = None) -> dict[str, Any] | None:
    """Answer a question that only reads; give the state in which it ends. None where the graph is needed."""
    person = people.identify(None, token, settings.load())
    if not request.only_reads(text, person.user, READS):
        return None
    state: dict[str, Any] = {
        "text": text, "thread_id": f"front-desk-{uuid.uuid4()}", "started_by": person.user,
    }  # fmt: skip
    for node in (open_request, understand, answer, close_request):
        if node is not answer or state["understanding"]["status"] == "understood":
            state |= record_node(node, request.GRAPH)(state)
    request.keep(state["run_id"], person.user, state["thread_id"], results={"result": state["result"]})
    return state
