"""A graph of a house's own: two people decide whether a letter goes out. It is wiring and its own trade."""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import interrupt
from typing_extensions import TypedDict

from graph.catalogue import GraphEntry
from graph.runtime.checked_input import checked
from graph.runtime.context import CallerContext
from graph.runtime.record_node import record_node
from tools.approvals import answers, requests
from tools.core import settings
from tools.core.refs import Answer, RequestRef
from tools.store import Store, open_store, runs

ENTRY = GraphEntry(
    "letter",
    "tests.letter_graph",
    "Letter",
    {
        "write_letter": "Write it",
        "ask_people": "Ask",
        "await_people": "Wait for people",
        "send_letter": "Send it",
    },
    {"letter": "await_people"},
)


class LetterInput(TypedDict):
    """What to write."""

    text: NotRequired[str]


class LetterState(LetterInput):
    """What travels from node to node."""

    run_id: str
    started_by: str
    request: RequestRef
    answered: list[Answer]
    notice: str
    outcome: str


def _store() -> Store:
    return open_store(settings.load().database_url)


def write_letter(state: LetterInput, runtime: Runtime[Any]) -> dict[str, Any]:
    """Open the run."""
    del state
    thread = runtime.execution_info.thread_id if runtime.execution_info else ""
    run = runs.start(
        _store(), graph="letter", thread_id=thread or "", started_by=answers.identify(runtime).user
    )
    return {"run_id": run.run_id, "started_by": run.started_by}


def ask_people(state: LetterState) -> dict[str, Any]:
    """Ask two people, not the one who started it; after an hour the senior role, too."""
    text = state.get("text", "Please pay.")
    letter = {"subject": "letter", "title": text, "risk": "CRITICAL", "quorum": 2, "description": text}
    draft = requests.Draft(
        "letter",
        "A letter to send",
        [letter],
        needs={"letter": 2},
        barred={"letter": {state["started_by"]: "started_it"}},
        expires_hours=1,
    )
    return {"request": requests.ask(_store(), state["run_id"], draft), "notice": ""}


def await_people(state: LetterState, runtime: Runtime[Any]) -> dict[str, Any]:
    """Wait for them."""
    request_id = state["request"]["request_id"]
    answer = interrupt(answers.question(request_id, state.get("notice") or ""))
    decision = answers.take(answer, request_id, runtime)
    return {"answered": decision.answers, "notice": decision.notice}


def send_letter(state: LetterState) -> dict[str, Any]:
    """Act on what they decided."""
    count = answers.settle(_store(), state["run_id"], state["request"], state["answered"])["letter"]
    if count.verdict:
        runs.close(_store(), state["run_id"], count.verdict)
    return {"outcome": count.verdict}


def after_sending(state: LetterState) -> Literal["await_people", "__end__"]:
    """Wait for the second person."""
    return "__end__" if state["outcome"] else "await_people"


def build(checkpointer: BaseCheckpointSaver[str] | None = None) -> Any:  # noqa: ANN401 - LangGraph's own generics
    """Build it."""
    letter = StateGraph(LetterState, context_schema=CallerContext, input_schema=LetterInput)
    steps = (write_letter, ask_people, await_people, send_letter)
    for node in steps:
        letter.add_node(node.__name__, record_node(node, ENTRY.name))
    for before, after in zip((START, *(node.__name__ for node in steps)), steps, strict=False):
        letter.add_edge(before, after.__name__)
    letter.add_conditional_edges("send_letter", after_sending)
    return checked(letter.compile(checkpointer=checkpointer, name=ENTRY.name))


graph = build()
