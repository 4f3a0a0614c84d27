"""Heartbeats of a task, in a thread beside the work; and the moment at which its authority ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

import structlog

from tools.core.errors import UnreachableError
from tools.runs import leases
from tools.runs.leases import Lease, LostLeaseError
from tools.store import Store

BEATS_A_LEASE = 6
T = TypeVar("T")
_log = structlog.stdlib.get_logger(__name__)


class Heartbeats:
    """Renew a lease while the enclosed code works; `on_lost` is called once it is another worker's.

    A store that is away ends nothing: the work goes on, and whether it still counts is seen at its end.
    """

    def __init__(self, store: Store, lease: Lease, on_lost: Callable[[], None]) -> None:
        self._store, self._lease, self._on_lost = store, lease, on_lost
        self._ended, self._word = threading.Event(), threading.Lock()
        self._last = time.monotonic()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeats {lease.task_id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def check(self) -> None:
        """Raise LostLeaseError when the task is another's; asks the store only after a silence.

        A process that was stopped for longer than its lease finds out here, before it writes.
        """
        if time.monotonic() - self._last >= self._lease.seconds:
            self._renew()

    def last_word(self, say: Callable[[], T]) -> T:
        """Write the end of the task; no heartbeat comes after it."""
        with self._word:
            result = say()
            self._ended.set()
            return result

    def _renew(self) -> None:
        with self._word:
            if not self._ended.is_set():
                at = time.monotonic()
                leases.heartbeat(self._store, self._lease)
                self._last = at

    def _beat(self) -> None:
        while not self._ended.wait(self._lease.seconds / BEATS_A_LEASE):
            try:
                self._renew()
            except LostLeaseError as error:
                _log.warning("task_lost", task=self._lease.task_id, error=str(error))
                self._on_lost()
                return
            except UnreachableError as error:
                _log.warning("a heartbeat waits for the store", task=self._lease.task_id, error=str(error))
