"""The audit by `invoke`: to approved flags, past a gate, over a bad answer, judged again."""

from __future__ import annotations

import atexit
import copy
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from graph import picture
from graph.audit import NODES, Audit, build
from graph.runtime.context import CallerContext
from tests.graph.small import TOKENS, settings_of, write_books
from tools.approvals import requests
from tools.checks.runner import TestResult
from tools.core import settings
from tools.core.errors import RunError
from tools.store import Store, close_stores, flags, open_store, runs, trail, windows


class Desk:
    """One thread of the audit, as a script holds it."""

    def __init__(self, sources: Path, thread: str = "t") -> None:
        self.saver = InMemorySaver()
        self.audit: Audit = build(self.saver)
        self.config: RunnableConfig = {"configurable": {"thread_id": thread}}
        self.sources = sources

    def start(self, user: str = "") -> dict[str, Any]:
        """Run to the end or to a person; give the state."""
        self.audit.invoke({"sources": str(self.sources)}, self.config, context=_caller(user))
        return self.values

    def waiting_for_people(self, starter: str = "riley", *, gate: bool = False) -> dict[str, Any]:
        """Take over a copy of a desk whose run, started by `starter`, waits for people; give the state.

        As after `start` over untouched small books, where it stops: audited once in a process, and copied.
        """
        return self._take_over(*_waiting(starter, gate=gate))

    def approved(self) -> dict[str, Any]:
        """Take over a copy of such a desk whose run two people approved; give the state."""
        return self._take_over(*_approved())

    def _take_over(self, folder: Path, saver: InMemorySaver) -> dict[str, Any]:
        shutil.copytree(folder / "desk", self.sources.parent / "desk", dirs_exist_ok=True)
        copied = copy.deepcopy((saver.storage, saver.writes, saver.blobs))
        self.saver.storage, self.saver.writes, self.saver.blobs = copied
        return self.values

    def answer(self, answer: object, user: str = "") -> dict[str, Any]:
        """Answer what is asked."""
        self.audit.invoke(Command(resume=answer), self.config, context=_caller(user))
        return self.values

    def decide(self, verdict: str, user: str, **changes: str) -> dict[str, Any]:
        """Say the same on every subject that is open."""
        decision = {"type": verdict, "args": changes}
        return self.answer({"decisions": [decision for _ in self.request["action_requests"]]}, user)

    @property
    def values(self) -> dict[str, Any]:
        """The state."""
        return dict(self.audit.get_state(self.config).values)

    @property
    def request(self) -> dict[str, Any]:
        """What is asked; empty when nothing is."""
        interrupts = self.audit.get_state(self.config).interrupts
        return dict(interrupts[0].value) if interrupts else {}


@cache
def _waiting(starter: str, *, gate: bool) -> tuple[Path, InMemorySaver]:
    with _desk_to_copy(gate=gate) as desk:
        desk.start(starter)
    return desk.sources.parent, desk.saver


@cache
def _approved() -> tuple[Path, InMemorySaver]:
    with _desk_to_copy() as desk:
        desk.waiting_for_people()
        desk.decide("approve", "dana")
        desk.decide("approve", "omar")
    return desk.sources.parent, desk.saver


@contextmanager
def _desk_to_copy(*, gate: bool = False) -> Iterator[Desk]:
    folder = Path(tempfile.mkdtemp(prefix="tieout-waiting-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings_of(folder).items():
            patch.setenv(name, value)
        yield Desk(write_books(folder, gate=gate))
        close_stores()


def _caller(user: str) -> CallerContext:
    return CallerContext(token=TOKENS[user] if user else None)


@pytest.fixture
def desk(books: Path) -> Desk:
    """Give a desk over small books."""
    return Desk(books)


def _store() -> Store:
    return open_store(settings.load().database_url)


def test_two_people_take_a_run_to_its_end(desk: Desk) -> None:
    """What is planted is asked, two people approve, every flag is decided, the trail is whole."""
    state = desk.waiting_for_people("riley")
    assert {action["args"]["risk"] for action in desk.request["action_requests"]} >= {"CRITICAL"}
    desk.decide("approve", "dana")
    assert all(action["args"]["risk"] == "CRITICAL" for action in desk.request["action_requests"])
    state = desk.decide("approve", "omar")
    assert (state["outcome"], desk.request) == ("flagged", {})
    assert flags.find(_store(), status="proposed") == []
    assert runs.get(_store(), state["run_id"]).status == "closed"
    assert trail.verify(_store()) == []


def test_every_executed_node_is_on_the_trail(desk: Desk) -> None:
    """Each node's finished execution leaves an entry with who acted, and digests of what went in and out."""
    state = desk.approved()
    entries = trail.entries(_store(), state["run_id"])
    gate = {"ask_gate", "await_gate", "apply_gate"}
    assert {entry["action"] for entry in entries} >= {node.__name__ for node in NODES} - gate
    waited = [entry["actor"] for entry in entries if entry["action"] == "await_approval"]
    assert waited == ["dana", "omar"]
    executions = [entry for entry in entries if entry["action"] in {node.__name__ for node in NODES}]
    assert all(entry["inputs"] and entry["outputs"] and not entry["error"] for entry in executions)


def test_a_second_run_over_the_same_books_raises_nothing_twice(books: Path, desk: Desk) -> None:
    """The look-back reads the same rows again; no flag is raised, none asked."""
    desk.approved()
    before = [flag.flag_id for flag in flags.find(_store(), limit=1000)]
    state = Desk(books, "again").start()
    assert state["outcome"] == "empty"
    assert [flag.flag_id for flag in flags.find(_store(), limit=1000)] == before


def test_a_late_arrival_is_audited_once(books: Path, desk: Desk) -> None:
    """A row that comes in behind the watermark is audited by the next run, the rest is not again."""
    desk.approved()
    with (books.parent / "card.csv").open("a", encoding="utf-8") as file:
        file.write("C950,2025-03-30,Elm Catering,Ben,77.10\r\n")
    assert Desk(books, "late").start()["merged"]["rows_in_window"] == 1
    assert Desk(books, "later").start()["merged"]["rows_in_window"] == 0


def test_two_open_runs_over_one_window_are_refused(books: Path, desk: Desk) -> None:
    """While a run waits for a person nobody audits its books a second time; the error names it."""
    state = desk.waiting_for_people()
    with pytest.raises(RunError, match=state["run_id"]):
        Desk(books, "other").start()


@pytest.mark.exhaustive
def test_an_abandoned_window_is_audited_again(books: Path, desk: Desk) -> None:
    """Given back, the window is whole again for the next run, and its flags are asked again."""
    state = desk.waiting_for_people()
    windows.abandon(_store(), state["run_id"], by="riley")
    again = Desk(books, "again").start()
    assert again["merged"]["suspects"] == state["merged"]["suspects"]
    assert again["proposed"]["to_approve"] == state["proposed"]["to_approve"]


@pytest.mark.parametrize(
    ("answer", "user", "why"),
    [
        ("yes", "dana", "An answer is"),
        ({"decisions": []}, "dana", "An answer is"),
        ({"decisions": [{"type": "approve", "subject": "nobody"}]}, "dana", "is not asked"),
        ({"decisions": [{"type": "edit", "subject": "?", "args": {"severity": "LOUD"}}]}, "dana", "severity"),
        ({"decisions": [{"type": "approve", "subject": "?", "by": "omar"}]}, "", "no role"),
        ({"decisions": [{"type": "approve", "subject": "?"}]}, "riley", "no role"),
    ],
)
def test_what_cannot_be_taken_is_asked_again(
    desk: Desk,
    answer: object,
    user: str,
    why: str,
) -> None:
    """A bad answer, or one of somebody who may not, changes nothing; the reason comes with the question."""
    desk.waiting_for_people()
    subject = desk.request["action_requests"][0]["args"]["subject"]
    if isinstance(answer, dict):
        answer = {
            "decisions": [{**d, "subject": d["subject"].replace("?", subject)} for d in answer["decisions"]]
        }
    desk.answer(answer, user)
    assert why in desk.request["notice"]
    assert {flag.status for flag in flags.find(_store(), severity="CRITICAL")} == {"proposed"}


def _about(subject: str, decision: dict[str, Any]) -> dict[str, Any]:
    return {**decision, "subject": decision["subject"].replace("?", subject)}


def test_the_starter_cannot_approve_what_is_critical(desk: Desk) -> None:
    """Whoever started a run signs none of its CRITICAL flags, approver or not."""
    desk.waiting_for_people("omar")
    critical = next(a["args"] for a in desk.request["action_requests"] if a["args"]["risk"] == "CRITICAL")
    desk.answer({"decisions": [{"type": "approve", "subject": critical["subject"]}]}, "omar")
    assert "started this run" in desk.request["notice"]


def test_modify_is_judged_again_and_asked_again(desk: Desk) -> None:
    """A severity that a person sets is on the flag, with its step in the sum; INFO asks nobody."""
    desk.waiting_for_people()
    desk.decide("edit", "dana", severity="INFO")
    state = desk.decide("edit", "omar", severity="INFO")
    assert state["outcome"] == "flagged"
    changed_flags = flags.find(_store(), limit=1000)
    assert {flag.severity for flag in changed_flags} == {"INFO"}
    assert any(
        step["what"] == "a person" for flag in changed_flags for step in flag.components["steps"]["severity"]
    )


class TestGate:
    """The gate: a person decides before anything is spent."""

    @pytest.fixture
    def gated(self, books: Path) -> Desk:
        """Give a desk whose rules stop every suspicious run."""
        write_books(books.parent, gate=True)
        return Desk(books)

    def test_go_on(self, gated: Desk) -> None:
        """Approved, the run goes on to its flags."""
        gated.waiting_for_people(gate=True)
        assert gated.request["action_requests"][0]["name"] == "pass_gate"
        assert "suspicious" in gated.request["reasons"][0]
        gated.decide("approve", "dana")
        assert gated.request["action_requests"][0]["name"] == "approve_flags"

    def test_stop(self, gated: Desk) -> None:
        """Rejected, the run stops, raises nothing, and gives its window back."""
        gated.waiting_for_people(gate=True)
        state = gated.decide("reject", "dana")
        assert state["outcome"] == "stopped"
        assert runs.get(_store(), state["run_id"]).status == "abandoned"
        assert flags.find(_store()) == []
        assert windows.watermarks(_store(), "Small Books Ltd") == {}
        assert requests.waiting(_store()) == []

    def test_a_failed_check_runs_again_alone(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        """On "retry" only what did not run whole runs again, and the gate is not asked a second time."""
        monkeypatch.setattr("nodes.audit.detect_anomalies.check", _broken)
        gated = Desk(desk.sources, "broken")
        state = gated.start()
        assert state["checks"]["anomaly"]["status"] == "failed"
        assert "anomaly" in gated.request["reasons"][0]
        monkeypatch.undo()
        for name, value in settings_of(desk.sources.parent).items():
            monkeypatch.setenv(name, value)
        state = gated.decide("retry", "dana")
        assert state["attempts"] == {"anomaly": 2}
        assert {check["status"] for check in state["checks"].values()} == {"ran"}
        assert gated.request["action_requests"][0]["name"] == "approve_flags"

    def test_nothing_ran_is_not_clean(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        """A run none of whose checks ran ends as untested, and its window is audited again."""
        for place in ("detect_anomalies.check", "check_data_quality.check", "reconcile.reconcile_pairs"):
            monkeypatch.setattr(f"nodes.audit.{place}", _broken)
        desk.start()
        state = desk.decide("approve", "dana")
        assert state["outcome"] == "untested"
        assert windows.watermarks(_store(), "Small Books Ltd") == {}


def test_a_table_that_no_anomaly_test_reads_is_not_clean(tmp_path: Path, desk: Desk) -> None:
    """Where a whole check has nothing to test with, a run without findings closes as partial."""
    (tmp_path / "colours.csv").write_text("name,sort\n" + "red,warm\nblue,cold\n" * 20)
    sources = tmp_path / "tables.yaml"
    declared = {
        "entity": {"name": "Tables"},
        "sources": {"colours": {"kind": "table", "path": "colours.csv"}},
    }
    sources.write_text(yaml.safe_dump(declared))
    state = Desk(sources, desk.sources.parent.name).start()
    assert {test["status"] for test in state["checks"]["anomaly"]["tests"]} == {"not_applicable"}
    assert (state["merged"]["suspects"], state["outcome"]) == (0, "partial")


def _broken(*_: object) -> list[TestResult]:
    raise RuntimeError("a programmer's error")


def test_the_picture_is_current() -> None:
    """docs/graph.md is drawn from the graph as it is: `make docs` when this fails."""
    assert picture.TARGET.read_text(encoding="utf-8") == picture.page()


def test_rules_are_those_of_the_runs_start(desk: Desk) -> None:
    """A rules file edited while a run waits changes that run in nothing."""
    desk.waiting_for_people()
    rules = desk.sources.with_name("rules.yaml")
    rules.write_text(yaml.safe_dump({"approval": {"quorum": {"CRITICAL": 1}}}), encoding="utf-8")
    desk.decide("approve", "dana")
    assert desk.request["action_requests"][0]["args"]["quorum"] == 2
