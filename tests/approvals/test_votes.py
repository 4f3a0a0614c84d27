"""Votes are counted flag by flag, whatever the order in which people and processes come."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.approval_requests import ask_people
from tests.approvals.ballots import GROUPS, NEEDS, FakeRequest, Vote
from tools.approvals import requests
from tools.approvals.votes import Ballot
from tools.core.errors import IdentityError, RunError
from tools.store import open_store, runs

PEOPLE = ("ann", "ben", "cho", "dee")


def test_a_flag_needs_its_own_quorum() -> None:
    """One person on the case settles the flag that takes one; the other waits."""
    ballot = Ballot(FakeRequest(), [Vote("c1", "approve", "ann")])
    assert {unit: standing.verdict for unit, standing in ballot.counts().items()} == {
        "f1": "",
        "f2": "approve",
        "f3": "",
    }
    assert ballot.of_subjects(ballot.counts())["c1"].votes == {"approve": ["ann"]}


def test_a_word_on_a_flag_goes_before_one_on_its_case() -> None:
    """Who approves a case but rejects one flag of it has rejected that flag, in either order."""
    words = [Vote("c1", "approve", "ann"), Vote("f1", "reject", "ann"), Vote("c1", "approve", "ben")]
    for order in (words, words[::-1]):
        standing = Ballot(FakeRequest(), order).counts()["f1"]
        assert (standing.verdict, standing.votes) == ("", {"reject": ["ann"], "approve": ["ben"]})


def test_a_case_whose_flags_differ_is_mixed() -> None:
    """It is settled all the same."""
    words = [Vote("c1", "approve", "ann"), Vote("f1", "reject", "ben"), Vote("f1", "reject", "cho")]
    ballot = Ballot(FakeRequest(), words)
    assert ballot.of_subjects(ballot.counts())["c1"].verdict == "mixed"


def test_changes_that_differ_are_no_agreement() -> None:
    """Two who would set different severities have not agreed."""
    ann, ben = ({"severity": "INFO"}, {"severity": "WARNING"})
    apart = [Vote("f3", "modify", "ann", changes=ann), Vote("f3", "modify", "ben", changes=ben)]
    assert Ballot(FakeRequest(), apart).counts()["f3"].verdict == ""
    agreed = Ballot(FakeRequest(), [*apart, Vote("f3", "modify", "cho", changes=ben)]).counts()["f3"]
    assert (agreed.verdict, agreed.changes, agreed.by) == ("modify", ben, ("ben", "cho"))


def test_a_request_without_flags_counts_by_subject() -> None:
    """A gate is its own unit; an older request has its needs by case."""
    gate = Ballot(FakeRequest({"gate": 1}, {}, {}), [Vote("gate", "retry", "ann")])
    assert gate.of_subjects(gate.counts())["gate"].verdict == "retry"
    older = Ballot(FakeRequest({"c1": 2}, {"c1": {"dee": "started"}}, {"units": {"c1": ["f1", "f2"]}}), [])
    assert [older.need(unit) for unit in older.units("c1")] == [2, 2]
    assert older.barred("f2") == {"dee": "started"}


WORDS = st.lists(
    st.tuples(
        st.sampled_from(["c1", "c2", "f1", "f2", "f3", "x"]),
        st.sampled_from(["approve", "reject"]),
        st.sampled_from(PEOPLE),
    ),
    max_size=14,
)
MakeUrl = Callable[[], str]


@pytest.fixture
def new_url(tmp_path: Path) -> MakeUrl:
    """Make a store that none had before."""
    count = iter(range(10_000))
    return lambda: f"sqlite:///{tmp_path}/{next(count)}.db"


@settings(max_examples=7, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WORDS)
@example([("f2", "approve", "ann"), ("c2", "reject", "ben"), ("f3", "reject", "cho")])
def test_whoever_decides_at_once_no_word_is_lost_and_none_counts_twice(
    new_url: MakeUrl, words: list[tuple[str, Any, str]]
) -> None:
    """From many threads: every word that was taken is recorded, what is settled has its people and stays."""
    store = open_store(new_url())
    runs.start_audit(store, thread_id="t", started_by="dee", run_id="r1")
    request = ask_people(
        store, "r1", "flags", needs=NEEDS, barred={"f1": {"dee": "started"}}, units=GROUPS
    ).request_id

    def say(word: tuple[str, Any, str]) -> tuple[str, str, str] | None:
        subject, verdict, by = word
        try:
            requests.decide(store, request, {subject: verdict}, by=by, roles=["approver"])
        except (RunError, IdentityError):
            return None
        return subject, verdict, by

    with ThreadPoolExecutor(4) as pool:
        accepted = {(word[0], word[2]) for word in pool.map(say, words) if word}
    ballot = requests.ballot(store, request)
    assert {(vote.subject, vote.by) for vote in ballot.votes} == accepted
    assert not any(vote.subject == "x" for vote in ballot.votes)
    settled = {unit: standing for unit, standing in ballot.counts().items() if standing.verdict}
    assert [unit for unit, standing in settled.items() if len(set(standing.by)) < NEEDS[unit]] == []
    assert [unit for unit in settled if set(settled[unit].by) & set(ballot.barred(unit))] == []
    for unit in settled:
        with pytest.raises(RunError):
            requests.decide(store, request, {unit: "skip"}, by="eve", roles=["approver"])
    store.close()
