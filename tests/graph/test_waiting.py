"""A source that is away pauses the run; a check that hangs is given up; both can go on."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from graph.runtime import session
from tests.clocks import TurnedClock
from tools import ledger
from tools.core import settings
from tools.core.clock import using
from tools.core.errors import SourcesError, UnreachableError
from tools.core.retries import PausedError
from tools.store import open_store, runs

READ = ledger.read


def _away(*_: object, **__: object) -> None:
    raise UnreachableError("the share does not answer.", place="card.csv")


def test_a_source_that_is_away_pauses_the_run_and_resume_goes_on(
    books: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Short waits are sat out, the long one is stored with its time; the same run then goes on."""
    inputs = {"sources": str(books)}
    monkeypatch.setattr(ledger, "read", _away)
    with using(TurnedClock()), pytest.raises(PausedError):
        session.start(inputs, thread_id="away")
    monkeypatch.setattr(ledger, "read", READ)
    run = runs.of_thread(open_store(settings.load().database_url), "away")
    assert run is not None
    assert (run.status, run.attempts) == ("paused", 3)
    assert run.next_try_at == datetime(2025, 1, 1, 0, 3, 30, tzinfo=UTC)
    standing = session.resume("away")
    assert standing.run_id == run.run_id
    assert standing.asked


def test_a_missing_file_is_one_clear_error(books: Path) -> None:
    """The error names what is missing, where, and what to do; nothing waits."""
    books.with_name("card.csv").unlink()
    with pytest.raises(SourcesError, match="card"):
        session.start({"sources": str(books)})


@pytest.mark.exhaustive
def test_books_that_could_not_be_read_can_be_audited_once_that_is_put_right(books: Path) -> None:
    """A try over missing files says why and leaves no run: nothing was read, so there is nothing to keep."""
    away = books.with_name("card.csv").rename(books.with_name("away.csv"))
    with pytest.raises(SourcesError, match=r"card\.csv"):
        session.start({"sources": str(books)}, thread_id="wrong")
    assert runs.list_runs(open_store(settings.load().database_url)) == []
    away.rename(books.with_name("card.csv"))
    assert session.start({"sources": str(books)}).asked


def test_a_check_that_hangs_is_given_up_and_the_others_go_on(
    books: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its time and twice its time the check is degraded, and a person decides at the gate."""
    release = threading.Event()

    def hang(*_: object) -> None:
        release.wait(60)

    monkeypatch.setenv("TIEOUT_CHECK_TIMEOUT_SECONDS", "0.5")
    monkeypatch.setattr("nodes.audit.detect_anomalies.check", hang)
    standing = session.start({"sources": str(books)}, thread_id="hangs")
    release.set()
    assert standing.values["checks"]["anomaly"]["status"] == "degraded"
    assert standing.asked is not None
    assert "0.5 s" in standing.asked["reasons"][0]
