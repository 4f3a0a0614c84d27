"""Feedback, as a graph: weekly or on demand, it learns from reviews, and asks before it changes anything."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from typing_extensions import TypedDict

from graph.runtime.context import AuditContext
from graph.runtime.record_node import record_node
from graph.runtime.reducers import by_key
from nodes.feedback.apply_changes import apply_changes
from nodes.feedback.ask_changes import ask_changes
from nodes.feedback.await_changes import await_changes
from nodes.feedback.propose_changes import propose_changes
from nodes.feedback.read_reviews import read_reviews
from tools.feedback import rounds
from tools.feedback.asking import Outcome, Word


class FeedbackInput(TypedDict):
    """What starts a round; nothing of it is needed."""

    until: NotRequired[str]
    """Reviews before this day or time (ISO) are read; now where it is absent."""
    days: NotRequired[int]
    """So many days before it; as the rules have it where absent."""


class FeedbackState(FeedbackInput):
    """What travels from node to node."""

    round_id: str
    """The round in the store."""
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
    words: Annotated[dict[str, Word], by_key]
    """Authenticated words by proposal."""
    notice: str
    """Why the last answer was not taken."""
    changed: Outcome
    """What was applied and rejected, and what could not be."""


class FeedbackOutput(TypedDict):
    """What a round gives back."""

    round_id: str
    """The round in the store."""
    reviewed: int
    """How many reviewed flags it read."""
    proposals: dict[str, list[str]]
    """Ids of the proposals: open, refused."""
    changed: Outcome
    """What was applied and rejected."""


Feedback = CompiledStateGraph[FeedbackState, AuditContext, FeedbackInput, FeedbackOutput]
NODES = (read_reviews, propose_changes, ask_changes, await_changes, apply_changes)


def after_proposing(state: FeedbackState) -> Literal["ask_changes", "__end__"]:
    """Ask only where something is open."""
    return "ask_changes" if state["proposals"]["open"] else "__end__"


def after_asking(state: FeedbackState) -> Literal["await_changes", "apply_changes"]:
    """Wait for a person, unless the settings have said yes."""
    decided = set(state["proposals"]["open"]) & set(state["words"])
    return "apply_changes" if decided else "await_changes"


def after_applying(state: FeedbackState) -> Literal["await_changes", "__end__"]:
    """Go on waiting while something is open that did not just fail."""
    left = {str(one["subject"]) for one in rounds.subjects(state["round_id"])}
    return "await_changes" if left - set(state["changed"]["failed"]) else "__end__"


def build(checkpointer: BaseCheckpointSaver[str] | None = None) -> Feedback:
    """Build the feedback graph; without a checkpointer for LangGraph Server, which brings its own."""
    feedback = StateGraph(
        FeedbackState, context_schema=AuditContext, input_schema=FeedbackInput, output_schema=FeedbackOutput
    )
    for node in NODES:
        feedback.add_node(node.__name__, record_node(node, "feedback"))
    feedback.add_edge(START, "read_reviews")
    feedback.add_edge("read_reviews", "propose_changes")
    feedback.add_conditional_edges("propose_changes", after_proposing)
    feedback.add_conditional_edges("ask_changes", after_asking)
    feedback.add_edge("await_changes", "apply_changes")
    feedback.add_conditional_edges("apply_changes", after_applying)
    return feedback.compile(checkpointer=checkpointer, name="feedback")


graph = build()
