"""A run that the queue starts is its requester's: whoever put it down can't approve its CRITICAL flags."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from desk.approvals import carry_out
from desk.approvals.decide import SubjectSelection
from desk.task_kinds import KINDS
from graph.runtime import session
from graph.runtime.worker import Worker, work
from tests.graph.small import TOKENS, settings_of, write_books
from tools.core import settings
from tools.core.errors import IdentityError
from tools.runs import tasks
from tools.runs.requesters import TaskClaim
from tools.runs.starting import start_later
from tools.store import open_store, runs, trail


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the books of a desk that works here."""
    for name, value in settings_of(tmp_path).items():
        monkeypatch.setenv(name, value)
    return write_books(tmp_path)


def test_who_put_a_run_down_is_its_starter(sources: Path) -> None:
    """Done by a worker, it is dana's: dana is refused on CRITICAL flags, and the trail names dana."""
    limits = settings.load()
    store = open_store(limits.database_url)
    start_later(store, limits, "audit", {"sources": str(sources)}, token=TOKENS["dana"])
    work(Worker(name="w", store=store, settings=limits, kinds=KINDS, once=True))
    (run,) = runs.list_runs(store)
    assert (run.started_by, run.status) == ("dana", "waiting")
    with pytest.raises(IdentityError, match="dana started this run and so can't decide on its CRITICAL"):
        carry_out.prepare(
            limits, run.run_id, "approve", SubjectSelection(severity="CRITICAL"), TOKENS["dana"]
        )
    assert trail.entries(store, run.run_id)[0]["actor"] == "dana"


def test_a_claim_is_not_made_up(sources: Path) -> None:
    """Only the worker that has a task acts for its requester; who may not start puts nothing down."""
    limits = settings.load()
    store = open_store(limits.database_url)
    task = start_later(store, limits, "audit", {"sources": str(sources)}, token=TOKENS["dana"], key="k")
    with pytest.raises(IdentityError, match="this task is not, or no longer, this worker's"):
        session.start({"sources": str(sources)}, claim=TaskClaim(task.task_id, "guessed"))
    with pytest.raises(IdentityError, match="vera has no role that may start a run"):
        start_later(store, limits, "audit", {"sources": str(sources)}, token=TOKENS["vera"])
    assert [row.task_id for row in tasks.list_tasks(store)] == [task.task_id]


def test_a_requester_who_is_swapped_in_the_table_shows(sources: Path) -> None:
    """The row is sealed: another name in it is found."""
    limits = settings.load()
    store = open_store(limits.database_url)
    start_later(store, limits, "audit", {"sources": str(sources)}, token=TOKENS["dana"])
    assert trail.verify(store) == []
    with store.engine.begin() as past_the_desk:
        past_the_desk.execute(text("UPDATE task SET requested_by = 'omar'"))
    assert any("task" in problem.what for problem in trail.verify(store))
