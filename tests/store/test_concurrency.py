"""Threads and processes on one store, and processes that are killed."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import NamedTuple, TypeVar

import pytest

from tests.approval_requests import ask_people
from tests.processes import start as start_process
from tests.store.conftest import start
from tests.store.worker import close, perform, propose, rows
from tools.approvals import requests
from tools.store import Store, flags, open_items, outbox, runs, trail, windows

JAN = date(2025, 1, 31)
T = TypeVar("T")


def in_threads(act: Callable[[int], T], times: int = 8) -> list[T]:
    """Do something in many threads at once."""
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(act, range(times)))


class StoreProcess(NamedTuple):
    """Another process on the store, and the file that it writes its errors to."""

    child: ForkServerProcess
    errors: Path

    def outcome(self) -> tuple[str, int | None]:
        """Wait for its end; give what it wrote of errors, and its exit code."""
        self.child.join(60)
        return self.errors.read_text() if self.errors.exists() else "", self.child.exitcode


def process(url: str, act: str, run_id: str = "r1", death: str = "") -> StoreProcess:
    """Do something in another process."""
    folder = Path(tempfile.mkdtemp())
    outputs = folder / "out", folder / "err"
    child = start_process(
        perform, url, act, run_id, death, cwd=folder, environment=os.environ, outputs=outputs
    )
    return StoreProcess(child, outputs[1])


def wait_until_killed(victim: StoreProcess) -> None:
    """Wait for a process that dies as it was told to."""
    assert victim.outcome() == ("", -signal.SIGKILL)


def test_threads_append_one_after_another(store: Store) -> None:
    """No entry is lost, and the chain is whole."""
    start(store)
    in_threads(lambda number: [trail.append(store, "r1", f"thread {number}", "did") for _ in range(5)])
    assert [entry["seq"] for entry in trail.entries(store, "r1")] == list(range(1, 42))
    assert trail.verify(store) == []


def test_processes_append_one_after_another(store: Store, url: str) -> None:
    """Nor between processes."""
    start(store)
    appending = [process(url, "append") for _ in range(3)]
    assert [worker.outcome() for worker in appending] == [("", 0)] * 3
    assert [entry["seq"] for entry in trail.entries(store, "r1")] == list(range(1, 32))
    assert trail.verify(store) == []


def test_runs_that_open_together_share_no_day(store: Store) -> None:
    """Each takes what the others left: one begins at the beginning."""
    for number in range(8):
        start(store, f"r{number}")
    claims = in_threads(lambda number: windows.take(store, f"r{number}", "E", ["card"], JAN)["card"])
    assert sorted(window[0] is None for window in claims) == [False] * 7 + [True]


def test_what_is_written_together_is_written_once(store: Store) -> None:
    """Runs, requests, notices, flags and decisions of many threads are one each."""
    started = in_threads(
        lambda _: runs.start_audit(store, thread_id="t", started_by="dana", entity="E").run_id
    )
    run_id = started[0]
    in_threads(lambda _: ask_people(store, run_id, "gate", needs={"gate": 1}))
    in_threads(
        lambda _: requests.decide(
            store, f"{run_id}-gate-1", {"gate": "approve"}, by="lee", roles=["approver"]
        )
    )
    in_threads(lambda _: outbox.queue(store, outbox.Origin("run", run_id), "ask", "mail", {}))
    proposed = in_threads(lambda _: flags.propose(store, run_id, rows()[:50]))
    assert len(set(started)) == 1
    assert len(requests.decisions(store, f"{run_id}-gate-1")) == 1
    assert len(outbox.pending(store)) == 1
    assert proposed == [proposed[0]] * 8
    assert [event.kind for event in flags.history(store, proposed[0].new[0])] == ["proposed"]
    assert trail.verify(store) == []


def test_a_run_that_is_ended_together_ends_once(store: Store) -> None:
    """Whoever comes second finds it as the first left it."""
    for name in ("r1", "r2"):
        windows.take(store, start(store, name), "E", ["card"], JAN)
    in_threads(lambda _: windows.close(store, "r1", outcome="clean"))
    in_threads(lambda _: windows.abandon(store, "r2", by="dana"))
    actions = [[entry["action"] for entry in trail.entries(store, name)] for name in ("r1", "r2")]
    assert actions == [["run started", "window claimed", f"run {how}"] for how in ("closed", "abandoned")]
    assert trail.verify(store) == []


def test_senders_do_not_take_the_same_notice(store: Store) -> None:
    """Each message is with one sender at a time."""
    start(store)
    for number in range(8):
        outbox.queue(store, outbox.Origin("run", "r1"), "ask", f"mail{number}", {})
    batches = in_threads(lambda _: outbox.claim(store))
    assert sorted(notice.message_id for batch in batches if batch for notice in batch.notices) == sorted(
        message.message_id for message in outbox.pending(store)
    )


@pytest.mark.postgresql_for("before_commit")
@pytest.mark.parametrize("death", ["on_moving", "on_anchoring", "before_commit", "after_commit"])
def test_a_close_that_is_killed_is_whole_or_nothing(store: Store, url: str, death: str) -> None:
    """Killed at any point: the run is open with its window, or closed with its watermark; then it closes."""
    start(store)
    windows.take(store, "r1", "E", ["card"], JAN)
    wait_until_killed(process(url, "close", death=death))
    closed = death == "after_commit"
    assert runs.get(store, "r1").status == ("closed" if closed else "open")
    assert windows.watermarks(store, "E") == ({"card": JAN} if closed else {})
    assert len(open_items.of_entity(store, "E")) == closed
    assert trail.verify(store) == []
    close(store, "r1")
    assert windows.watermarks(store, "E") == {"card": JAN}
    assert [entry["action"] for entry in trail.entries(store, "r1")].count("run closed") == 1
    assert trail.verify(store) == []


@pytest.mark.postgresql_for("before_commit")
@pytest.mark.parametrize("death", ["before_commit", "after_commit"])
def test_flags_of_a_killed_process_are_raised_once(store: Store, url: str, death: str) -> None:
    """All of them or none are there; proposing again raises what is missing, and none twice."""
    start(store)
    wait_until_killed(process(url, "propose", death=death))
    proposed = flags.count(store).get("INFO", {}).get("proposed", 0)
    assert proposed == (1200 if death == "after_commit" else 0)
    propose(store, "r1")
    assert flags.count(store) == {"INFO": {"proposed": 1200}}
    assert len(flags.history(store, flags.find(store, limit=1)[0].flag_id)) == 1


def test_an_opening_that_is_killed_holds_nothing(store: Store, url: str) -> None:
    """A window that was never committed is free."""
    start(store)
    start(store, "r2")
    wait_until_killed(process(url, "take", death="before_commit"))
    assert windows.take(store, "r2", "E", ["card"], JAN) == {"card": (None, JAN)}
