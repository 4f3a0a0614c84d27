"""How requests are carried out: one graph, several in turn or at once, a programme, a person first."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk import hand_offs
from desk.approvals import carry_out
from desk.approvals.decide import SubjectSelection
from desk.front_desk import ask
from tests.front_desk.conftest import ask_desk
from tests.graph.small import TOKENS
from tools.core import settings
from tools.programme import records, steps
from tools.runs import tasks
from tools.store import Store, desk_requests, runs, windows
from tools.store.models import Task

PROGRAMME = Path(__file__).parents[2] / "samples/programmes/year-end.yaml"


def approve(run_id: str, user: str = "riley") -> None:
    """Approve what a request asks."""
    carry_out.carry_out(
        carry_out.prepare(settings.load(), run_id, "approve", SubjectSelection(), TOKENS[user])
    )


def started(store: Store) -> list[str]:
    """Name the graphs that were put down, in their order."""
    put_down = sorted(tasks.list_tasks(store), key=lambda task: task.idempotency_key)
    return [str(task.parameters["graph"]) for task in put_down]


def end_of(store: Store, task: Task, *, well: bool) -> None:
    """End what a task has started, as its graph does."""
    run = runs.start(
        store, graph=task.parameters["graph"], thread_id=task.parameters["thread_id"], started_by="riley"
    )
    runs.close(store, run.run_id, "done") if well else windows.abandon(store, run.run_id, by="riley")


@pytest.mark.parametrize(
    "text", ["learn from reviews and then recover", "lerne aus Reviews, danach Rückforderung"]
)
def test_a_chain_goes_on_when_the_step_before_has_ended(store: Store, text: str) -> None:
    """Each in its turn, once; where it stands is on record, so that any process goes on with it."""
    standing = ask_desk(text)
    assert "when that has ended" in standing.question
    approve(standing.run_id)
    assert started(store) == ["feedback"]
    assert hand_offs.go_on(store) == []
    end_of(store, tasks.list_tasks(store)[0], well=True)
    assert hand_offs.go_on(store) == [standing.run_id]
    assert hand_offs.go_on(store) == []
    assert started(store) == ["feedback", "recovery"]
    assert [entry["agent"] for entry in desk_requests.get(store, standing.run_id).hand_offs] == [
        "feedback",
        "recovery",
    ]
    assert runs.get(store, standing.run_id).outcome == "started"


def test_a_chain_stops_where_a_step_was_abandoned(store: Store) -> None:
    """What waits for it is not started, and the request says why."""
    standing = ask_desk("learn from reviews and then recover")
    approve(standing.run_id)
    end_of(store, tasks.list_tasks(store)[0], well=False)
    assert hand_offs.go_on(store) == [standing.run_id]
    assert started(store) == ["feedback"]
    assert runs.get(store, standing.run_id).outcome == "failed"
    assert [attempt.error_type for attempt in desk_requests.attempts(store)] == ["AGENT_ERROR"] * 2


def test_what_does_not_depend_starts_side_by_side(store: Store) -> None:
    """A recovery waits for the audit before it, whatever the word between them."""
    standing = ask_desk("run an audit and run feedback")
    assert "at the same time" in standing.question
    approve(standing.run_id)
    assert started(store) == ["audit", "feedback"]
    assert ask_desk("run an audit and recover").understanding["intent"] == "several_in_turn"


def test_a_programme_is_started_again_from_words(store: Store) -> None:
    """One that is on record; the first is started by hand."""
    assert "by hand" in ask_desk("start the programme").result["why"]
    run = runs.start(store, graph="programme", thread_id="p", started_by="riley")
    records.begin(store, run.run_id, steps.read(PROGRAMME), str(PROGRAMME))
    approve(ask_desk("start the programme").run_id)
    (task,) = tasks.list_tasks(store)
    assert task.parameters["input"] == {"programme": str(PROGRAMME)}


def test_a_person_comes_first_where_the_caller_says_so(store: Store) -> None:
    """Also before what only reads."""
    standing = ask("spend in March 2025", token=TOKENS["riley"], pattern="human_first")
    assert standing.request_id
    assert not standing.result
    approve(standing.run_id, "dana")
    assert runs.get(store, standing.run_id).outcome == "figure"


def test_a_pattern_that_does_not_fit_is_made_simpler_or_refused(store: Store) -> None:
    """On record as a recovery; two things are not started by a pattern for one."""
    simpler = ask("run feedback", token=TOKENS["riley"], pattern="parallel")
    assert desk_requests.get(store, simpler.run_id).plan["pattern"] == "direct"
    assert [attempt.error_type for attempt in desk_requests.attempts(store)] == ["PATTERN_ERROR"]
    refused = ask("run an audit and run feedback", token=TOKENS["riley"], pattern="direct")
    assert "starts one thing" in refused.result["why"]
    assert "there is no pattern" in ask("run feedback", token=TOKENS["riley"], pattern="x").result["why"]
    wrong = ask("run an audit", token=TOKENS["riley"], agents=["feedback"])
    assert "feedback cannot do run_audit" in wrong.result["why"]
    assert tasks.list_tasks(store) == []


@pytest.mark.parametrize("text", ["audit the invoices of Cedar Print", "start an audit over 500"])
def test_what_a_start_cannot_take_account_of_stops_it(store: Store, text: str) -> None:
    """An audit is of all books: it is not started for a part as if it were."""
    assert ask_desk(text).kind == "unread"
    assert tasks.list_tasks(store) == []
