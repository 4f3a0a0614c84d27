"""The front desk, as a graph: plain words in; a figure, a start that was asked about, or a refusal out."""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from typing_extensions import TypedDict

from graph.runtime.checked_input import checked
from graph.runtime.context import CallerContext
from graph.runtime.record_node import record_node
from nodes.await_request import await_request
from nodes.front_desk.answer import answer
from nodes.front_desk.apply_checkpoint import apply_checkpoint
from nodes.front_desk.ask_checkpoint import ask_checkpoint
from nodes.front_desk.assess_risk import assess_risk
from nodes.front_desk.await_step import await_step
from nodes.front_desk.choose_agents import choose_agents
from nodes.front_desk.choose_pattern import choose_pattern
from nodes.front_desk.clarify import clarify
from nodes.front_desk.close_request import close_request
from nodes.front_desk.execute import execute
from nodes.front_desk.open_request import open_request
from nodes.front_desk.recover import recover
from nodes.front_desk.store_context import store_context
from nodes.front_desk.understand import understand
from nodes.front_desk.validate import validate
from tools.core.refs import Answer, RequestRef
from tools.front_desk.planning import READS


class FrontDeskInput(TypedDict):
    """What a person says."""

    text: str
    """A question, or what is to be done, in English or German."""
    pattern: NotRequired[str]
    """How it is to be carried out; chosen by what is asked where absent."""
    agents: NotRequired[list[str]]
    """Who is to carry it out; chosen by capability where absent."""


class FrontDeskState(FrontDeskInput):
    """What travels from node to node."""

    run_id: str
    """The request: its run in the store."""
    thread_id: str
    """The thread on which it is answered."""
    started_by: str
    """Who asks, as authenticated."""
    understanding: dict[str, Any]
    """How it was understood."""
    plan: dict[str, Any]
    """Pattern, steps and risk."""
    request: RequestRef
    """The checkpoint that people are asked about."""
    answered: list[Answer]
    """Authenticated answers that came last."""
    verdict: str
    """What people decided; "" while they have not."""
    started: list[dict[str, Any]]
    """Tasks that were put down for the workers."""
    attempts: int
    """How often it was tried to start them."""
    notice: str
    """Why the last answer was not taken."""
    result: dict[str, Any]
    """What came of it."""
    outcome: str
    """How the request ended."""


class FrontDeskOutput(TypedDict):
    """What a request gives back."""

    run_id: str
    """The request: its run in the store."""
    understanding: dict[str, Any]
    """How it was understood."""
    result: dict[str, Any]
    """The answer, what was started, or why not and what could be asked instead."""
    outcome: str
    """How the request ended."""


FrontDesk = CompiledStateGraph[FrontDeskState, CallerContext, FrontDeskInput, FrontDeskOutput]
await_checkpoint = await_request("await_checkpoint")
NODES = (
    open_request, understand, clarify, answer, choose_pattern, choose_agents, assess_risk, ask_checkpoint,
    await_checkpoint, apply_checkpoint, execute, recover, validate, store_context, await_step,
    close_request,
)  # fmt: skip


def after_understanding(
    state: FrontDeskState,
) -> Literal["clarify", "answer", "choose_pattern", "close_request"]:
    """Ask which reading is meant, answer what only reads, plan what acts; close what was not understood."""
    if state["understanding"]["status"] == "choose":
        return "clarify"
    if state["understanding"]["status"] != "understood":
        return "close_request"
    reads = state["understanding"]["intent"] in READS and state.get("pattern") != "human_first"
    return "answer" if reads else "choose_pattern"


def after_risk(state: FrontDeskState) -> Literal["ask_checkpoint", "execute", "close_request"]:
    """Ask people about all that is above LOW; about anything where a person comes first."""
    if state["result"]:
        return "close_request"
    asks = state["plan"]["risk"] != "LOW" or state["plan"]["pattern"] == "human_first"
    return "ask_checkpoint" if asks else "execute"


def after_checkpoint(
    state: FrontDeskState,
) -> Literal["await_checkpoint", "answer", "execute", "close_request"]:
    """Wait for who is missing; only an approval goes on."""
    if not state["verdict"]:
        return "await_checkpoint"
    if state["verdict"] != "approve":
        return "close_request"
    return "answer" if state["understanding"]["intent"] in READS else "execute"


def after_executing(state: FrontDeskState) -> Literal["validate", "recover"]:
    """Recover from what has failed."""
    return "recover" if state["result"]["kind"] == "failed" else "validate"


def after_recovering(state: FrontDeskState) -> Literal["validate", "ask_checkpoint", "close_request"]:
    """Ask a person once where nothing has helped; then it ends."""
    if state["result"]["kind"] != "failed":
        return "validate"
    return "ask_checkpoint" if state["attempts"] <= 1 else "close_request"


def after_storing(state: FrontDeskState) -> Literal["await_step", "close_request"]:
    """Wait for the step before where another is to follow."""
    return "await_step" if state["result"].get("waiting") else "close_request"


def build(checkpointer: BaseCheckpointSaver[str] | None = None) -> FrontDesk:
    """Build the front desk; without a checkpointer for LangGraph Server, which brings its own."""
    desk = StateGraph(
        FrontDeskState,
        context_schema=CallerContext,
        input_schema=FrontDeskInput,
        output_schema=FrontDeskOutput,
    )
    for node in NODES:
        desk.add_node(node.__name__, record_node(node, "front_desk"))
    desk.add_edge(START, "open_request")
    desk.add_edge("open_request", "understand")
    desk.add_conditional_edges("understand", after_understanding)
    desk.add_conditional_edges("clarify", after_understanding)
    desk.add_edge("answer", "close_request")
    desk.add_edge("choose_pattern", "choose_agents")
    desk.add_edge("choose_agents", "assess_risk")
    desk.add_conditional_edges("assess_risk", after_risk)
    desk.add_edge("ask_checkpoint", "await_checkpoint")
    desk.add_edge("await_checkpoint", "apply_checkpoint")
    desk.add_conditional_edges("apply_checkpoint", after_checkpoint)
    desk.add_conditional_edges("execute", after_executing)
    desk.add_conditional_edges("recover", after_recovering)
    desk.add_edge("validate", "store_context")
    desk.add_conditional_edges("store_context", after_storing)
    desk.add_edge("await_step", "execute")
    desk.add_edge("close_request", END)
    return checked(desk.compile(checkpointer=checkpointer, name="front_desk"))


graph = build()
