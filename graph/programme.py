"""A programme, as a graph: planned, started, repaired where that is allowed, asked about, gated, filed.

It waits at `wait_for_events` and, while people are asked about failed tasks, at `await_person`: the process
may end there. A worker's completion, a person's signature or the clock wakes it (graph.runtime.session.wake).
"""

from __future__ import annotations

from typing import Literal, NotRequired

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from typing_extensions import TypedDict

from graph.runtime.checked_input import checked
from graph.runtime.context import CallerContext
from graph.runtime.record_node import record_node
from nodes.await_request import await_request
from nodes.programme.apply_gate import apply_gate
from nodes.programme.apply_person import apply_person
from nodes.programme.apply_plan import apply_plan
from nodes.programme.ask_gate import ask_gate
from nodes.programme.ask_person import ask_person
from nodes.programme.ask_plan import ask_plan
from nodes.programme.await_person import await_person
from nodes.programme.close_programme import close_programme
from nodes.programme.dispatch import dispatch
from nodes.programme.gate import gate
from nodes.programme.open_programme import open_programme
from nodes.programme.plan import plan
from nodes.programme.recover import recover
from nodes.programme.report import report
from nodes.programme.take_events import take_events
from nodes.programme.wait_for_events import wait_for_events
from tools.core.refs import Answer, RequestRef
from tools.programme import asking


class ProgrammeInput(TypedDict):
    """What starts a programme."""

    programme: str
    """Its file."""


class ProgrammeState(ProgrammeInput):
    """What travels from node to node: everything else is in the store."""

    run_id: str
    """The programme: its run in the store."""
    started_by: str
    """Who started it, as authenticated."""
    plan_version: int
    """The version of the plan that was asked about."""
    request: RequestRef | None
    """What people are asked now."""
    answered: list[Answer]
    """Authenticated answers that came last."""
    notice: str
    """Why the last answer was not taken."""
    woken: int
    """How often it went on after waiting."""
    upcoming: str
    """What comes next."""
    outcome: NotRequired[str]
    """completed, stopped, or rejected."""
    report: str
    """Digest of the final report."""


class ProgrammeOutput(TypedDict):
    """What a programme gives back."""

    run_id: str
    """The programme: its run in the store."""
    outcome: str
    """completed, stopped, or rejected."""
    report: str
    """Digest of the final report."""


Programme = CompiledStateGraph[ProgrammeState, CallerContext, ProgrammeInput, ProgrammeOutput]
await_gate = await_request("await_gate", asking.unsound_at_gate)
await_plan = await_request("await_plan")
NODES = (
    open_programme,
    plan,
    ask_plan,
    await_plan,
    apply_plan,
    dispatch,
    wait_for_events,
    take_events,
    recover,
    ask_person,
    await_person,
    apply_person,
    gate,
    ask_gate,
    await_gate,
    apply_gate,
    close_programme,
    report,
)


def after_asking(state: ProgrammeState) -> Literal["await_plan", "apply_plan"]:
    """Wait for people, unless the programme approves its plan itself."""
    return "await_plan" if state["request"] else "apply_plan"


def after_plan(state: ProgrammeState) -> Literal["await_plan", "dispatch", "close_programme"]:
    """Start once the plan is approved."""
    if state["upcoming"] == "await_plan":
        return "await_plan"
    return "close_programme" if state["upcoming"] == "close" else "dispatch"


def after_dispatch(
    state: ProgrammeState,
) -> Literal["wait_for_events", "await_person", "recover", "gate"]:
    """Wait for what happens, and for people where they are asked; a phase may have ended already."""
    if state["upcoming"] == "recover":
        return "recover"
    if state["upcoming"] == "gate":
        return "gate"
    request = state.get("request")
    return "await_person" if request and request["kind"] == "task_failed" else "wait_for_events"


def after_events(state: ProgrammeState) -> Literal["dispatch", "recover", "gate"]:
    """Recover what failed, look at the gate of a phase that ended, start what may start."""
    if state["upcoming"] == "recover":
        return "recover"
    return "gate" if state["upcoming"] == "gate" else "dispatch"


def after_recovery(state: ProgrammeState) -> Literal["dispatch", "ask_person"]:
    """Ask a person where nothing else is left."""
    return "ask_person" if state["upcoming"] == "ask_person" else "dispatch"


def after_person(state: ProgrammeState) -> Literal["apply_person", "take_events"]:
    """Act on answers; without any, something else happened."""
    return "apply_person" if state["answered"] or state["notice"] else "take_events"


def after_decision(state: ProgrammeState) -> Literal["ask_person", "close_programme"]:
    """Ask about what failed meanwhile, unless the programme was stopped."""
    return "close_programme" if state["upcoming"] == "close" else "ask_person"


def after_gate(state: ProgrammeState) -> Literal["dispatch", "ask_gate", "close_programme"]:
    """Go on with the next phase, ask, or end."""
    if state["upcoming"] == "ask_gate":
        return "ask_gate"
    return "close_programme" if state["upcoming"] == "close" else "dispatch"


def after_gate_decision(state: ProgrammeState) -> Literal["await_gate", "dispatch", "close_programme"]:
    """Wait for enough people; then go on or end."""
    if state["upcoming"] == "await_gate":
        return "await_gate"
    return "close_programme" if state["upcoming"] == "close" else "dispatch"


def build(checkpointer: BaseCheckpointSaver[str] | None = None) -> Programme:
    """Build the programme's graph; without a checkpointer for LangGraph Server, which brings its own."""
    programme = StateGraph(
        ProgrammeState,
        context_schema=CallerContext,
        input_schema=ProgrammeInput,
        output_schema=ProgrammeOutput,
    )
    for node in NODES:
        programme.add_node(node.__name__, record_node(node, "programme"))
    programme.add_edge(START, "open_programme")
    programme.add_edge("open_programme", "plan")
    programme.add_edge("plan", "ask_plan")
    programme.add_conditional_edges("ask_plan", after_asking)
    programme.add_edge("await_plan", "apply_plan")
    programme.add_conditional_edges("apply_plan", after_plan)
    programme.add_conditional_edges("dispatch", after_dispatch)
    programme.add_edge("wait_for_events", "take_events")
    programme.add_conditional_edges("take_events", after_events)
    programme.add_conditional_edges("recover", after_recovery)
    programme.add_edge("ask_person", "dispatch")
    programme.add_conditional_edges("await_person", after_person)
    programme.add_conditional_edges("apply_person", after_decision)
    programme.add_conditional_edges("gate", after_gate)
    programme.add_edge("ask_gate", "await_gate")
    programme.add_edge("await_gate", "apply_gate")
    programme.add_conditional_edges("apply_gate", after_gate_decision)
    programme.add_edge("close_programme", "report")
    programme.add_edge("report", END)
    return checked(programme.compile(checkpointer=checkpointer, name="programme"))


graph = build()
