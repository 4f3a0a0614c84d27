"""Recovery, as a graph: what is owed becomes claims, claims that people approve become letters.

open_recovery - scout -+- analyse - ask_claims - await_claims - apply_claims -+- find_contacts (one a party)
                       `- close_recovery  nothing owed                        `- close_recovery  none approved
merge_contacts (deferred) - write_letters - ask_letters - await_letters - apply_letters - summarise - close
"""

from __future__ import annotations

from typing import Literal

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Send

from graph.recovery_state import RecoveryInput, RecoveryOutput, RecoveryState
from graph.runtime.checked_input import checked
from graph.runtime.context import CallerContext
from graph.runtime.record_node import record_node
from nodes.await_request import await_request
from nodes.letters.apply_letters import apply_letters
from nodes.letters.ask_letters import ask_letters
from nodes.recovery.analyse import analyse
from nodes.recovery.apply_claims import apply_claims
from nodes.recovery.ask_claims import ask_claims
from nodes.recovery.close_recovery import close_recovery
from nodes.recovery.find_contacts import find_contacts
from nodes.recovery.merge_contacts import merge_contacts
from nodes.recovery.open_recovery import open_recovery
from nodes.recovery.scout import scout
from nodes.recovery.summarise import summarise
from nodes.recovery.write_letters import write_letters
from tools.recovery import ask_letters as letters_asked

Recovery = CompiledStateGraph[RecoveryState, CallerContext, RecoveryInput, RecoveryOutput]
await_claims = await_request("await_claims")
await_letters = await_request("await_letters", letters_asked.unsound)
NODES = (
    open_recovery,
    scout,
    analyse,
    ask_claims,
    await_claims,
    apply_claims,
    find_contacts,
    write_letters,
    ask_letters,
    await_letters,
    apply_letters,
    summarise,
    close_recovery,
)


def after_scouting(state: RecoveryState) -> Literal["analyse", "close_recovery"]:
    """Go on where anything is owed."""
    scouted = state["scouted"]
    return "analyse" if scouted["fresh"] + scouted["known"] else "close_recovery"


def after_asking_claims(state: RecoveryState) -> Literal["await_claims", "apply_claims"]:
    """Wait for people, where they are asked."""
    return "await_claims" if state["request"] else "apply_claims"


def after_claims(state: RecoveryState) -> list[Send] | Literal["await_claims", "close_recovery"]:
    """Wait while claims do; then look for each party's contacts side by side."""
    if state["waiting"]:
        return "await_claims"
    values = [{"run_id": state["run_id"], "party_id": party_id} for party_id in state["parties"]]
    return [Send("find_contacts", value) for value in values] or "close_recovery"


def after_writing(state: RecoveryState) -> Literal["ask_letters", "summarise"]:
    """Ask where letters are drafted."""
    return "ask_letters" if state["drafted"] else "summarise"


def after_asking_letters(state: RecoveryState) -> Literal["await_letters", "apply_letters"]:
    """Wait for people, where they are asked."""
    return "await_letters" if state["request"] else "apply_letters"


def after_letters(state: RecoveryState) -> Literal["await_letters", "summarise"]:
    """Wait while letters do."""
    return "await_letters" if state["waiting"] else "summarise"


def build(checkpointer: BaseCheckpointSaver[str] | None = None) -> Recovery:
    """Build recovery's graph; without a checkpointer for LangGraph Server, which brings its own."""
    recovery = StateGraph(
        RecoveryState, context_schema=CallerContext, input_schema=RecoveryInput, output_schema=RecoveryOutput
    )
    for node in NODES:
        recovery.add_node(node.__name__, record_node(node, "recovery"))
    recovery.add_node("merge_contacts", record_node(merge_contacts, "recovery"), defer=True)
    recovery.add_edge(START, "open_recovery")
    recovery.add_edge("open_recovery", "scout")
    recovery.add_conditional_edges("scout", after_scouting)
    recovery.add_edge("analyse", "ask_claims")
    recovery.add_conditional_edges("ask_claims", after_asking_claims)
    recovery.add_edge("await_claims", "apply_claims")
    recovery.add_conditional_edges(
        "apply_claims", after_claims, ["find_contacts", "await_claims", "close_recovery"]
    )
    recovery.add_edge("find_contacts", "merge_contacts")
    recovery.add_edge("merge_contacts", "write_letters")
    recovery.add_conditional_edges("write_letters", after_writing)
    recovery.add_conditional_edges("ask_letters", after_asking_letters)
    recovery.add_edge("await_letters", "apply_letters")
    recovery.add_conditional_edges("apply_letters", after_letters)
    recovery.add_edge("summarise", "close_recovery")
    recovery.add_edge("close_recovery", END)
    return checked(recovery.compile(checkpointer=checkpointer, name="recovery"))


graph = build()
