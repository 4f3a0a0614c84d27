"""The audit, as a graph. It reads like the picture in docs/graph.md, which is drawn from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from graph import audit_routes
from graph.audit_state import AuditInput, AuditOutput, AuditState
from graph.investigation import build_investigation
from graph.runtime.checked_input import checked
from graph.runtime.context import CallerContext
from graph.runtime.record_node import DONE, Node, record_node
from nodes.audit.apply_decisions import apply_decisions
from nodes.audit.apply_gate import apply_gate
from nodes.audit.ask_approval import ask_approval
from nodes.audit.ask_gate import ask_gate
from nodes.audit.await_approval import await_approval
from nodes.audit.await_gate import await_gate
from nodes.audit.check_data_quality import check_data_quality
from nodes.audit.close_run import close_run
from nodes.audit.detect_anomalies import detect_anomalies
from nodes.audit.enrich import enrich
from nodes.audit.escalate import escalate
from nodes.audit.merge_findings import merge_findings
from nodes.audit.open_run import open_run
from nodes.audit.propose_flags import propose_flags
from nodes.audit.reconcile import reconcile

Audit = CompiledStateGraph[AuditState, CallerContext, AuditInput, AuditOutput]

NODES: tuple[Node, ...] = (
    open_run,
    check_data_quality,
    reconcile,
    detect_anomalies,
    merge_findings,
    ask_gate,
    await_gate,
    apply_gate,
    enrich,
    escalate,
    propose_flags,
    ask_approval,
    await_approval,
    apply_decisions,
    close_run,
)


def check_outcome(update: Mapping[str, Any]) -> str:
    """Say how a check ended: it never raises, and its result says whether it failed or is degraded."""
    statuses = {result["status"] for result in (update.get("checks") or {}).values()}
    return next((status for status in ("failed", "degraded") if status in statuses), DONE)


def build(checkpointer: BaseCheckpointSaver[str] | None = None) -> Audit:
    """Build the audit graph; without a checkpointer for LangGraph Server, which brings its own."""
    audit = StateGraph(
        AuditState, context_schema=CallerContext, input_schema=AuditInput, output_schema=AuditOutput
    )
    for node in NODES:
        audit.add_node(node.__name__, record_node(node, "audit", check_outcome), defer=node is merge_findings)
    audit.add_node("investigate", build_investigation())

    audit.add_edge(START, "open_run")
    audit.add_conditional_edges("open_run", audit_routes.to_checks, list(audit_routes.CHECKS))
    for check in audit_routes.CHECKS:
        audit.add_edge(check, "merge_findings")
    audit.add_conditional_edges("merge_findings", audit_routes.after_merge)
    audit.add_edge("ask_gate", "await_gate")
    audit.add_edge("await_gate", "apply_gate")
    audit.add_conditional_edges("apply_gate", audit_routes.after_gate, audit_routes.AFTER_GATE)
    audit.add_edge("enrich", "escalate")
    audit.add_conditional_edges("escalate", audit_routes.after_judgement)
    audit.add_edge("investigate", "propose_flags")
    audit.add_conditional_edges("propose_flags", audit_routes.after_proposal)
    audit.add_edge("ask_approval", "await_approval")
    audit.add_edge("await_approval", "apply_decisions")
    audit.add_conditional_edges("apply_decisions", audit_routes.after_decisions)
    audit.add_edge("close_run", END)
    return checked(audit.compile(checkpointer=checkpointer, name="audit"))


graph = build()
