"""A change of the rules as people meet it: gated, approved by two, live, taken back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import prompts
from benchmarks.reviewers import scene
from benchmarks.reviewers.simulated import sound
from desk import changes, feedback
from desk.changes import RequestedChange
from desk.cli import main
from desk.task_kinds import KINDS
from graph.runtime import session
from graph.runtime.worker import Worker, work
from tools.checks.rules_file import load_rules
from tools.core import settings
from tools.core.errors import IdentityError, RulesError, RunError, UsageError
from tools.front_desk.changes import gates, suite, workflow
from tools.front_desk.changes.draft import RuleDraft
from tools.front_desk.changes.outcomes import CaseOutcome, MutantOutcome
from tools.rules.model import Rules
from tools.store import Store, proposals, runs, test_suites, trail

DANA, OMAR, RILEY, ANA = (scene.token_of(name) for name in ("dana", "omar", "riley", "ana"))
CHANGE = RequestedChange(suppress="unmatched_row", vendor=scene.POWER, most="400", until="2025-07-29")


@pytest.fixture
def rules_path(folder: Path) -> Path:
    """Let tests be timed on few rows."""
    path = folder / "rules.yaml"
    path.write_text(path.read_text() + "changes: {rows: 1000}\n")
    return path


def test_a_change_goes_through_its_gates_and_back(store: Store, rules_path: Path) -> None:
    """Tests, replay and mutants are on record; two others type what happens; a rollback undoes it."""
    sound(store)
    before = rules_path.read_text()
    change_id = changes.draft(CHANGE, token=RILEY).proposal_id
    assert changes.draft(CHANGE, token=RILEY).proposal_id == change_id
    standing = changes.try_out(change_id, token=DANA)
    assert standing.asked is not None
    assert [gate["name"] for gate in changes.gates(store, change_id) if not gate["passed"]] == []
    assert {row["status"] for row in changes.outcomes(store, change_id)} == {"PASSED"}
    assert len(changes.mutants(store, change_id)) >= 10
    typed = f"activate {change_id}"
    with pytest.raises(IdentityError, match="dana started this"):
        changes.decide(store, change_id, "approve", token=DANA, note=typed)
    with pytest.raises(IdentityError, match="write as note"):
        changes.decide(store, change_id, "approve", token=OMAR, note="yes")
    assert changes.decide(store, change_id, "approve", token=OMAR, note=typed).asked is not None
    assert rules_path.read_text() == before
    assert changes.decide(store, change_id, "approve", token=scene.token_of("ada"), note=typed).asked is None
    (entry,) = load_rules(rules_path).learned.suppressions
    assert (entry.vendor, proposals.get(store, change_id).decided_by) == (scene.POWER, "ada, omar")
    with pytest.raises(RunError, match=rf"it is applied.*change rollback {change_id}"):
        changes.decide(store, change_id, "approve", token=OMAR, note=typed)
    rules_path.write_text(rules_path.read_text() + "look_back_days: 9\n")
    changes.roll_back(store, change_id, token=OMAR, note="no")
    assert rules_path.read_text() == before + "look_back_days: 9\n"
    assert [version.what for version in proposals.changes(store)] == ["rolled back", "applied"]
    assert trail.verify(store) == []


def test_a_crashed_test_is_ended_by_the_next(store: Store, rules_path: Path) -> None:
    """Its round and its run do not stay open beside the new one; what did not run was skipped."""
    assert rules_path.is_file()
    change = changes.draft(CHANGE, token=RILEY).proposal_id
    run, _ = workflow.open_change("crashed", "dana", change, {}, prompts.load("draft_test"))
    suite_id, count = workflow.generate(run, change, 1, None)
    again, _ = workflow.open_change("again", "dana", change, {}, prompts.load("draft_test"))
    assert (runs.get(store, run).outcome, test_suites.get(store, suite_id).status) == (
        f"tested anew in run {again}", "ended",
    )  # fmt: skip
    assert [row.status for row in test_suites.outcomes(store, suite_id)] == ["SKIPPED"] * count
    assert (runs.get(store, again).status, trail.verify(store)) == ("open", [])


def test_what_hides_a_confirmed_finding_is_stopped(
    store: Store, rules_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is narrowed until nothing is left of it; then nobody is asked, and the change is refused."""
    sound(store)
    monkeypatch.setattr(suite, "tests", lambda _: [CaseOutcome("one", "UNIT", "HIGH", "PASSED")])
    monkeypatch.setattr(
        suite, "mutants", lambda _: [MutantOutcome(f"m{i}", "a", killed=True) for i in range(10)]
    )
    change = changes.draft(replace(CHANGE, vendor=scene.GHOST, most="600"), token=RILEY).proposal_id
    standing = changes.try_out(change, token=RILEY)
    assert (standing.asked, standing.values["outcome"]) == (None, "stopped at its gates")
    assert len(test_suites.of_proposal(store, change)) > 1
    assert proposals.get(store, change).status == "refused"
    with pytest.raises(RunError, match=r"nobody is asked.*Draft it again"):
        changes.decide(store, change, "approve", token=OMAR, note=f"activate {change}")
    assert "learned" not in rules_path.read_text()


@pytest.mark.parametrize("status", ["refused", "rejected", "rolled_back"])
def test_what_was_decided_can_be_drafted_again(store: Store, rules_path: Path, status: str) -> None:
    """The same words are the same change while it is open, then a new one that can be tested."""
    assert rules_path.exists()
    first = changes.draft(CHANGE, token=RILEY).proposal_id
    for _ in range(2):
        proposals.settle(store, first, status, by="omar", note="gates: time")
        with pytest.raises(RunError, match="gates: time"):
            changes.try_out(first, token=RILEY)
        again = changes.draft(CHANGE, token=RILEY).proposal_id
        assert (again != first, proposals.status_of(store, again)) == (True, "open")
        assert changes.draft(CHANGE, token=RILEY).proposal_id == again
        first = again


def test_what_feedback_proposes_goes_through_the_gates(store: Store, rules_path: Path) -> None:
    """By default: one approves it, a worker tests it, two others let it go live, and it is undone."""
    sound(store)
    rules_path.write_text(rules_path.read_text().replace("feedback: {gated: false}", "feedback: {days: 7}"))
    before = rules_path.read_text()
    standing = feedback.begin(thread_id="round", token=RILEY)
    assert "through tests, replay" in str(standing.asked)
    (proposed,) = proposals.find(store, status="open")
    for _ in range(2):  # a decision that is repeated is one task
        standing = session.answer("round", [{"type": "approve"}], token=DANA) if standing.asked else standing
    assert (rules_path.read_text(), proposals.status_of(store, proposed.proposal_id)) == (before, "testing")
    assert standing.values["changed"]["testing"] == [proposed.proposal_id]
    with pytest.raises(RunError, match="is testing"):
        feedback.decide(store, [proposed.proposal_id], "approve", token=OMAR)
    work(Worker("w", store, settings.load(), KINDS, once=True))
    typed = f"activate {proposed.proposal_id}"
    with pytest.raises(RunError, match="waits for two people"):
        changes.try_out(proposed.proposal_id, token=RILEY)
    assert [gate["name"] for gate in changes.gates(store, proposed.proposal_id) if not gate["passed"]] == []
    assert changes.decide(store, proposed.proposal_id, "approve", token=OMAR, note=typed).asked is not None
    assert rules_path.read_text() == before
    changes.decide(store, proposed.proposal_id, "approve", token=scene.token_of("ada"), note=typed)
    (entry,) = load_rules(rules_path).learned.suppressions
    assert (entry.vendor, proposals.status_of(store, proposed.proposal_id)) == (scene.POWER, "applied")
    changes.roll_back(store, proposed.proposal_id, token=OMAR, note="no")
    assert rules_path.read_text() == before


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        (RequestedChange(), "say one thing"),
        (RequestedChange(setting="tests.weekend_posting.score=25", suppress="x"), "say one thing"),
        (RequestedChange(setting="look_back_days=9"), "cannot be judged by again"),
        (RequestedChange(setting="approval.quorum.CRITICAL=1"), "two different people"),
        (RequestedChange(setting="tests.no_such_test.score=1"), "no such test"),
        (RequestedChange(setting="tests.weekend_posting.scores=1"), "not a parameter"),
        (RequestedChange(setting="tests.weekend_posting"), "sets nothing"),
        (RequestedChange(setting="severity.bands.warning=50"), "changes nothing"),
        (replace(CHANGE, most="much"), "no amount"),
        (replace(CHANGE, most="-1"), "no amount"),
        (replace(CHANGE, until="soon"), "no day"),
        (RequestedChange(edited=Path("no.yaml")), "cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_change_is_said_so(store: Store, draft: RequestedChange, why: str) -> None:
    """In words, before anything is kept."""
    with pytest.raises((UsageError, RulesError), match=why):
        changes.draft(draft, token=RILEY)
    assert proposals.find(store, kinds=()) == []


def test_the_command_line_drafts_and_lists(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """A draft is listed; its gates are not there before it was tested."""
    assert store.dialect == "sqlite"
    assert main(["change", "draft", "--set", "tests.weekend_posting.score=30", "--json"]) == 0
    (drafted,) = json.loads(capsys.readouterr().out)
    assert (drafted["title"], drafted["status"]) == ("tests.weekend_posting.score = 30", "open")
    assert main(["change", "gate", drafted["change"][:6]]) == 1
    assert main(["change", "test"]) == 2
    assert "was not tested yet" in capsys.readouterr().err


GOOD = gates.GateEvidence(
    "setting",
    [CaseOutcome("a", "UNIT", "HIGH", "PASSED"), CaseOutcome("b", "UNIT", "HIGH", "PASSED")],
    [MutantOutcome(f"m{i}", f"p{i % 2}", killed=True) for i in range(10)],
    {
        "runs": ["r"],
        **{name: {"flags": 0, "minor": {}, "rows": []} for name in ("missed", "unseen", "shown")},
        "hidden": {"flags": 1, "minor": {"USD": 5}, "rows": ["x"]},
    },
)
LOST: dict[str, dict[str, Any]] = {
    "tests pass": {
        "tests": [
            CaseOutcome("a", "UNIT", "HIGH", "FAILED"),
            CaseOutcome("b", "UNIT", "HIGH", "PASSED"),
        ]
    },
    "no critical failure": {
        "tests": [
            *(CaseOutcome(f"t{i}", "UNIT", "HIGH", "PASSED") for i in range(9)),
            CaseOutcome("x", "UNIT", "CRITICAL", "ERROR"),
        ]
    },
    "mutants are killed": {"mutants": GOOD.mutants[:9]},
    "coverage": {"mutants": [*GOOD.mutants, *(MutantOutcome("n", place, killed=False) for place in "qr")]},
    "replayed over past runs": {"replay": {**GOOD.replay, "runs": []}},
    "no confirmed finding hidden": {"replay": {**GOOD.replay, "missed": GOOD.replay["hidden"]}},
    "little hidden that nobody reviewed": {
        "replay": {**GOOD.replay, "unseen": {"flags": 1, "minor": {"USD": 1_000_001}, "rows": []}}
    },
    "it does something": {"replay": {**GOOD.replay, "hidden": GOOD.replay["missed"]}},
    "time": {"tests": [*GOOD.tests, *GOOD.tests, CaseOutcome("slow", "PERFORMANCE", "NORMAL", "FAILED")]},
}  # fmt: skip


@pytest.mark.parametrize("name", LOST)
def test_every_gate_can_fail(name: str) -> None:
    """Each for its own reason, and then the change does not pass."""
    assert gates.passed(gates.gates(GOOD, Rules()))
    results = gates.gates(replace(GOOD, **LOST[name]), Rules())
    assert [gate.name for gate in results if not gate.passed] == [name]


def test_a_process_that_is_ended_passes_nothing(tmp_path: Path) -> None:
    """Tests that take more memory than they may are errors, not silence."""
    draft = RuleDraft("setting", "t", "", "tests: {weekend_posting: {score: 30}}\n")
    limits = Rules().changes.model_copy(update={"memory_mb": 64})
    outcomes = suite.tests(suite.SuiteJob(draft, tmp_path / "rules.yaml", limits))
    assert "ERROR" in {outcome.status for outcome in outcomes}
    assert not gates.passed(gates.gates(replace(GOOD, tests=outcomes), Rules()))
