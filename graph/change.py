"""A change of the rules, as a graph: tested, replayed, mutated, gated, approved by two, live, reversible."""

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
from nodes.change.apply_activation import apply_activation
from nodes.change.ask_activation import ask_activation
from nodes.change.close_change import close_change
from nodes.change.generate_tests import generate_tests
from nodes.change.judge_gates import judge_gates
from nodes.change.mutate_change import mutate_change
from nodes.change.open_change import open_change
from nodes.change.refine_draft import refine_draft
from nodes.change.replay_change import replay_change
from nodes.change.run_tests import run_tests
from tools.core.refs import Answer, RequestRef

MOST_ROUNDS = 3


class ChangeInput(TypedDict):
    """Which change: one of the two."""

    change: NotRequired[str]
    """The id of a change that was drafted, or that feedback proposed."""
    wanted: NotRequired[dict[str, str]]
    """What is to be drafted: kind, vendor, test, most, until, "parameter:NAME"."""


class ChangeState(ChangeInput):
    """What travels from node to node."""

    run_id: str
    """The change's run in the store."""
    thread_id: str
    """The thread on which it is decided."""
    started_by: str
    """Who had it tested, as authenticated."""
    number: int
    """The round: a draft is narrowed and tried again, three times at most."""
    narrowed: dict[str, Any]
    """The narrower draft of this round; {} where it is the first."""
    suite_id: str
    """The suite of tests of this round."""
    planned: int
    """How many tests it has."""
    tested: dict[str, int]
    """How many tests ended how."""
    replayed: dict[str, int]
    """Flags of past runs that it hides, of these confirmed, and that it raises."""
    mutated: dict[str, int]
    """Mutants tried and killed."""
    passed: bool
    """Whether it passes every gate."""
    gates: list[dict[str, Any]]
    """What each gate saw."""
    request: RequestRef
    """The checkpoint that people are asked about."""
    answered: list[Answer]
    """Authenticated answers that came last."""
    verdict: str
    """What people decided; "" while they have not."""
    notice: str
    """Why the last answer was not taken."""
    outcome: str
    """How it ended: live, not live, turned down, stopped at its gates."""


class ChangeOutput(TypedDict):
    """What a change gives back."""

    run_id: str
    """The change's run in the store."""
    change: str
    """The change."""
    gates: list[dict[str, Any]]
    """What each gate saw."""
    outcome: str
    """How it ended."""


Change = CompiledStateGraph[ChangeState, CallerContext, ChangeInput, ChangeOutput]
await_activation = await_request("await_activation")
NODES = (
    open_change, generate_tests, run_tests, replay_change, mutate_change, judge_gates, refine_draft,
    ask_activation, await_activation, apply_activation, close_change,
)  # fmt: skip


def after_gates(state: ChangeState) -> Literal["ask_activation", "refine_draft", "close_change"]:
    """Ask people about what passes; narrow what does not, while rounds are left."""
    if state["passed"]:
        return "ask_activation"
    return "refine_draft" if state["number"] < MOST_ROUNDS else "close_change"


def after_refining(state: ChangeState) -> Literal["generate_tests", "close_change"]:
    """Try again what could be narrowed."""
    return "generate_tests" if state["narrowed"] else "close_change"


def after_answers(state: ChangeState) -> Literal["await_activation", "close_change"]:
    """Wait for who is missing."""
    return "close_change" if state["verdict"] else "await_activation"


def build(checkpointer: BaseCheckpointSaver[str] | None = None) -> Change:
    """Build the change graph; without a checkpointer for LangGraph Server, which brings its own."""
    change = StateGraph(
        ChangeState, context_schema=CallerContext, input_schema=ChangeInput, output_schema=ChangeOutput
    )
    for node in NODES:
        change.add_node(node.__name__, record_node(node, "change"))
    change.add_edge(START, "open_change")
    change.add_edge("open_change", "generate_tests")
    change.add_edge("generate_tests", "run_tests")
    change.add_edge("run_tests", "replay_change")
    change.add_edge("replay_change", "mutate_change")
    change.add_edge("mutate_change", "judge_gates")
    change.add_conditional_edges("judge_gates", after_gates)
    change.add_conditional_edges("refine_draft", after_refining)
    change.add_edge("ask_activation", "await_activation")
    change.add_edge("await_activation", "apply_activation")
    change.add_conditional_edges("apply_activation", after_answers)
    change.add_edge("close_change", END)
    return checked(change.compile(checkpointer=checkpointer, name="change"))


graph = build()
