"""Feedback, as a graph: weekly or on demand, it learns from reviews, and asks before it changes anything."""

from __future__ import annotations

from typing import Literal, NotRequired

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from typing_extensions import TypedDict

from graph.runtime.checked_input import checked
from graph.runtime.context import CallerContext
from graph.runtime.record_node import record_node
from nodes.feedback.apply_changes import apply_changes
from nodes.feedback.ask_changes import ask_changes
from nodes.feedback.await_changes import await_changes
from nodes.feedback.close_round import close_round
from nodes.feedback.propose_changes import propose_changes
from nodes.feedback.read_reviews import read_reviews
from tools.core.refs import Answer, RequestRef
from tools.feedback.asking import Outcome


class FeedbackInput(TypedDict):
    """What starts a round; nothing of it is needed."""

    until: NotRequired[str]
    """Reviews before this day or time (ISO) are read; now where it is absent."""
    days: NotRequired[int]
    """So many days before it; as the rules have it where absent."""


class FeedbackState(FeedbackInput):
    """What travels from node to node."""

    run_id: str
    """The round: its run in the store."""
    round_id: str
    """The same, of a round that waited before runs had one id."""
    thread_id: str
    """The thread on which it is decided."""
    started_by: str
    """Who started it, as authenticated."""
    read_since: str
    """From when reviews were read."""
    read_until: str
    """Until when."""
    reviewed: int
    """How many flags they are about."""
    proposals: dict[str, list[str]]
    """Ids of the proposals: open, refused."""
    request: RequestRef | None
    """What people are asked; none where the settings approve by themselves."""
    answered: list[Answer]
    """Authenticated answers that came last."""
    notice: str
    """Why the last answer was not taken."""
    changed: Outcome
    """What was applied and rejected, and what could not be."""
    waiting: int
    """How many proposals still wait."""
    outcome: str
    """decided, or nothing to change."""


class FeedbackOutput(TypedDict):
    """What a round gives back."""

    run_id: str
    """The round: its run in the store."""
    reviewed: int
    """How many reviewed flags it read."""
    proposals: dict[str, list[str]]
    """Ids of the proposals: open, refused."""
    changed: Outcome
    """What was applied and rejected."""
    outcome: str
    """decided, or nothing to change."""


Feedback = CompiledStateGraph[FeedbackState, CallerContext, FeedbackInput, FeedbackOutput]
NODES = (read_reviews, propose_changes, ask_changes, await_changes, apply_changes, close_round)


def after_proposing(state: FeedbackState) -> Literal["ask_changes", "close_round"]:
    """Ask only where something is open."""
    return "ask_changes" if state["proposals"]["open"] else "close_round"


def after_asking(state: FeedbackState) -> Literal["await_changes", "apply_changes"]:
    """Wait for people, unless the settings have approved."""
    return "await_changes" if state["request"] else "apply_changes"


def after_applying(state: FeedbackState) -> Literal["await_changes", "close_round"]:
    """Go on waiting while something is open."""
    return "await_changes" if state["waiting"] else "close_round"


def build(checkpointer: BaseCheckpointSaver[str] | None = None) -> Feedback:
    """Build the feedback graph; without a checkpointer for LangGraph Server, which brings its own."""
    feedback = StateGraph(
        FeedbackState, context_schema=CallerContext, input_schema=FeedbackInput, output_schema=FeedbackOutput
    )
    for node in NODES:
        feedback.add_node(node.__name__, record_node(node, "feedback"))
    feedback.add_edge(START, "read_reviews")
    feedback.add_edge("read_reviews", "propose_changes")
    feedback.add_conditional_edges("propose_changes", after_proposing)
    feedback.add_conditional_edges("ask_changes", after_asking)
    feedback.add_edge("await_changes", "apply_changes")
    feedback.add_conditional_edges("apply_changes", after_applying)
    feedback.add_edge("close_round", END)
    return checked(feedback.compile(checkpointer=checkpointer, name="feedback"))


graph = build()
