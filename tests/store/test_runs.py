"""Runs: one live run a thread, found by what a person types, never out of an end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.store.conftest import start
from tools.core.errors import RunError
from tools.store import Store, runs, windows

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


def test_a_thread_has_one_live_run(store: Store) -> None:
    """Starting again on a thread gives its live run; after its end, a new one."""
    first = runs.start_audit(store, thread_id="t", started_by="dana", sources_digest="s")
    again = runs.start_audit(store, thread_id="t", started_by="lee", sources_digest="s")
    windows.close(store, first.run_id, outcome="clean")
    after = runs.start_audit(store, thread_id="t", started_by="dana", sources_digest="other")
    newest = runs.of_thread(store, "t")
    assert (again.run_id, again.started_by) == (first.run_id, "dana")
    assert after.run_id != first.run_id
    assert newest
    assert newest.run_id == after.run_id


def test_other_sources_on_a_live_thread_are_refused(store: Store) -> None:
    """A thread's live run is not taken for an audit of something else."""
    runs.start_audit(store, thread_id="t", started_by="dana", run_id="r1", sources_digest="s")
    with pytest.raises(RunError, match=r"r1 \(open\) over other sources"):
        runs.start_audit(store, thread_id="t", started_by="dana", sources_digest="other")


def test_a_run_is_found_by_what_a_person_types(store: Store) -> None:
    """It may be "last", a whole id, or the beginning of one; several or none are an error."""
    for name in ("20250301-aa", "20250301-ab", "20250302-a%"):
        start(store, name)
    assert runs.find(store, "last").run_id == "20250302-a%"
    assert runs.find(store, "20250301-aa").run_id == "20250301-aa"
    assert runs.find(store, "20250302").run_id == "20250302-a%"
    with pytest.raises(RunError, match="several runs"):
        runs.find(store, "20250301")
    with pytest.raises(RunError, match="no run that begins with '%'"):
        runs.find(store, "%")
    with pytest.raises(RunError, match="there is no run 'x'"):
        runs.get(store, "x")


def test_a_refused_run_is_not_the_last(store: Store) -> None:
    """Who audits twice in haste still approves what waits, by the name of last."""
    start(store, "20250301-aa")
    start(store, "20250302-ab")
    windows.abandon(store, "20250302-ab", by="tieout", reason="its window is held by another run")
    assert runs.find(store, "last").run_id == "20250301-aa"
    windows.abandon(store, "20250301-aa", by="dana")
    assert runs.find(store, "last").run_id == "20250302-ab"


def test_runs_are_listed_newest_first(store: Store) -> None:
    """A list can be narrowed to a status, and paged."""
    for name in ("r1", "r2", "r3"):
        start(store, name)
    windows.close(store, "r2", outcome="clean")
    assert [run.run_id for run in runs.list_runs(store)] == ["r3", "r2", "r1"]
    assert [run.run_id for run in runs.list_runs(store, status="open", limit=1, offset=1)] == ["r1"]


def test_a_paused_run_is_due_at_its_time(store: Store) -> None:
    """A pause without a time waits for a person; the attempts so far are kept."""
    for name in ("r1", "r2", "r3"):
        start(store, name)
    runs.pause(store, "r1", attempts=1, next_try_at=NOON, error="away")
    runs.pause(store, "r1", attempts=2, next_try_at=NOON, error="still away")
    runs.pause(store, "r2", attempts=1, next_try_at=NOON + timedelta(hours=1), error="away")
    runs.pause(store, "r3", attempts=1, next_try_at=None, error="away")
    assert [(run.run_id, run.attempts) for run in runs.due_again(store, NOON)] == [("r1", 2)]
    assert runs.set_status(store, "r1", "open").next_try_at is None


def test_an_ended_run_stays_as_it_is(store: Store) -> None:
    """Nothing changes a run after its end, and an end comes with its windows."""
    windows.close(store, start(store), outcome="clean")
    with pytest.raises(RunError, match="run r1 is closed"):
        runs.set_status(store, "r1", "open")
    with pytest.raises(RunError, match="run r1 is closed"):
        windows.abandon(store, "r1", by="dana")
    with pytest.raises(ValueError, match=r"closed by tools\.store\.windows"):
        runs.set_status(store, "r1", "closed")
    with pytest.raises(TypeError, match="no column colour"):
        runs.record(store, start(store, "r2"), colour="red")


def test_a_run_is_json(store: Store) -> None:
    """Its row leaves as JSON primitives."""
    row = runs.record(store, start(store), window_to=NOON.date(), counts={"rows": 3}).as_dict()
    assert (row["window_to"], row["counts"], row["ended_at"]) == ("2025-03-01", {"rows": 3}, None)
    assert row["started_at"].endswith("+00:00")
