"""The audit, as a graph. It reads like the picture in docs/graph.md, which is drawn from it."""

from __future__ import annotations

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from graph import routes
from graph.context import AuditContext
from graph.investigate import build_investigation
from graph.recorded import Node, recorded
from graph.state import AuditInput, AuditOutput, AuditState
from nodes.apply_decisions import apply_decisions
from nodes.apply_gate import apply_gate
from nodes.ask_approval import ask_approval
from nodes.ask_gate import ask_gate
from nodes.await_approval import await_approval
from nodes.await_gate import await_gate
from nodes.check_data_quality import check_data_quality
from nodes.close_run import close_run
from nodes.detect_anomalies import detect_anomalies
from nodes.enrich import enrich
from nodes.escalate import escalate
from nodes.merge_findings import merge_findings
from nodes.open_run import open_run
from nodes.propose_flags import propose_flags
from nodes.reconcile import reconcile

Audit = CompiledStateGraph[AuditState, AuditContext, AuditInput, AuditOutput]

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


def build(checkpointer: BaseCheckpointSaver[str] | None = None) -> Audit:
    """Build the audit graph; without a checkpointer for LangGraph Server, which brings its own."""
    audit = StateGraph(
        AuditState, context_schema=AuditContext, input_schema=AuditInput, output_schema=AuditOutput
    )
    for node in NODES:
        audit.add_node(node.__name__, recorded(node), defer=node is merge_findings)
    audit.add_node("investigate", build_investigation())

    audit.add_edge(START, "open_run")
    audit.add_conditional_edges("open_run", routes.to_checks, list(routes.CHECKS))
    for check in routes.CHECKS:
        audit.add_edge(check, "merge_findings")
    audit.add_conditional_edges("merge_findings", routes.after_merge)
    audit.add_edge("ask_gate", "await_gate")
    audit.add_edge("await_gate", "apply_gate")
    audit.add_conditional_edges("apply_gate", routes.after_gate, routes.AFTER_GATE)
    audit.add_edge("enrich", "escalate")
    audit.add_conditional_edges("escalate", routes.after_judgement)
    audit.add_edge("investigate", "propose_flags")
    audit.add_conditional_edges("propose_flags", routes.after_proposal)
    audit.add_edge("ask_approval", "await_approval")
    audit.add_edge("await_approval", "apply_decisions")
    audit.add_conditional_edges("apply_decisions", routes.after_decisions)
    audit.add_edge("close_run", END)
    return audit.compile(checkpointer=checkpointer, name="audit")


graph = build()
