"""The usage examples of the brief, in our names: a request, an intent, an error, a checkpoint.

Its fifth, a change taken through tests and gates, is tests/feedback/test_changes.py.
"""

from __future__ import annotations

from typing import get_args

import pytest

from desk.front_desk import ask
from tests.graph.small import TOKENS
from tools.core.errors import UnreachableError
from tools.front_desk import checkpoints, planning, reading, recovery
from tools.front_desk.agents import Risk
from tools.front_desk.recovery import RecoverableStep
from tools.front_desk.snapshot import Snapshot
from tools.front_desk.understanding import IntentType, Understanding
from tools.runs.recovery_table import ErrorType, RecoveryStrategy
from tools.store import Store, desk_requests, runs


def test_a_request_is_carried_out_as_it_is_named(store: Store) -> None:
    """Orchestration: a task, a pattern, the graphs that do it; its context is on record."""
    standing = ask("start an audit", token=TOKENS["riley"], pattern="direct", agents=["audit"])
    assert standing.request_id
    context = desk_requests.get(store, standing.run_id)
    assert (context.plan["pattern"], context.plan["risk"]) == ("direct", "MEDIUM")
    assert [step["agent"] for step in context.plan["steps"]] == ["audit"]


@pytest.mark.parametrize(
    ("goal", "intent_type", "pattern", "agents"),
    [
        ("review the change", "CODE_REVIEW", "direct", ["front_desk"]),
        ("who may approve payments", "SECURITY_ASSESSMENT", "direct", ["front_desk"]),
        ("set sigma of amount_outside_sigma to 4", "CODE_GENERATION", "refine", ["change"]),
        ("audit and then recover", "TESTING", "chain", ["audit", "recovery"]),
        ("spend by vendor last month", "ANALYSIS", "direct", ["front_desk"]),
        ("help", "GENERAL", "direct", ["front_desk"]),
    ],
)
def test_a_goal_has_an_intent(
    books: Snapshot, goal: str, intent_type: str, pattern: str, agents: list[str]
) -> None:
    """Intent analysis: its type, the pattern and the graphs that are suggested, how sure it is."""
    intent = reading.read(goal, books)
    assert intent.status == "understood", intent
    assert (intent.intent_type, planning.suggest_pattern(intent)) == (intent_type, pattern)
    assert planning.suggest_agents(intent) == agents
    assert intent.confidence == 1.0


def test_an_error_is_handled(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Error recovery: the strategy that was tried, and whether it helped."""
    monkeypatch.setattr(recovery, "BACKOFF_SECONDS", (0.0, 0.0))
    run_id = runs.start(store, graph="front_desk", thread_id="t", started_by="riley").run_id
    step = RecoverableStep("read", lambda: "there", {})
    outcome = recovery.handle(store, run_id, step, UnreachableError("away"))
    assert (outcome.strategy, outcome.success) == ("RETRY", True)


def test_a_critical_action_has_a_checkpoint() -> None:
    """Human checkpoints: CRITICAL has to be typed, LOW goes by itself."""
    checkpoint = checkpoints.critical_action(
        "activate", "CRITICAL", subject="rules", happens="The rules change."
    )
    assert (checkpoint.type, checkpoint.phrase) == ("CONFIGURATION", "activate rules")
    assert [risk for risk in get_args(Risk) if checkpoints.auto_approves(risk)] == ["LOW"]
    assert checkpoints.error_recovery("audit", "away", "RETRY").type == "ERROR"
    assert checkpoints.synthesis("report", ["a"], "It adds up").risk == "HIGH"


def test_the_words_of_the_brief_are_all_there() -> None:
    """Seven types of intent and of error, seven strategies, five types of checkpoint, four risks."""
    counts = (IntentType, ErrorType, RecoveryStrategy, checkpoints.CheckpointType)
    assert [len(get_args(words)) for words in counts] == [7, 7, 7, 5]
    assert get_args(checkpoints.CheckpointDecision) == ("APPROVE", "REJECT", "MODIFY", "SKIP")
    assert get_args(Risk) == ("LOW", "MEDIUM", "HIGH", "CRITICAL")
    assert set(checkpoints.TYPES.values()) >= {
        "CRITICAL",
        "SYNTHESIS",
        "ERROR",
        "VALIDATION",
        "CONFIGURATION",
    }
    assert Understanding("understood").intent_type == "GENERAL"
