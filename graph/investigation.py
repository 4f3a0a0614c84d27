"""Looking into the gravest cases: the desk reads them, then a model, where one is set, looks further."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Send
from typing_extensions import TypedDict

from graph.runtime.record_node import record_node
from graph.runtime.reducers import by_key
from nodes.investigation.ask_model import ask_model
from nodes.investigation.conclude_observation import conclude_observation
from nodes.investigation.merge_hypotheses import merge_hypotheses
from nodes.investigation.open_case import open_case
from nodes.investigation.read_cases import read_cases
from nodes.investigation.use_tools import use_tools
from tools.core.refs import Ref
from tools.investigation import conversation, observers

SIDE_BY_SIDE = 16  # observers at once


class CaseState(TypedDict):
    """What an observer is sent."""

    run_id: str
    """The run in the store, and its folder's name."""
    flags: Ref
    """The judged flags."""
    reading: str
    """Under which name lies what the desk saw of the cases."""
    case_id: str
    """The case that it looks at."""
    observer: str
    """Which side of it: books, documents or history."""


class Observing(CaseState):
    """One observer's conversation. Bounded; what was said is masked."""

    name: str
    """Under which its part is published."""
    messages: list[dict[str, Any]]
    """The conversation, as it is sent."""
    facts: dict[str, dict[str, str]]
    """What it was told and found, by id."""
    tokens: dict[str, str]
    """What each token in the conversation stands for."""
    report: dict[str, Any]
    """What it reports; empty before it does."""
    ended: str
    """Why its part ended without a report."""
    steps: int
    """Turns taken."""
    invalid: int
    """Turns that could not be used."""
    seconds: float
    """Time that its turns and lookups took, over resumes too."""
    observations: Annotated[dict[str, dict[str, Any]], by_key]
    """Where its part lies."""


class Observed(TypedDict):
    """What an observer gives back."""

    observations: Annotated[dict[str, dict[str, Any]], by_key]
    """Where its part lies, under case and observer."""


class Investigated(TypedDict):
    """What the audit gets back."""

    investigated: dict[str, Any]
    """Counts, and where each case's ranked readings lie."""


class Investigating(Investigated, Observed):
    """What the investigation reads and writes of the audit's state."""

    run_id: str
    """The run in the store."""
    flags: Ref
    """The judged flags."""
    judged: dict[str, Any]
    """Which cases are to be looked into."""
    reading: dict[str, Any]
    """Where what the desk saw of the cases lies, and whether a model looks further."""


def to_observers(state: Investigating) -> list[Send] | Literal["merge_hypotheses"]:
    """Fan out where a model is set: every observer at every case at once."""
    if not state["reading"]["with_model"]:
        return "merge_hypotheses"
    return [
        Send(
            f"observe_{observer.name}",
            {
                "run_id": state["run_id"],
                "flags": state["flags"],
                "reading": state["reading"]["name"],
                "case_id": case_id,
                "observer": observer.name,
            },
        )
        for case_id in state["reading"]["cases"]
        for observer in observers.OBSERVERS
    ]


def after_opening(state: Observing) -> Literal["ask_model", "conclude_observation"]:
    """Go on with a conversation, unless it was concluded before."""
    return "conclude_observation" if state["ended"] else "ask_model"


def after_turn(state: Observing) -> Literal["use_tools", "ask_model", "conclude_observation"]:
    """Conclude with a report, or where there will be none; look up what was asked; else ask again."""
    if state["report"] or state["ended"]:
        return "conclude_observation"
    return "use_tools" if conversation.pending(state["messages"]) else "ask_model"


def build_observer() -> CompiledStateGraph[Observing, Any, CaseState, Observed]:
    """Build one observer: it asks, the desk answers, until it reports or is stopped."""
    observer = StateGraph(Observing, input_schema=CaseState, output_schema=Observed)
    for node in (open_case, ask_model, use_tools, conclude_observation):
        observer.add_node(node.__name__, record_node(node, "investigation"))
    observer.add_edge(START, "open_case")
    observer.add_conditional_edges("open_case", after_opening)
    observer.add_conditional_edges("ask_model", after_turn)
    observer.add_conditional_edges("use_tools", after_opening)
    observer.add_edge("conclude_observation", END)
    return observer.compile(name="observer")


def build_investigation() -> CompiledStateGraph[Investigating, Any, Investigating, Investigated]:
    """Build the investigation: read cases, let models look further side by side, rank hypotheses."""
    investigation = StateGraph(Investigating, output_schema=Investigated)
    investigation.add_node("read_cases", record_node(read_cases, "investigation"))
    investigation.add_edge(START, "read_cases")
    names = [f"observe_{observer.name}" for observer in observers.OBSERVERS]
    for name in names:
        investigation.add_node(name, build_observer())
        investigation.add_edge(name, "merge_hypotheses")
    investigation.add_node("merge_hypotheses", record_node(merge_hypotheses, "investigation"), defer=True)
    investigation.add_conditional_edges("read_cases", to_observers, [*names, "merge_hypotheses"])
    investigation.add_edge("merge_hypotheses", END)
    compiled = investigation.compile(name="investigation")
    # They wait for a model most of the time: the usual pool, of as many threads as cores, is too small.
    return compiled.with_config(max_concurrency=SIDE_BY_SIDE)
