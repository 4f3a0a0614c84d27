"""Requests and decisions: asked once, decided by different people, kept on the trail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.approval_requests import ask_people, tally
from tests.clocks import TurnedClock
from tests.store.conftest import start
from tools.approvals import requests
from tools.approvals.votes import VoteCount
from tools.core import clock
from tools.core.errors import IdentityError, RunError
from tools.store import Store, trail


def ask(store: Store) -> str:
    """Ask about two subjects, one of which needs two people."""
    start(store)
    needs = {"c1": 2, "c2": 1}
    barred = {"c1": {"dana": "started"}}
    return ask_people(store, "r1", risk="CRITICAL", needs=needs, barred=barred).request_id


def test_asking_again_gives_the_request_as_it_is(store: Store) -> None:
    """A replay asks nothing new; once it is closed, the next one does."""
    first = ask(store)
    again = ask_people(store, "r1", risk="LOW", needs={"c9": 9})
    requests.close(store, first, "decided")
    second = ask_people(store, "r1", needs={"c1": 1})
    assert (again.request_id, again.needs, again.risk) == (first, {"c1": 2, "c2": 1}, "CRITICAL")
    assert second.request_id == "r1-flags-2"
    assert [entry["action"] for entry in trail.entries(store, "r1")] == ["run started", "asked", "asked"]


def test_a_subject_is_settled_by_different_people(store: Store) -> None:
    """Two have to give the same verdict; one who says it twice is one."""
    request = ask(store)
    for _ in range(2):
        requests.decide(store, request, {"c1": "approve", "c2": "reject"}, by="lee", roles=["approver"])
    waiting = tally(store, request)
    requests.decide(store, request, {"c1": "reject"}, by="kim", roles=["approver"])
    split = tally(store, request)
    requests.decide(store, request, {"c1": "approve"}, by="ann", roles=["approver"])
    counts = tally(store, request)
    assert (waiting["c1"].verdict, waiting["c2"].verdict) == ("", "reject")
    assert split["c1"] == VoteCount("", 2, {"approve": ["lee"], "reject": ["kim"]})
    assert counts["c1"].verdict == "approve"
    assert len(requests.decisions(store, request)) == 4


def test_a_person_may_think_again_while_the_request_is_open(store: Store) -> None:
    """While a subject is open the later verdict counts; the trail keeps both."""
    request = ask(store)
    requests.decide(store, request, {"c1": "approve"}, by="lee", roles=["approver"])
    requests.decide(store, request, {"c1": "reject"}, by="lee", roles=["approver"], note="on reflection")
    assert tally(store, request)["c1"].votes == {"reject": ["lee"]}
    verdicts = [entry["details"]["verdicts"] for entry in trail.entries(store, "r1")[2:]]
    assert verdicts == [{"c1": "approve"}, {"c1": "reject"}]
    assert trail.verify(store) == []


def test_who_is_barred_decides_nothing(store: Store) -> None:
    """None of a person's verdicts is recorded when one of them may not be given."""
    request = ask(store)
    with pytest.raises(IdentityError, match="dana started this run"):
        requests.decide(store, request, {"c2": "approve", "c1": "approve"}, by="dana", roles=["approver"])
    assert requests.decisions(store, request) == []


def test_a_closed_request_takes_no_decision(store: Store) -> None:
    """What came before stands, and may be replayed."""
    request = ask(store)
    requests.decide(store, request, {"c2": "approve"}, by="lee", roles=["approver"])
    for outcome in ("decided", "too late"):
        requests.close(store, request, outcome)
    requests.decide(store, request, {"c2": "approve"}, by="lee", roles=["approver"])
    with pytest.raises(RunError, match=r"r1-flags-1 is closed \(decided\)"):
        requests.decide(store, request, {"c2": "approve"}, by="kim", roles=["approver"])
    assert requests.open_for(store, "r1") is None


def test_what_is_not_asked_is_not_decided(store: Store) -> None:
    """A subject or request that is not there is named."""
    request = ask(store)
    with pytest.raises(RunError, match="'c3' is not asked"):
        requests.decide(store, request, {"c3": "approve"}, by="lee", roles=["approver"])
    with pytest.raises(RunError, match="no request 'r9'"):
        tally(store, "r9")


def test_who_waits_longest_comes_first(store: Store) -> None:
    """Open requests are listed as they were written, whatever the clocks of those who wrote them say."""
    at = datetime(2025, 3, 1, tzinfo=UTC)
    for name, hours in (("r2", 2), ("r1", 0), ("r3", 1)):
        start(store, name)
        with clock.using(TurnedClock(at + timedelta(hours=hours))):
            ask_people(store, name, "gate", needs={"gate": 1})
    requests.close(store, "r3-gate-1", "approve")
    assert [request.run_id for request in requests.waiting(store)] == ["r2", "r1"]
    request = requests.open_for(store, "r1")
    assert request
    assert request.requested_at == at
