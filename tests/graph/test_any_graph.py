"""A graph that is registered in the catalogue has all that the desk gives: asked for by name alone."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from desk.approvals import carry_out
from desk.approvals.decide import SubjectSelection
from graph.runtime import session
from tests.clocks import TurnedClock
from tests.desk.shell import tieout
from tests.graph.small import TOKENS, settings_of, write_books
from tests.processes import run_process
from tools.approvals import requests
from tools.approvals.escalation import escalate_due
from tools.core import clock, settings
from tools.core.errors import IdentityError, RunError
from tools.operations import metrics
from tools.store import Store, open_store, outbox, runs, trail

LETTER = {"TIEOUT_GRAPHS": '["tests.letter_graph:ENTRY"]'}
NOTIFY = {"TIEOUT_NOTIFY": '{"seniors": {"url": "json://127.0.0.1:9/a"}}'}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Give a desk that knows the letter's graph."""
    for name, value in (settings_of(tmp_path) | LETTER | NOTIFY).items():
        monkeypatch.setenv(name, value)
    write_books(tmp_path)
    opened = open_store(settings.load().database_url)
    yield opened
    opened.close()


def approve(run_id: str, user: str) -> None:
    """Approve what the run asks, as a person does on the command line."""
    carry_out.carry_out(
        carry_out.prepare(settings.load(), run_id, "approve", SubjectSelection(), TOKENS[user])
    )


def test_two_people_are_asked_told_and_heard(store: Store) -> None:
    """The starter is refused, one is not enough, the second ends it; all of it is on the trail."""
    thread = session.start({"text": "Pay us."}, graph="letter", thread_id="l1", token=TOKENS["dana"])
    assert thread.asked is not None
    (notice,) = outbox.pending(store)
    assert (notice.origin_kind, notice.origin_id, notice.payload["title"]) == (
        "run", thread.run_id, "A letter to send",
    )  # fmt: skip
    with pytest.raises(IdentityError, match="dana started this and so can't decide on it"):
        approve(thread.run_id, "dana")
    approve(thread.run_id, "omar")
    with pytest.raises(IdentityError, match=r"omar has approved .* already; it needs another person too"):
        approve(thread.run_id, "omar")
    assert runs.get(store, thread.run_id).status == "waiting"
    approve(thread.run_id, "alma")
    assert (runs.get(store, thread.run_id).status, runs.get(store, thread.run_id).outcome) == (
        "closed",
        "approve",
    )
    with pytest.raises(RunError, match="is closed; nothing is left to decide"):
        approve(thread.run_id, "alma")
    actions = [entry["action"] for entry in trail.entries(store, thread.run_id)]
    assert {"run started", "ask_people", "asked", "await_people", "decided", "send_letter", "run closed"} <= {
        *actions
    }
    assert trail.verify(store) == []


def test_whoever_is_struck_from_the_users_file_has_not_signed(store: Store, tmp_path: Path) -> None:
    """Their vote is void, on the trail, and somebody else is asked; what was settled before stays."""
    thread = session.start({}, graph="letter", token=TOKENS["riley"])
    approve(thread.run_id, "dana")
    path = tmp_path / "users.yaml"
    users = yaml.safe_load(path.read_text())
    del users["users"]["dana"]
    path.write_text(yaml.safe_dump(users))
    approve(thread.run_id, "omar")
    assert runs.get(store, thread.run_id).status == "waiting"
    assert [
        entry["actor"] for entry in trail.entries(store, thread.run_id) if entry["action"] == "vote void"
    ] == ["dana"]
    approve(thread.run_id, "alma")
    assert runs.get(store, thread.run_id).outcome == "approve"
    assert trail.verify(store) == []


def test_what_nobody_answers_goes_to_the_senior_role(store: Store) -> None:
    """After its hour, once, with a notice of its own; it stays open."""
    thread = session.start({}, graph="letter", token=TOKENS["riley"])
    later = clock.clock().now() + timedelta(hours=2)
    with clock.using(TurnedClock(later)):
        assert [request.run_id for request in escalate_due(store)] == [thread.run_id]
        assert escalate_due(store) == []
    assert {row.kind for row in outbox.pending(store)} == {"ask-letter-1", "escalate-letter-1"}
    assert [request.status for request in requests.of_run(store, thread.run_id)] == ["open"]


def _die_at(node: str, folder: Path) -> None:
    os.chdir(folder)

    def watch(mode: str, chunk: object) -> None:
        if mode == "updates" and isinstance(chunk, dict) and node in chunk:
            os.kill(os.getpid(), signal.SIGKILL)

    session.start({}, graph="letter", thread_id="killed", token=TOKENS["riley"], watch=watch)


@pytest.mark.parametrize("node", ["write_letter", "ask_people"])
def test_a_killed_run_goes_on(store: Store, tmp_path: Path, node: str) -> None:
    """Killed after a node it goes on behind it: one run, one request, one notice."""
    environment = dict(os.environ)
    died = run_process(_die_at, node, tmp_path, cwd=tmp_path, environment=environment)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert session.resume("killed").asked is not None
    (run,) = runs.list_runs(store)
    assert len(requests.of_run(store, run.run_id)) == 1
    assert len(outbox.pending(store)) == 1


def test_it_is_listed_and_counted(store: Store, tmp_path: Path) -> None:
    """`tieout runs` and the metrics show it as they show an audit."""
    thread = session.start({}, graph="letter", token=TOKENS["riley"])
    listed = tieout("runs", "--json", cwd=tmp_path, **settings_of(tmp_path), **LETTER)
    assert f'"run_id": "{thread.run_id}"' in listed.stdout
    assert '"graph": "letter"' in listed.stdout
    exposition = metrics.exposition(store, settings.load()).decode()
    assert 'graph="letter",node="ask_people"' in exposition
