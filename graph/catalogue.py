"""Every graph of the desk, once: what it is called, how it is built, what its nodes do in a person's words.

Whoever starts, answers, resumes, lists or serves a graph finds it here; langgraph.json is written from here.
A house adds graphs of its own with the setting TIEOUT_GRAPHS, as "module:NAME" of a GraphEntry.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from langgraph.checkpoint.base import BaseCheckpointSaver

from tools.core import settings
from tools.core.errors import RunError, SettingsError

_LIGHT: Final = ("ask_", "await_", "apply_", "close_")


@dataclass(frozen=True)
class GraphEntry:
    """One graph.

    module: has `build(checkpointer)` and `graph`. labels: node -> what it does, in the order in which a run
    is shown. waits: kind of request -> the node at which a run waits for its answer.
    """

    name: str
    module: str
    title: str
    labels: Mapping[str, str]
    waits: Mapping[str, str] = field(default_factory=dict)

    def build(self, checkpointer: BaseCheckpointSaver[str] | None = None) -> Any:  # noqa: ANN401 - a graph's own generics
        """Build the graph."""
        return importlib.import_module(self.module).build(checkpointer)

    def work(self, graph: Any) -> list[str]:  # noqa: ANN401 - as above
        """Name the nodes that do work: that neither ask, wait, act on a word nor close, in a moment."""
        light = (*_LIGHT, *self.waits.values(), "__start__")
        return [name for name in graph.nodes if not name.startswith(light)]

    def read(self, checkpointer: BaseCheckpointSaver[str]) -> Any:  # noqa: ANN401 - a graph's own generics
        """Give the graph to look at threads with: as its module has built it once."""
        return importlib.import_module(self.module).graph.copy({"checkpointer": checkpointer})


AUDIT: Final = GraphEntry(
    "audit",
    "graph.audit",
    "Audit",
    {
        "open_run": "Read the books",
        "check_data_quality": "Check data quality",
        "reconcile": "Reconcile",
        "detect_anomalies": "Detect anomalies",
        "merge_findings": "Merge into cases",
        "ask_gate": "Ask at the gate",
        "await_gate": "Wait at the gate",
        "apply_gate": "Act on the gate",
        "enrich": "Look for documents",
        "escalate": "Judge severity",
        "propose_flags": "Record flags",
        "ask_approval": "Ask for approval",
        "await_approval": "Wait for approval",
        "apply_decisions": "Act on decisions",
        "close_run": "Close the run",
    },
    {"gate": "await_gate", "flags": "await_approval"},
)
FEEDBACK: Final = GraphEntry(
    "feedback",
    "graph.feedback",
    "Feedback",
    {
        "read_reviews": "Read reviews",
        "propose_changes": "Propose changes of the rules",
        "ask_changes": "Ask for approval",
        "await_changes": "Wait for approval",
        "apply_changes": "Change the rules",
        "close_round": "Close the round",
    },
    {"changes": "await_changes"},
)
PROGRAMME: Final = GraphEntry(
    "programme",
    "graph.programme",
    "Programme",
    {
        "open_programme": "Open the programme",
        "plan": "Plan it",
        "ask_plan": "Ask for the plan",
        "await_plan": "Wait for the plan",
        "apply_plan": "Act on the plan",
        "dispatch": "Start tasks",
        "wait_for_events": "Wait for tasks",
        "take_events": "Take what happened",
        "recover": "Recover tasks",
        "ask_person": "Ask about tasks",
        "await_person": "Wait for people",
        "apply_person": "Act on decisions",
        "gate": "Look at the gate",
        "ask_gate": "Ask at the gate",
        "await_gate": "Wait at the gate",
        "apply_gate": "Act on the gate",
        "close_programme": "End it",
        "report": "Report",
    },
    {"plan": "await_plan", "task_failed": "await_person", "phase_gate": "await_gate"},
)
INCIDENT: Final = GraphEntry(
    "incident",
    "graph.incident",
    "Incident",
    {
        "open_incident": "Open the incident",
        "observe": "Observe",
        "consolidate": "Put together what was seen",
        "hypothesise": "Make hypotheses",
        "disprove": "Try to disprove each",
        "rank": "Rank them",
        "close_incident": "Keep the result",
    },
)
RECOVERY: Final = GraphEntry(
    "recovery",
    "graph.recovery",
    "Recovery",
    {
        "open_recovery": "Read the books",
        "scout": "Find what is owed",
        "analyse": "Score the claims",
        "ask_claims": "Ask about claims",
        "await_claims": "Wait for decisions on claims",
        "apply_claims": "Act on decisions",
        "find_contacts": "Find contacts",
        "merge_contacts": "Merge contacts",
        "write_letters": "Draft letters",
        "ask_letters": "Ask about letters",
        "await_letters": "Wait for decisions on letters",
        "apply_letters": "Put letters into the outbox",
        "summarise": "Summarise",
        "close_recovery": "Close the recovery",
    },
    {"claims": "await_claims", "letters": "await_letters"},
)
FOLLOW_UP: Final = GraphEntry(
    "follow_up",
    "graph.follow_up",
    "Follow-up",
    {
        "open_day": "Read the books",
        "read_replies": "Read replies",
        "match_money": "Find money",
        "check_stuck": "Look for what is stuck",
        "track": "Bring claims up to date",
        "due_letters": "Draft letters that are due",
        "ask_letters": "Ask about letters",
        "await_letters": "Wait for decisions on letters",
        "apply_letters": "Put letters into the outbox",
        "send_due": "Send letters",
        "close_day": "Close the day",
    },
    {"letters": "await_letters"},
)
FRONT_DESK: Final = GraphEntry(
    "front_desk",
    "graph.front_desk",
    "Front desk",
    {
        "open_request": "Open the request",
        "understand": "Understand it",
        "clarify": "Ask which reading is meant",
        "answer": "Answer",
        "choose_pattern": "Choose how",
        "choose_agents": "Choose who",
        "assess_risk": "Assess the risk",
        "ask_checkpoint": "Ask people",
        "await_checkpoint": "Wait for people",
        "apply_checkpoint": "Act on their word",
        "execute": "Start it",
        "recover": "Recover",
        "validate": "See that it is started",
        "store_context": "Keep the context",
        "await_step": "Wait for the step before",
        "close_request": "Close the request",
    },
    {"start": "await_checkpoint", "action": "await_checkpoint", "trouble": "await_checkpoint"},
)
CHANGE: Final = GraphEntry(
    "change",
    "graph.change",
    "Change of the rules",
    {
        "open_change": "Open the change",
        "generate_tests": "Generate tests",
        "run_tests": "Run them",
        "replay_change": "Replay past runs",
        "mutate_change": "Try mutants",
        "judge_gates": "Judge the gates",
        "refine_draft": "Narrow the draft",
        "ask_activation": "Ask two people",
        "await_activation": "Wait for them",
        "apply_activation": "Change the rules",
        "close_change": "Close the change",
    },
    {"activate": "await_activation"},
)
GRAPHS: Final = (AUDIT, FEEDBACK, PROGRAMME, INCIDENT, RECOVERY, FOLLOW_UP, FRONT_DESK, CHANGE)


def entries() -> tuple[GraphEntry, ...]:
    """Give every graph: ours, then those that the settings add."""
    return (*GRAPHS, *map(_load, settings.load().graphs))


def entry(name: str) -> GraphEntry:
    """Give a graph by its name. Raises RunError where there is none."""
    for graph in entries():
        if graph.name == name:
            return graph
    raise RunError(
        f"there is no graph '{name}'.", remedy=f"There are: {', '.join(graph.name for graph in entries())}."
    )


def _load(path: str) -> GraphEntry:
    module, _, name = path.partition(":")
    try:
        loaded = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise SettingsError(
            f"'{path}' names no graph ({error}).",
            place="setting TIEOUT_GRAPHS",
            remedy='Write ["module:NAME"].',
        ) from None
    if not isinstance(loaded, GraphEntry):
        raise SettingsError(f"'{path}' is no GraphEntry.", place="setting TIEOUT_GRAPHS")
    return loaded


def served() -> dict[str, str]:
    """Give the graphs as langgraph.json names them."""
    return {graph.name: f"{graph.module}:graph" for graph in entries()}
