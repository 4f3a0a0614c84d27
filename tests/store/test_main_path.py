"""The store's main path, end to end."""

from __future__ import annotations

from datetime import date

from tests.approval_requests import ask_people, tally
from tools.approvals import requests
from tools.store import Store, flags, outbox, runs, trail, windows

FLAG = {
    "row_key": "card:1-0",
    "source": "card",
    "vendor": "Acme",
    "amount_minor": 125000,
    "currency": "USD",
    "severity": "CRITICAL",
    "score": 90,
    "tests": ["duplicate_payment"],
}


def _run(store: Store, name: str) -> str:
    return runs.start_audit(store, thread_id=name, started_by="dana", run_id=name, entity="E").run_id


def test_a_cycle(store: Store) -> None:
    """A run claims, flags, asks, is decided on and closes; the watermark moves."""
    run_id = _run(store, "r1")
    window = windows.take(store, run_id, "E", ["card"], date(2025, 1, 31))
    proposed = flags.propose(store, run_id, [FLAG])
    request = ask_people(store, run_id, "flags", needs={proposed.new[0]: 2})
    for person in ("dana", "lee"):
        requests.decide(
            store, request.request_id, {proposed.new[0]: "approve"}, by=person, roles=["approver"]
        )
    standing = tally(store, request.request_id)[proposed.new[0]]
    flags.decide(store, run_id, {proposed.new[0]: "approved"}, by="dana, lee")
    outbox.queue(store, outbox.Origin("run", run_id), "done", "mail", {"n": 1})
    windows.close(store, run_id, outcome="flags approved", counts={"flags": 1})
    assert window == {"card": (None, date(2025, 1, 31))}
    assert standing.verdict == "approve"
    assert windows.watermarks(store, "E") == {"card": date(2025, 1, 31)}
    assert [event.kind for event in flags.history(store, proposed.new[0])] == ["proposed", "approved"]
    assert trail.verify(store) == []
