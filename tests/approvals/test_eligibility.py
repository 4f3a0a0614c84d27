"""Who may answer, asked in one place: by role, by what a person did before, by what is settled."""

from __future__ import annotations

import pytest

from tests.approvals.ballots import FakeRequest, Vote
from tools.approvals.eligibility import Word, refusal, role_refusal
from tools.approvals.votes import Ballot

APPROVER = ["approver"]


def refusal_of(ballot: Ballot, word: Word, user: str, roles: list[str] = APPROVER) -> str:
    """Ask on behalf of a person."""
    return refusal(ballot, ballot.counts(), word, user, roles)


def test_the_starter_cannot_decide_on_critical() -> None:
    """Whoever started a run may sign its other flags, not its CRITICAL ones, nor a case with one."""
    ballot = Ballot(FakeRequest(barred={"f1": {"dee": "started"}}), [])
    assert "started this run" in refusal_of(ballot, Word("f1", "approve"), "dee")
    assert "started this run" in refusal_of(ballot, Word("c1", "approve"), "dee")
    assert refusal_of(ballot, Word("f2", "approve"), "dee") == ""
    assert refusal_of(ballot, Word("f1", "approve"), "lee") == ""


def test_who_made_the_reviews_may_reject_but_not_approve() -> None:
    """A reason may take one word away and leave the others."""
    ballot = Ballot(FakeRequest(barred={"f3": {"ann": "reviewed"}}), [])
    assert "another person approves it" in refusal_of(ballot, Word("f3", "approve"), "ann")
    assert refusal_of(ballot, Word("f3", "reject"), "ann") == ""


def test_without_a_role_nobody_decides() -> None:
    """Signing in is not enough; the text says which role is."""
    assert role_refusal("riley", ["auditor"], "flags") == (
        "riley has no role that may decide; it takes one of: approver, admin."
    )
    assert "no role" in refusal_of(Ballot(FakeRequest(), []), Word("f1", "approve"), "local:me", ["starter"])


@pytest.mark.parametrize(
    ("word", "user", "text"),
    [
        (Word("x", "approve"), "ann", "'x' is not asked"),
        (Word("f2", "reject"), "ben", "'f2' is settled already"),
        (Word("f1", "approve"), "ann", "ann has approved 'f1' already; it needs another person too"),
        (Word("c1", "reject"), "ann", ""),
    ],
)
def test_what_does_not_count_says_why(word: Word, user: str, text: str) -> None:
    """What is not asked, settled, or answered before by the same person."""
    votes = [Vote("f1", "approve", "ann"), Vote("f2", "approve", "ann")]
    why = refusal_of(Ballot(FakeRequest(), votes), word, user)
    assert (text in why) if text else why == ""


def test_a_case_that_is_settled_in_part_takes_no_second_thought() -> None:
    """Its first word has settled a flag: the rest is decided part by part."""
    ballot = Ballot(FakeRequest(), [Vote("c1", "approve", "ann")])
    assert "decide it part by part" in refusal_of(ballot, Word("c1", "reject"), "ann")


def test_a_closed_request_takes_nothing() -> None:
    """Whoever comes after its end is told how it ended."""
    ballot = Ballot(FakeRequest(status="closed", outcome="decided"), [])
    assert refusal_of(ballot, Word("f1", "approve"), "ann") == "request r1-flags-1 is closed (decided)."
