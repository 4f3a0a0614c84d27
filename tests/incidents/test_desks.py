"""A run of the desk itself: what is first says why it was slow, or why nothing comes of it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tools.core import clock as clocks
from tools.core import settings
from tools.incidents import conclude, kinds
from tools.incidents.subject import IncidentBench, Subject
from tools.investigation import disproof
from tools.investigation.hypothesis import RankedHypothesis
from tools.store import Store, open_store, runs, trail
from tools.store.models import Run

BEGIN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
WORKS = """
import sys, time
from tools.core import settings
from tools.runs.thread_lock import thread_lock
with thread_lock(settings.load(), sys.argv[1]):
    print("works", flush=True)
    time.sleep(600)
"""


class Wound:
    """A clock that stands where it is put."""

    at = BEGIN

    def now(self) -> datetime:
        """Give where it stands."""
        return self.at

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def wound() -> Iterator[Wound]:
    """Give the desk such a clock."""
    clock = Wound()
    with clocks.using(clock):
        yield clock


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Give a desk of its own."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/desk.db")
    return open_store(f"sqlite:///{tmp_path}/desk.db")


def started(store: Store, thread_id: str) -> Run:
    """Start a run."""
    return runs.start(store, graph="feedback", thread_id=thread_id, started_by="riley")


def worked(store: Store, wound: Wound, run: Run, **seconds: float) -> None:
    """Record steps that ran side by side."""
    begin = wound.at
    for node, lasted in sorted(seconds.items(), key=lambda pair: pair[1]):
        wound.at = begin + timedelta(seconds=lasted)
        trail.append(store, run.run_id, "tieout", node, duration_ms=round(lasted * 1000))


def ten_before(store: Store, wound: Wound) -> None:
    """Let six runs end that took two and three seconds, and four that wait for people."""
    for number in range(10):
        run = started(store, f"before-{number}")
        worked(store, wound, run, read=2 + number / 50)
        worked(store, wound, run, check=3 + number / 50, match=2.5)
        if number < 6:
            runs.close(store, run.run_id, "done")
        else:
            runs.set_status(store, run.run_id, "waiting")
        wound.sleep(3600)


def ranking(store: Store, run: Run) -> list[RankedHypothesis]:
    """Ask why of a run."""
    subject = Subject("INC-1", "desk", "", "HIGH", clocks.clock().now(), (), {"run_id": run.run_id})
    bench = IncidentBench(subject, settings.load(), store, Path())
    kind = kinds.by_name("desk")
    seen = [each for observer in kind.observers for each in observer.look(bench)]
    statuses = {observer.name: {"status": "ran"} for observer in kind.observers}
    made, about = conclude.made_of(subject, seen, statuses), conclude.context(subject, seen)
    tried = {each.hypothesis_id: disproof.attempts_at(each, about) for each in made}
    return conclude.judged(subject, seen, made, tried, parts=statuses)


def after_ten(store: Store, wound: Wound, **seconds: float) -> list[RankedHypothesis]:
    """Ask why of a run that ended, whose last steps ran side by side, behind ten others."""
    ten_before(store, wound)
    run = started(store, "asked about")
    worked(store, wound, run, read=2)
    worked(store, wound, run, **seconds)
    runs.close(store, run.run_id, "done")
    return ranking(store, run)


def test_a_step_that_took_longer_is_first(store: Store, wound: Wound) -> None:
    """Beside what earlier runs took, also those that still wait for people."""
    first = after_ten(store, wound, check=3, match=40)[0]
    assert (first.cause, first.subject) == ("node_slow", "match")
    assert "match took 40.0 s, where earlier runs took 2.5 s" in first.statement


def test_steps_side_by_side_that_are_late_by_as_much_were_held_up(store: Store, wound: Wound) -> None:
    """What they share is to be looked at, not each of them."""
    first, *others = after_ten(store, wound, check=23, match=22.5)
    assert (first.cause, first.grounding) == ("held_up", "LIKELY")
    assert "check, match ran side by side, and each took about 20 s longer" in first.statement
    assert {"check", "match"} <= {each.subject for each in others}


def test_as_long_as_ever_is_nothing_unusual(store: Store, wound: Wound) -> None:
    """But of too few earlier runs nobody says how long it takes."""
    run = started(store, "first")
    worked(store, wound, run, read=2)
    runs.close(store, run.run_id, "done")
    assert "0 earlier runs to say how long it takes" in ranking(store, run)[0].statement
    usual = after_ten(store, wound, check=3.1, match=2.5)[0]
    assert usual.statement == "nothing unusual: it took as long as runs before it."


@contextmanager
def at_work(thread_id: str) -> Iterator[subprocess.Popen[str]]:
    """Let another process work on a thread."""
    command = [sys.executable, "-c", WORKS, thread_id]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "works\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_process_that_stopped_hangs_or_ended_is_told_from_one_that_works(
    store: Store, wound: Wound
) -> None:
    """By whether it has the run's lock, by the machine's own word, and by how long nothing was recorded."""
    ten_before(store, wound)
    run = started(store, "stuck")
    worked(store, wound, run, read=2)
    wound.sleep(90)
    with at_work("stuck") as process:
        assert ranking(store, run)[0].cause == "process_silent"
        process.send_signal(signal.SIGSTOP)
        assert ranking(store, run)[0].cause == "process_stopped"
        wound.sleep(-85)
        process.send_signal(signal.SIGCONT)
        assert ranking(store, run)[0].cause == "innocent"
    assert ranking(store, run)[0].cause == "innocent"
    wound.sleep(85)
    first = ranking(store, run)[0]
    assert (first.cause, first.told_by) == ("process_ended", "Go on with it: tieout resume RUN.")
    assert first.statement.endswith("(90 s), after read.")
