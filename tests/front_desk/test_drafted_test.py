"""A test of the books from a sentence: a model drafts it, and it is held against all that a person's is."""

from __future__ import annotations

import json

import pytest

import prompts
from tests.front_desk.conftest import ask_desk
from tests.openai_server import Reply, serve
from tools.checks.rules_file import rules_of
from tools.core import settings
from tools.core.errors import RunError
from tools.front_desk.changes import worded, workflow
from tools.runs import tasks
from tools.store import Store, proposals, trail

SENTENCE = "write a test for card charges in whole thousands"
CASES = """
- case: whole thousands, and amounts near them
  txn:
    - {row_key: a, kind: card, amount_minor: 500000}
    - {row_key: b, kind: card, amount_minor: 500100}
  finds: [a]
"""
SQL = """-- house_whole_thousands: a card charge in whole thousands
-- purpose: invented amounts are round
-- needs: amount_minor
-- kinds: card
-- params: least_minor = 100000, score = 25
-- scores: weak: $score (25)
-- source: Nigrini, Forensic Analytics (2011), ch. 11
SELECT row_key, scope, $score AS score, CAST(amount_minor AS VARCHAR) AS observed,
       'no whole thousands' AS threshold, 'card charges' AS population
FROM txn WHERE kind = 'card' AND amount_minor >= $least_minor AND amount_minor % 100000 = 0
"""
GOOD = Reply(json.dumps({"sql": SQL, "cases": CASES}))
WRITES = Reply(
    json.dumps({"sql": SQL.replace("SELECT row_key", "DELETE FROM txn; SELECT row_key"), "cases": CASES})
)


def open_change(thread: str) -> tuple[str, str]:
    """Open a change as a worker does, for what the front desk has put down."""
    wanted = {"kind": "test", "sentence": SENTENCE}
    return workflow.open_change(thread, "riley", "", wanted, prompts.load(worded.PURPOSE))


def test_a_sound_test_is_drafted_after_an_unsound_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was wrong goes back to the model; the draft is a proposal, and its cost is on the trail."""
    with serve(WRITES, GOOD) as server:
        monkeypatch.setenv("TIEOUT_MODEL", "small")
        monkeypatch.setenv("TIEOUT_MODEL_BASE_URL", server.url)
        run_id, change = open_change("change-1")
        asked_again = json.dumps(server.requests[1])
    assert "is not run" in asked_again or "only reads" in asked_again, asked_again[-900:]
    draft = proposals.get(store, change).details["draft"]
    rules = rules_of(draft["after"], settings.load().rules)
    assert (list(rules.house_tests), draft["cases"]) == (["house_whole_thousands"], CASES)
    assert sum(entry["action"] == "model call" for entry in trail.entries(store, run_id)) == 2


def test_the_example_that_a_model_sees_is_sound() -> None:
    """It would pass as an answer."""
    sql, _, cases = worded.EXAMPLE.strip().partition("\n\n")
    assert worded.DraftedTest(sql=sql, cases=cases).cases == cases


def test_what_no_model_drafts_soundly_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is proposed; the way by hand is named."""
    with serve(then=WRITES) as server:
        monkeypatch.setenv("TIEOUT_MODEL", "small")
        monkeypatch.setenv("TIEOUT_MODEL_BASE_URL", server.url)
        with pytest.raises(RunError, match="no model has drafted") as refused:
            open_change("change-2")
    assert "change draft --sql" in str(refused.value)
    assert proposals.find(store, kinds=()) == []


def test_a_sentence_asks_first_where_a_model_is_set(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one the way by hand is named; with one nothing starts before somebody has confirmed."""
    assert "change draft --sql" in ask_desk(SENTENCE).result["why"]
    with serve() as server:
        monkeypatch.setenv("TIEOUT_MODEL", "small")
        monkeypatch.setenv("TIEOUT_MODEL_BASE_URL", server.url)
        standing = ask_desk(SENTENCE)
        assert server.requests == []
    assert standing.kind == "asks"
    assert tasks.list_tasks(store) == []
