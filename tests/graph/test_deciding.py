"""Decisions flag by flag, thresholds that people change, requests that nobody answers: by `invoke`."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.audit_state import AuditInput
from graph.runtime.context import CallerContext
from tests.clocks import TurnedClock
from tests.graph.small import TOKENS
from tests.graph.test_audit import Desk
from tools.approvals import requests
from tools.approvals.escalation import escalate_due
from tools.checks.rules_file import load_rules
from tools.core import settings
from tools.core.clock import using
from tools.core.errors import RulesError
from tools.store import Store, flags, open_store, outbox, rule_versions, runs, trail
from tools.store.models import Flag


@pytest.fixture
def desk(books: Path) -> Desk:
    """Give a desk over small books."""
    return Desk(books)


def _store() -> Store:
    return open_store(settings.load().database_url)


def _case(desk: Desk) -> dict[str, Any]:
    """Give the grave case as it is asked."""
    return next(
        dict(action["args"])
        for action in desk.request["action_requests"]
        if action["args"]["risk"] == "CRITICAL"
    )


def _flags_of(case: dict[str, Any]) -> list[Flag]:
    return sorted(
        flags.find(_store(), case_id=case["subject"], status="proposed"), key=lambda flag: flag.flag_id
    )


def _decision(kind: str, subject: str, **more: object) -> dict[str, Any]:
    return {"decisions": [{"type": kind, "subject": subject, **more}]}


def test_the_request_says_what_how_much_why_and_what_happens(desk: Desk) -> None:
    """A case's money, reason and consequences stand in its description; its first flags one by one."""
    desk.waiting_for_people("riley")
    case = _case(desk)
    action = next(
        action for action in desk.request["action_requests"] if action["args"]["subject"] == case["subject"]
    )
    description = action["description"]
    assert all(
        part in description for part in (case["title"], case["exposure"], case["why"], case["choices"])
    )
    assert "2 different people agree" in description
    units = requests.ballot(_store(), desk.request["request_id"]).units(case["subject"])
    assert [item["flag_id"] for item in case["items"]] == units[:5]


def test_a_single_flag_of_a_case_is_decided_by_itself(desk: Desk) -> None:
    """Rejected by two, it is rejected; the rest of its case still waits, and is approved by itself."""
    desk.waiting_for_people("riley")
    case = _case(desk)
    first, *rest = _flags_of(case)
    needed = 2 if first.risk == "CRITICAL" else 1
    for user in ("dana", "omar")[:needed]:
        desk.answer(_decision("reject", first.flag_id, message="known"), user)
    assert flags.get(_store(), first.flag_id).status == "rejected"
    assert _case(desk)["flags"] == len(rest)
    assert {flags.get(_store(), flag.flag_id).status for flag in rest} == {"proposed"}
    desk.decide("approve", "dana")
    state = desk.decide("approve", "omar") if desk.request else desk.values
    assert state["outcome"] == "flagged"
    assert {flags.get(_store(), flag.flag_id).status for flag in rest} == {"approved"}
    last_event = flags.history(_store(), first.flag_id)[-1]
    assert (last_event.kind, last_event.by, last_event.note) == (
        "rejected",
        ", ".join(("dana", "omar")[:needed]),
        "known",
    )
    assert trail.verify(_store()) == []


def test_a_flag_has_the_quorum_of_its_own_risk(desk: Desk) -> None:
    """In a case with CRITICAL flags, one person settles those of risk HIGH; the others wait for a second."""
    desk.waiting_for_people("riley")
    case = _case(desk)
    case_flags = _flags_of(case)
    desk.answer(_decision("approve", case["subject"]), "dana")
    statuses = {flag.flag_id: flags.get(_store(), flag.flag_id).status for flag in case_flags}
    assert statuses == {
        flag.flag_id: "proposed" if flag.risk == "CRITICAL" else "approved" for flag in case_flags
    }
    assert _case(desk)["signed"] == ["dana: approve"]


def test_a_case_and_its_flag_signed_by_different_people_count_together(desk: Desk) -> None:
    """One approves the case, the other the flag: the flag has its two; the same person twice is one."""
    desk.waiting_for_people("riley")
    case = _case(desk)
    grave = next(flag for flag in _flags_of(case) if flag.risk == "CRITICAL")
    desk.answer(_decision("approve", case["subject"]), "dana")
    desk.answer(_decision("approve", grave.flag_id), "dana")
    assert flags.get(_store(), grave.flag_id).status == "proposed"
    desk.answer(_decision("approve", grave.flag_id), "omar")
    assert flags.get(_store(), grave.flag_id).status == "approved"


def test_two_have_to_ask_for_the_same_change(desk: Desk) -> None:
    """Two people who set different severities have not agreed; a flag's own change is its own."""
    desk.waiting_for_people("riley")
    case = _case(desk)
    grave = next(flag for flag in _flags_of(case) if flag.risk == "CRITICAL")
    desk.answer(_decision("edit", grave.flag_id, args={"severity": "INFO"}), "dana")
    desk.answer(_decision("edit", grave.flag_id, args={"severity": "WARNING"}), "omar")
    assert grave.flag_id in {item["flag_id"] for item in _case(desk)["items"]}
    desk.answer(_decision("edit", grave.flag_id, args={"severity": "warning"}), "dana")
    desk.decide("approve", "dana")
    if desk.request and _case_waits(desk):
        desk.decide("approve", "omar")
    assert flags.get(_store(), grave.flag_id).severity == "WARNING"


def _case_waits(desk: Desk) -> bool:
    return any(action["args"]["risk"] == "CRITICAL" for action in desk.request["action_requests"])


RULES = {"severity.floors": {"duplicate": []}, "severity.bands.critical": 100}


def test_thresholds_of_judgement_judge_the_run_again(desk: Desk) -> None:
    """Two people change weights: the same run is judged by them, asked again, and the rules are kept."""
    state = desk.waiting_for_people("riley")
    before = {flag.flag_id: flag.severity for flag in flags.find(_store(), limit=1000)}
    desk.answer(_decision("edit", "rules", args={"rules": RULES}, message="as agreed"), "dana")
    assert {flag.flag_id: flag.severity for flag in flags.find(_store(), limit=1000)} == before
    desk.answer(_decision("edit", "rules", args={"rules": RULES}, message="as agreed"), "omar")
    after = {flag.flag_id: flag.severity for flag in flags.find(_store(), limit=1000)}
    assert "CRITICAL" in before.values()
    assert "CRITICAL" not in after.values()
    assert desk.request["request_id"] == f"{state['run_id']}-flags-2"
    entry = next(e for e in trail.entries(_store(), state["run_id"]) if e["action"] == "rules changed")
    assert (entry["actor"], entry["details"]["changes"], entry["details"]["note"]) == (
        "dana, omar",
        RULES,
        "as agreed",
    )
    version = rule_versions.get(_store(), entry["details"]["to"])
    assert version is not None
    assert version.author == "dana, omar"


def test_a_changed_test_starts_a_new_run_linked_to_this_one(desk: Desk) -> None:
    """The old run is given up, the new one has its books, its starter, and the new threshold."""
    old = desk.waiting_for_people("riley")["run_id"]
    change = {"rules": {"tests.duplicate_payment.enabled": False, "suspects.anomaly_over": 60}}
    for user in ("dana", "omar"):
        desk.answer(_decision("edit", "rules", args=change), user)
    new = runs.audit(_store(), desk.values["run_id"])
    assert (new.parent_run_id, new.started_by, new.status) == (old, desk.values["started_by"], "waiting")
    assert new.started_by == "riley"
    assert (runs.get(_store(), old).status, runs.audit(_store(), old).window_to) == (
        "abandoned",
        new.window_to,
    )
    assert desk.request["request_id"] == f"{new.run_id}-flags-1"
    assert [request.run_id for request in requests.waiting(_store())] == [new.run_id]
    desk.decide("approve", "dana")
    desk.decide("approve", "omar")
    assert runs.get(_store(), new.run_id).status == "closed"
    assert trail.verify(_store()) == []


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        (None, "To change thresholds"),
        ({}, "To change thresholds"),
        ({"approval.quorum": {"CRITICAL": 1}}, "nobody changes that on a run"),
        ({"gate.completeness": 0}, "nobody changes that on a run"),
        ({"severity.nothing.here": 1}, "there is no such key"),
        ({"severity.bands.critical": 1000}, "less than or equal to 100"),
        ({"tests.no_such_test.days": 1}, "there is no such test"),
        ({"tests.duplicate_payment.moons": 1}, "not a parameter of this test"),
    ],
)
def test_what_nobody_may_change_is_asked_again(desk: Desk, rules: object, why: str) -> None:
    """Who has to approve is not for those who are asked; a wrong key is named."""
    desk.waiting_for_people("riley")
    desk.answer(_decision("edit", "rules", args={"rules": rules}), "dana")
    assert why in desk.request["notice"]


def test_one_who_started_the_run_changes_no_rules_of_its_critical_flags(desk: Desk) -> None:
    """Nor may the rules be approved or skipped."""
    desk.waiting_for_people("omar")
    desk.answer(_decision("edit", "rules", args={"rules": RULES}), "omar")
    assert "started this run" in desk.request["notice"]
    desk.answer(_decision("approve", "rules"), "dana")
    assert "To change thresholds" in desk.request["notice"]


def test_a_request_expires_into_escalation_once_and_never_into_approval(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its hours the senior role is told, on the trail, with a notice; it can still be answered."""
    senior = {"url": "json://127.0.0.1:9/", "role": "controller", "kinds": ["escalation"]}
    monkeypatch.setenv("TIEOUT_NOTIFY", json.dumps({"senior": senior}))
    state = desk.start("riley")
    (request,) = requests.waiting(_store())
    assert request.expires_at is not None
    assert escalate_due(_store()) == []
    late = TurnedClock()
    late.at = max(request.expires_at, datetime.now(UTC)) + timedelta(minutes=1)
    with using(late):
        assert [expired.request_id for expired in escalate_due(_store())] == [request.request_id]
        assert escalate_due(_store()) == []
    (notice,) = outbox.pending(_store())
    assert (notice.recipient, notice.payload["kind"]) == ("senior", "escalation")
    escalations = [e for e in trail.entries(_store(), state["run_id"]) if e["action"] == "escalated"]
    assert [entry["details"]["to"] for entry in escalations] == ["controller"]
    assert requests.get(_store(), request.request_id).status == "open"
    assert {flag.status for flag in flags.find(_store(), severity="CRITICAL")} == {"proposed"}
    desk.decide("approve", "dana")
    assert desk.decide("approve", "omar")["outcome"] == "flagged"


def test_a_word_on_what_is_settled_meanwhile_does_not_spoil_the_others(desk: Desk) -> None:
    """Both answer the question as they saw it: what the first settled is left out of the second's answer."""
    desk.waiting_for_people("riley")
    subjects = [action["args"] for action in desk.request["action_requests"]]
    both = {"decisions": [{"type": "approve", "subject": subject["subject"]} for subject in subjects]}
    assert {subject["risk"] for subject in subjects} == {"CRITICAL", "HIGH"}
    desk.answer(both, "dana")
    assert desk.answer(both, "omar")["outcome"] == "flagged"
    by = {vote.by for vote in requests.decisions(_store(), desk.values["request"]["request_id"])}
    assert by == {"dana", "omar"}


def test_an_answer_to_another_request_is_none(desk: Desk) -> None:
    """An answer that says which request it means counts for that one alone."""
    desk.waiting_for_people("riley")
    desk.answer({"request_id": "r0-flags-1", "decisions": [{"type": "approve"}]}, "dana")
    assert "r0-flags-1" in desk.request["notice"]


def _rules(books: Path, name: str, **approval: object) -> str:
    path = books.with_name(name)
    path.write_text(yaml.safe_dump({"approval": approval}), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("by_rule", [True, pytest.param(False, marks=pytest.mark.exhaustive)])
def test_medium_is_approved_by_rule_or_asked_of_one(books: Path, by_rule: bool) -> None:
    """A rule says whether what is MEDIUM needs a person."""
    _rules(books, "rules.yaml", warning="MEDIUM", medium_by_rule=by_rule)
    desk = Desk(books)
    desk.start("riley")
    quorums = {action["args"]["risk"]: action["args"]["quorum"] for action in desk.request["action_requests"]}
    medium = [flag for flag in flags.find(_store(), limit=1000) if flag.risk == "MEDIUM"]
    assert medium
    assert {flag.status for flag in medium} == {"approved" if by_rule else "proposed"}
    assert quorums == {"CRITICAL": 2} if by_rule else quorums == {"CRITICAL": 2, "MEDIUM": 1}
    deciders = {flags.history(_store(), flag.flag_id)[-1].by for flag in medium}
    assert (deciders == {"rule"}, "rule" in deciders) == (by_rule, by_rule)


def test_whoever_starts_a_run_cannot_lower_who_has_to_approve(books: Path) -> None:
    """A run's own rules file changes its tests; its approval stays the desk's."""
    mine = _rules(books, "mine.yaml", critical="HIGH", warning="MEDIUM", medium_by_rule=True)
    desk = Desk(books)
    inputs: AuditInput = {"sources": str(books), "rules": mine}
    desk.audit.invoke(inputs, desk.config, context=CallerContext(token=TOKENS["riley"]))
    quorums = {action["args"]["risk"]: action["args"]["quorum"] for action in desk.request["action_requests"]}
    assert quorums == {"CRITICAL": 2, "HIGH": 1}


@pytest.mark.parametrize("quorum", [{"CRITICAL": 1}, {"SEVERE": 2}])
def test_critical_takes_two_whatever_the_rules_say(books: Path, quorum: dict[str, int]) -> None:
    """A rules file with a smaller quorum, or for a risk that there is not, is refused by its key."""
    with pytest.raises(RulesError, match=r"approval\.quorum"):
        load_rules(Path(_rules(books, "rules.yaml", quorum=quorum)))
