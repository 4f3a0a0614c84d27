"""A worker shows that it lives, every few seconds, with what it takes of the machine."""

from __future__ import annotations

import os
import socket
import threading
import time
from types import TracebackType
from typing import Final, Self

import psutil
import structlog

from tools.core.errors import TieoutError, UnreachableError
from tools.store import Store, workers

_BYTES_A_MB: Final = 1 << 20
_log = structlog.stdlib.get_logger(__name__)


class Alive:
    """Shows signs of life while the enclosed code works."""

    def __init__(self, store: Store, name: str, seconds: float) -> None:
        """Begin. seconds: between two signs."""
        self._store, self._name, self._seconds = store, name, seconds
        self._ended, self._latency = threading.Event(), 0
        self._process = psutil.Process()
        self._thread = threading.Thread(target=self._go_on, name="signs of life", daemon=True)

    def __enter__(self) -> Self:
        self._beat()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        try:
            workers.mark_ended(self._store, self._name)
        except TieoutError as unsaid:
            _log.warning("a worker could not say that it ended", worker=self._name, error=str(unsaid))

    def _go_on(self) -> None:
        while not self._ended.wait(self._seconds):
            self._beat()

    def _beat(self) -> None:
        started = time.monotonic()
        try:
            workers.beat(
                self._store,
                self._name,
                socket.gethostname(),
                os.getpid(),
                memory_mb=self._process.memory_info().rss // _BYTES_A_MB,
                cpu_percent=round(self._process.cpu_percent()),
                latency_ms=self._latency,
            )
        except UnreachableError as error:
            _log.warning("a sign of life waits for the store", worker=self._name, error=str(error))
        self._latency = round((time.monotonic() - started) * 1000)
