"""One runner a thread, across processes and machines, and no lock outlives its process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ports import free_port
from tools.core import settings
from tools.core.errors import RunError, SettingsError, UnreachableError
from tools.runs.thread_lock import thread_lock

ROOT = Path(__file__).parents[2]
WORKER = Path(__file__).with_name("lock_worker.py")


@contextmanager
def runner(folder: Path, thread_id: str = "t1", wait_seconds: float = 0.0) -> Iterator[subprocess.Popen[str]]:
    """Start another runner in another folder, as on another machine; give it once it has the lock."""
    folder.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-W", "error", str(WORKER), thread_id, str(wait_seconds)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        assert process.stdout.readline() == "locked\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def lock(thread_id: str = "t1", wait_seconds: float = 0.0) -> None:
    """Take a thread's lock and let it go."""
    with thread_lock(settings.load(), thread_id, wait_seconds):
        pass


@pytest.mark.usefixtures("database")
def test_a_second_runner_is_refused_and_learns_who_is_first(tmp_path: Path) -> None:
    """Another process, in another folder, has the thread: whoever comes is told which process that is."""
    with runner(tmp_path / "there") as first:
        with pytest.raises(RunError, match=rf"another process \(pid {first.pid} on .+\) is working"):
            lock()
        lock("t2")


@pytest.mark.usefixtures("database")
def test_a_killed_runner_leaves_no_lock(tmp_path: Path) -> None:
    """Its thread is free as soon as the system has buried it."""
    with runner(tmp_path / "there") as first:
        first.send_signal(signal.SIGKILL)
        first.wait()
        lock(wait_seconds=10)


@pytest.mark.usefixtures("database")
def test_a_stopped_runner_keeps_its_lock(tmp_path: Path) -> None:
    """It is not dead, and may go on at any moment."""
    with runner(tmp_path / "there") as first:
        first.send_signal(signal.SIGSTOP)
        with pytest.raises(RunError, match="another process"):
            lock(wait_seconds=1)


@pytest.mark.usefixtures("database")
def test_a_runner_waits_for_the_first_to_end(tmp_path: Path) -> None:
    """It has the lock when the first one has let it go, not before and not never."""
    with runner(tmp_path / "there") as first:
        assert first.stdin
        turns: list[str] = []

        def wait() -> None:
            with thread_lock(settings.load(), "t1", 60):
                turns.append("second")

        second = threading.Thread(target=wait)
        second.start()
        time.sleep(0.5)
        turns.append("first")
        first.stdin.write("\n")
        first.stdin.flush()
        second.join(60)
    assert turns == ["first", "second"]


@pytest.mark.usefixtures("database")
def test_threads_of_a_process_are_runners_too() -> None:
    """Two of the same process do not share a lock; it can be taken again after an error inside."""

    def fail() -> None:
        with thread_lock(settings.load(), "t1"):
            with pytest.raises(RunError, match="another process"):
                lock()
            raise ValueError("a fault inside")

    for _ in range(2):
        with pytest.raises(ValueError, match="a fault inside"):
            fail()


def test_a_store_that_is_away_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without PostgreSQL nobody can lock: the store is named, its password is not."""
    url = f"postgresql+psycopg://tieout:secret@127.0.0.1:{free_port()}/none"
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(UnreachableError, match=r"store postgresql\+psycopg://tieout:\*\*\*@.+Try again"):
        lock()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file lies where the locks' folder should be."""
    (tmp_path / "locks").write_text("", encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'tieout.db'}")
    with pytest.raises(SettingsError, match=r"locks: a run's lock cannot be made there: .+ DATABASE_URL"):
        lock()
