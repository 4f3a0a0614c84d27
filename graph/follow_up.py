"""A day of follow-up, as a graph: answers and money come in, what is due is drafted, asked about and sent.

open_day -+- read_replies -+
          +- match_money --+- track (deferred) - due_letters -+- ask_letters - await - apply -+- send_due
          `- check_stuck --+                                  `- send_due  nothing drafted    `- close_day
"""

from __future__ import annotations

from typing import Literal

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from graph.follow_up_state import FollowUpInput, FollowUpOutput, FollowUpState
from graph.runtime.checked_input import checked
from graph.runtime.context import CallerContext
from graph.runtime.record_node import record_node
from nodes.await_request import await_request
from nodes.follow_up.check_stuck import check_stuck
from nodes.follow_up.close_day import close_day
from nodes.follow_up.due_letters import due_letters
from nodes.follow_up.match_money import match_money
from nodes.follow_up.open_day import open_day
from nodes.follow_up.read_replies import read_replies
from nodes.follow_up.send_due import send_due
from nodes.follow_up.track import track
from nodes.letters.apply_letters import apply_letters
from nodes.letters.ask_letters import ask_letters
from tools.recovery import ask_letters as letters_asked

FollowUp = CompiledStateGraph[FollowUpState, CallerContext, FollowUpInput, FollowUpOutput]
TOGETHER = (read_replies, match_money, check_stuck)
await_letters = await_request("await_letters", letters_asked.unsound)
NODES = (open_day, *TOGETHER, due_letters, ask_letters, await_letters, apply_letters, send_due, close_day)


def after_drafting(state: FollowUpState) -> Literal["ask_letters", "send_due"]:
    """Ask where letters are drafted."""
    return "ask_letters" if state["drafted"] else "send_due"


def after_asking(state: FollowUpState) -> Literal["await_letters", "apply_letters"]:
    """Wait for people, where they are asked."""
    return "await_letters" if state["request"] else "apply_letters"


def after_letters(state: FollowUpState) -> Literal["await_letters", "send_due"]:
    """Wait while letters do."""
    return "await_letters" if state["waiting"] else "send_due"


def build(checkpointer: BaseCheckpointSaver[str] | None = None) -> FollowUp:
    """Build the graph of a day; without a checkpointer for LangGraph Server, which brings its own."""
    follow_up = StateGraph(
        FollowUpState, context_schema=CallerContext, input_schema=FollowUpInput, output_schema=FollowUpOutput
    )
    for node in NODES:
        follow_up.add_node(node.__name__, record_node(node, "follow_up"))
    follow_up.add_node("track", record_node(track, "follow_up"), defer=True)
    follow_up.add_edge(START, "open_day")
    for node in TOGETHER:
        follow_up.add_edge("open_day", node.__name__)
        follow_up.add_edge(node.__name__, "track")
    follow_up.add_edge("track", "due_letters")
    follow_up.add_conditional_edges("due_letters", after_drafting)
    follow_up.add_conditional_edges("ask_letters", after_asking)
    follow_up.add_edge("await_letters", "apply_letters")
    follow_up.add_conditional_edges("apply_letters", after_letters)
    follow_up.add_edge("send_due", "close_day")
    follow_up.add_edge("close_day", END)
    return checked(follow_up.compile(checkpointer=checkpointer, name="follow_up"))


graph = build()
