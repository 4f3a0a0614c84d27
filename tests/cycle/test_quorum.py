"""Who has to agree, and whether they have."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tools.approvals.eligibility import refused, settled
from tools.core.refs import Answer, Request, Verdict

CRITICAL = {"subject": "case-1", "risk": "CRITICAL", "quorum": 2, "description": "d"}
HIGH = {"subject": "case-2", "risk": "HIGH", "quorum": 1, "description": "d"}


def _request(*subjects: dict[str, Any]) -> Request:
    return Request(
        request_id="q1", kind="flags", reasons=[], subjects=list(subjects), asked_at="2025-01-01T00:00:00"
    )


def _answer(subject: str, by: str, verdict: Verdict, at: int = 0) -> Answer:
    return Answer(
        request_id="q1",
        subject=subject,
        by=by,
        verdict=verdict,
        changes={},
        note="",
        at=f"2025-01-01T00:{at:02}",
    )


def test_critical_needs_two_different_people() -> None:
    """One person signing twice is one person."""
    one = [_answer("case-1", "dana", "approve", 1), _answer("case-1", "dana", "approve", 2)]
    two = [*one, _answer("case-1", "lee", "approve", 3)]
    assert settled(_request(CRITICAL), one) == {}
    assert settled(_request(CRITICAL), two)["case-1"]["by"] == "lee"


def test_disagreement_settles_nothing() -> None:
    """One for and one against is no quorum of two; a third decides."""
    split = [_answer("case-1", "dana", "approve", 1), _answer("case-1", "lee", "reject", 2)]
    assert settled(_request(CRITICAL), split) == {}
    third = [*split, _answer("case-1", "kim", "reject", 3)]
    assert settled(_request(CRITICAL), third)["case-1"]["verdict"] == "reject"


def test_answers_to_another_request_do_not_count() -> None:
    """An answer is held to the request that it was given to."""
    stale: Answer = {**_answer("case-2", "dana", "approve"), "request_id": "q0"}
    assert settled(_request(HIGH), [stale]) == {}
    assert set(settled(_request(HIGH), [{**stale, "request_id": "q1"}])) == {"case-2"}


def test_the_starter_cannot_decide_on_critical() -> None:
    """Whoever started a run may sign its HIGH flags, not its CRITICAL ones."""
    dana = {"user": "dana", "roles": ("approver",)}
    assert "started this run" in refused(CRITICAL, dana, "dana")
    assert refused(HIGH, dana, "dana") == ""
    assert refused(CRITICAL, dana, "lee") == ""


def test_without_a_role_nobody_decides() -> None:
    """Signing in is not enough."""
    assert "no role" in refused(HIGH, {"user": "local:me", "roles": ("starter",)}, "lee")


@given(st.permutations([("dana", "approve", 1), ("lee", "reject", 2), ("kim", "reject", 3)]))
def test_the_order_of_the_answers_changes_nothing(words: list[tuple[str, Verdict, int]]) -> None:
    """Answers carry their time; the order in which they lie does not matter."""
    answers = [_answer("case-1", by, verdict, at) for by, verdict, at in words]
    assert settled(_request(CRITICAL), answers)["case-1"]["verdict"] == "reject"
