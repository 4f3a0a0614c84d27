"""Where a run goes next. The order of questions is the specification's."""

from __future__ import annotations

from typing import Any, Literal

from langgraph.types import Send

from graph.audit_state import AuditState

CHECKS = ("check_data_quality", "reconcile", "detect_anomalies")
CHECK_OF_NODE = {
    "check_data_quality": "quality",
    "reconcile": "reconciliation",
    "detect_anomalies": "anomaly",
}
AFTER_GATE = ["await_gate", "enrich", "close_run", *CHECKS]


def to_checks(state: AuditState) -> list[Send]:
    """Fan out: every check at once."""
    return [Send(node, _for_check(state, node)) for node in CHECKS]


def after_merge(state: AuditState) -> Literal["ask_gate", "enrich", "close_run"]:
    """Ask a person where the gate says so; close where nothing is suspicious; else look for documents."""
    merged = state["merged"]
    if merged["gate_reasons"]:
        return "ask_gate"
    return "enrich" if merged["suspects"] else "close_run"


def after_gate(state: AuditState) -> str | list[Send]:
    """Follow the person's word: go on, stop, or run the failed checks again."""
    verdict = state["gate"]["verdict"]
    if not verdict:
        return "await_gate"
    if verdict == "retry":
        failed = [node for node in CHECKS if state["checks"][CHECK_OF_NODE[node]]["status"] != "ran"]
        return [Send(node, _for_check(state, node)) for node in failed or CHECKS]
    if verdict == "reject":
        return "close_run"
    return "enrich" if state["merged"]["suspects"] else "close_run"


def after_judgement(state: AuditState) -> Literal["investigate", "propose_flags"]:
    """Look into the gravest cases where a model is set; it changes no flag."""
    return "investigate" if state["judged"].get("to_investigate") else "propose_flags"


def after_proposal(state: AuditState) -> Literal["ask_approval", "close_run"]:
    """Ask where any flag's risk needs a person; a run whose flags are all LOW is noted by rule."""
    return "ask_approval" if state["proposed"]["to_approve"] else "close_run"


def after_decisions(state: AuditState) -> Literal["await_approval", "open_run", "escalate", "close_run"]:
    """Ask again until every flag has its quorum; judge again, or start anew, what people modified."""
    if state.get("rerun"):
        return "open_run"
    if state["proposed"]["waiting"]:
        return "await_approval"
    return "escalate" if state["proposed"].get("modified") else "close_run"


def _for_check(state: AuditState, node: str) -> dict[str, Any]:
    attempt = state.get("attempts", {}).get(CHECK_OF_NODE[node], 1)
    return {"run_id": state["run_id"], "snapshot": state["snapshot"], "attempt": attempt}
