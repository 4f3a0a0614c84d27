"""A worker: takes tasks from the store one after another, and does each under its lease.

work(worker)                     until it is to drain, or nothing is due and it works once
carry_out(worker, lease)         one task: its kind's function, heartbeats beside it, its end recorded

What a worker can do is an explicit tuple of kinds; a task of another kind waits for one that knows it.
"""

from __future__ import annotations

import os
import threading
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import structlog

from graph.runtime.heartbeats import Heartbeats
from tools.core.clock import clock
from tools.core.errors import TieoutError, UnreachableError
from tools.core.settings import Settings
from tools.core.stopping import StoppedError
from tools.runs import leases, tasks, wake_ups
from tools.runs.leases import Lease, LostLeaseError
from tools.runs.requesters import TaskClaim
from tools.runs.thread_lock import BusyThreadError
from tools.store import Store
from tools.store.models import Task

EXIT_LOST: Final = 75  # of a worker whose task is another's: it ends at once, so that it writes nothing more
POLL_SECONDS: Final = 0.5  # between an idle worker's looks at a store that sends no wake-ups
AWAY_SECONDS: Final = 5.0  # between tries to reach a store that is away
DECLINED_SECONDS: Final = 1.0  # before a task that this worker left to another is taken
BUSY_SECONDS: Final = 15.0  # before a run is tried again that another process works on
RETRY_SECONDS: Final = 30.0  # before the second attempt; it doubles
LAST_WORD_TRIES: Final = 60  # to record the end of a task in a store that is away
_log = structlog.stdlib.get_logger(__name__)


class DeclinedError(TieoutError):
    """This worker leaves the task to another."""


@dataclass(frozen=True)
class Job:
    """What a kind's function is handed."""

    store: Store
    settings: Settings
    lease: Lease
    check: Callable[[], None]  # raises LostLeaseError; to be called before what cannot be taken back
    worker: str = ""
    opened: object = None  # what the kind's `begin` gave

    @property
    def claim(self) -> TaskClaim:
        """What shows that this worker has the task, and so acts for whoever asked for it."""
        return TaskClaim(self.lease.task_id, self.lease.token)

    def watch(self, _mode: str, _chunk: object) -> None:
        """Check at each thing that a graph streams, so that no further step runs without authority."""
        self.check()


LastWord = Callable[[], Mapping[str, Any]]
Begin = Callable[[Store, Lease, str], object]
Failed = Callable[[Store, Task], None]


@dataclass(frozen=True)
class TaskKind:
    """A kind of task: its name in the store, and the function that does it. It may run twice.

    run gives the result, or what writes and gives it in the transaction that ends the task. begin: what is
    written in the transaction of the claim. failed: what is written in the transaction that fails a task for
    good, by whichever worker: its own may be dead.
    """

    name: str
    run: Callable[[Job], Mapping[str, Any] | LastWord]
    begin: Begin | None = None
    failed: Failed | None = None


def end_process() -> None:
    """End this process at once: whoever lost its authority writes nothing more."""
    os._exit(EXIT_LOST)


@dataclass(frozen=True)
class Worker:
    """Who works, on what. prepare: called before each look, to put down what time asks for."""

    name: str
    store: Store
    settings: Settings
    kinds: tuple[TaskKind, ...]
    drain: threading.Event = field(default_factory=threading.Event)
    once: bool = False
    lease_seconds: float = tasks.LEASE_SECONDS
    prepare: Callable[[], None] = lambda: None
    on_lost: Callable[[], None] = end_process

    @property
    def kind_names(self) -> tuple[str, ...]:
        """Name the kinds that it can do."""
        return tuple(kind.name for kind in self.kinds)

    def due(self, task_id: str = "") -> bool:
        """Say whether there is something to take."""
        self.prepare()
        return tasks.due(self.store, self.kind_names, task_id)


def work(worker: Worker) -> None:
    """Take and do tasks until the worker is to drain; once: until nothing is due."""
    if worker.store.dialect == "postgresql":
        wake_ups.prepare(worker.store)
    while not worker.drain.is_set():
        try:
            worker.prepare()
            lease, opened = _claim(worker)
            if lease:
                carry_out(worker, lease, opened)
            elif worker.once:
                return
            else:
                _idle(worker)
        except UnreachableError as error:
            _log.warning("the worker waits for the store", error=str(error))
            worker.drain.wait(AWAY_SECONDS)


def _claim(worker: Worker) -> tuple[Lease | None, object]:
    """Take the next task, and write with the claim that it has begun; the claim alone where it is refused."""
    if not tasks.due(worker.store, worker.kind_names):
        return None, None
    try:
        with worker.store.begin():
            lease = _take(worker)
            begin = _kind(worker, lease).begin if lease else None
            return lease, begin(worker.store, lease, worker.name) if begin and lease else None
    except UnreachableError:
        raise
    except TieoutError:  # `run` begins by itself, and what it raises is recorded
        return _take(worker), None


def _take(worker: Worker) -> Lease | None:
    return tasks.claim(
        worker.store,
        worker.name,
        worker.kind_names,
        lease_seconds=worker.lease_seconds,
        on_failed=partial(_failed, worker),
    )


def _failed(worker: Worker, task: Task) -> None:
    failed = _kind(worker, task).failed
    if failed:
        failed(worker.store, task)


def _kind(worker: Worker, task: Lease | Task) -> TaskKind:
    return next(kind for kind in worker.kinds if kind.name == task.kind)


def _fail(worker: Worker, lease: Lease, reason: str, retry_seconds: float | None = None) -> str:
    with worker.store.begin():
        status = leases.fail(worker.store, lease, reason, retry_seconds=retry_seconds)
        if status == "failed":
            _failed(worker, tasks.get(worker.store, lease.task_id))
        return status


def carry_out(worker: Worker, lease: Lease, opened: object = None) -> None:
    """Do one task and record how it ended; a task that lost its lease records nothing."""
    log = _log.bind(task=lease.task_id, kind=lease.kind, attempt=lease.attempt, worker=worker.name)
    log.info("task_assigned")
    started = clock().now()
    with suppress(LostLeaseError), Heartbeats(worker.store, lease, worker.on_lost) as beats:
        end = _attempt(worker, lease, beats, opened)
        status = _last_word(beats, end)
        seconds = (clock().now() - started).total_seconds()
        log.info("task_completed", status=status, seconds=round(seconds, 3))
        return
    log.warning("task_lost")


def _attempt(worker: Worker, lease: Lease, beats: Heartbeats, opened: object) -> Callable[[], str]:
    """Do the work; give what is to be written about it. Raises LostLeaseError."""
    job = Job(worker.store, worker.settings, lease, beats.check, worker.name, opened)
    try:
        result = _kind(worker, lease).run(job)
    except LostLeaseError:
        raise
    except BusyThreadError:  # by an answer, or by a worker that lost this task and has yet to notice
        return partial(_handed_back, worker.store, lease, BUSY_SECONDS)
    except DeclinedError:  # another worker is to have it
        return partial(_handed_back, worker.store, lease, DECLINED_SECONDS)
    except StoppedError:  # SIGTERM, which was meant for this worker
        worker.drain.set()
        return partial(_handed_back, worker.store, lease, 0.0)
    except TieoutError as error:
        wait = _wait(lease) if isinstance(error, UnreachableError) else None
        return partial(_fail, worker, lease, str(error), wait)
    except Exception as error:  # noqa: BLE001 - the border: nobody above could record it
        return partial(_unexpected, worker, lease, error)
    return partial(_succeeded, worker, lease, result)


def _last_word(beats: Heartbeats, end: Callable[[], str]) -> str:
    """Record the end, however long the store is away: what is done is not to be done again."""
    for _ in range(LAST_WORD_TRIES):
        try:
            return beats.last_word(end)
        except UnreachableError as error:
            _log.warning("the end of a task waits for the store", error=str(error))
            clock().sleep(AWAY_SECONDS)
    return beats.last_word(end)


def _succeeded(worker: Worker, lease: Lease, result: Mapping[str, Any] | LastWord) -> str:
    try:
        with worker.store.begin():
            leases.succeed(worker.store, lease, result() if callable(result) else result)
    except (LostLeaseError, UnreachableError):
        raise
    except TieoutError as error:
        return _fail(worker, lease, str(error))
    except Exception as error:  # noqa: BLE001 - as above
        return _unexpected(worker, lease, error)
    return "succeeded"


def _unexpected(worker: Worker, lease: Lease, error: Exception) -> str:
    lines = "".join(traceback.format_exception(error))
    _log.error("task_error", task=lease.task_id, traceback=lines)
    reason = f"unexpected {type(error).__name__}: {error}"
    return _fail(worker, lease, reason, _wait(lease))


def _handed_back(store: Store, lease: Lease, wait_seconds: float) -> str:
    leases.hand_back(store, lease, wait_seconds=wait_seconds)
    return "handed back"


def _wait(lease: Lease) -> float:
    return RETRY_SECONDS * 2.0 ** (lease.attempt - 1)


def _idle(worker: Worker) -> None:
    """Wait until there may be something to do."""
    if worker.store.dialect == "postgresql":
        wake_ups.listen(worker.store, worker.due, worker.drain.is_set)
    else:
        worker.drain.wait(POLL_SECONDS)
