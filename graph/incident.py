"""Why something happened, as a graph: observers at once, hypotheses, attempts to disprove each, a ranking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Send

from graph.incident_state import IncidentInput, IncidentOutput, IncidentState
from graph.runtime.checked_input import checked
from graph.runtime.context import CallerContext
from graph.runtime.record_node import DONE, Node, Traced, record_node
from nodes.incident.ask_model import ask_model
from nodes.incident.check_claims import check_claims
from nodes.incident.close_incident import close_incident
from nodes.incident.consolidate import consolidate
from nodes.incident.disprove import disprove
from nodes.incident.hypothesise import hypothesise
from nodes.incident.observe import observe
from nodes.incident.open_incident import open_incident
from nodes.incident.rank import rank
from tools.incidents import wording

Investigation = CompiledStateGraph[IncidentState, CallerContext, IncidentInput, IncidentOutput]

NODES: tuple[Node, ...] = (
    open_incident,
    observe,
    consolidate,
    hypothesise,
    disprove,
    rank,
    ask_model,
    check_claims,
    close_incident,
)
DEFERRED: tuple[Node, ...] = (consolidate, rank)


def to_observers(state: IncidentState) -> list[Send]:
    """Fan out: every observer at once."""
    common = {key: state[key] for key in ("run_id", "incident_id", "observers", "limit")}
    return [Send("observe", {**common, "observer": name}) for name in state["observers"]]


def to_disproof(state: IncidentState) -> list[Send]:
    """Fan out: every hypothesis at once; there is always one."""
    common = {key: state[key] for key in ("run_id", "incident_id", "observed")}
    return [Send("disprove", {**common, "hypothesis": name}) for name in state["hypotheses"]]


def after_ranking(state: IncidentState) -> Literal["ask_model", "close_incident"]:
    """Let a model word what was ranked, where one is set and something may be spent."""
    return "ask_model" if wording.is_wanted(state["limit"]) else "close_incident"


def observer_outcome(update: Mapping[str, Any]) -> str:
    """Say whether an observer failed: it never raises."""
    statuses = {part["status"] for part in (update.get("observed") or {}).values()}
    return "failed" if "failed" in statuses else DONE


def span_attributes(state: Mapping[str, Any], update: Mapping[str, Any]) -> dict[str, str | int]:
    """Give what a span of an investigation carries: the incident, the observer, how much was seen."""
    parts = {**state.get("observed", {}), **update.get("observed", {})}
    incident = update.get("incident_id") or state.get("incident_id") or state.get("incident", "")
    observer = {"observer": str(state["observer"])} if "observer" in state else {}
    count = sum(int(part["count"]) for part in parts.values())
    return {"incident.id": str(incident), "observation_count": count, **observer}


TRACED = Traced("investigation", span_attributes)


def build(checkpointer: BaseCheckpointSaver[str] | None = None) -> Investigation:
    """Build the graph; without a checkpointer for LangGraph Server, which brings its own."""
    incident = StateGraph(
        IncidentState, context_schema=CallerContext, input_schema=IncidentInput, output_schema=IncidentOutput
    )
    for node in NODES:
        recorded = record_node(node, "incident", observer_outcome, TRACED)
        incident.add_node(node.__name__, recorded, defer=node in DEFERRED)
    incident.add_edge(START, "open_incident")
    incident.add_conditional_edges("open_incident", to_observers, ["observe"])
    incident.add_edge("observe", "consolidate")
    incident.add_edge("consolidate", "hypothesise")
    incident.add_conditional_edges("hypothesise", to_disproof, ["disprove"])
    incident.add_edge("disprove", "rank")
    incident.add_conditional_edges("rank", after_ranking)
    incident.add_edge("ask_model", "check_claims")
    incident.add_edge("check_claims", "close_incident")
    incident.add_edge("close_incident", END)
    return checked(incident.compile(checkpointer=checkpointer, name="incident"))


graph = build()
