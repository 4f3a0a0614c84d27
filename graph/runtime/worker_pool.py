"""A pool of worker processes on this machine: started, replaced when they die, drained together.

Each holds a pipe from the pool: when it closes, because the pool drains or died, the worker drains. So no
worker outlives its pool. Only processes that the pool started itself are ever signalled, by their id.
"""

from __future__ import annotations

import secrets
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog

from graph.runtime.worker import EXIT_LOST
from tools.core.errors import UnreachableError
from tools.runs import tasks
from tools.store import Store

_LOOK_SECONDS: Final = 0.1
_SHORT_LIFE_SECONDS: Final = 10.0
_LONGEST_WAIT_SECONDS: Final = 30.0
_log = structlog.stdlib.get_logger(__name__)


@dataclass
class _Slot:
    """One place in the pool, and the process that is in it."""

    number: int
    name: str = ""
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    short_lives: int = 0
    not_before: float = 0.0
    done: bool = False


@dataclass
class WorkerPool:
    """So many workers. command: what starts one under a name.

    A worker that ends with a code other than 0, or that of a lost lease, could not begin (a wrong setting):
    the pool drains, and gives that code.
    """

    store: Store
    command: Callable[[str], Sequence[str]]
    size: int
    drain: threading.Event = field(default_factory=threading.Event)

    def run(self) -> int:
        """Keep the workers going until they are done or the pool is to drain; give the worst exit code."""
        slots, code = [_Slot(number) for number in range(1, self.size + 1)], 0
        try:
            while not self.drain.is_set() and not all(slot.done for slot in slots):
                for slot in slots:
                    code = max(code, self._tend(slot))
                if code:
                    break
                self.drain.wait(_LOOK_SECONDS)
        finally:
            self._end(slots)
        return code

    def _tend(self, slot: _Slot) -> int:
        """Start what is not there; give the code of a worker that could not begin."""
        if slot.done:
            return 0
        if slot.process is None:
            if time.monotonic() >= slot.not_before:
                self._start(slot)
            return 0
        ended = slot.process.poll()
        if ended is None:
            return 0
        _close(slot.process)
        slot.process = None
        if ended < 0 or ended == EXIT_LOST:
            self._bury(slot, ended)
            return 0
        slot.done = True
        return ended

    def _start(self, slot: _Slot) -> None:
        host = socket.gethostname().partition(".")[0]
        slot.name = f"{host}-{slot.number}-{secrets.token_hex(4)}"
        # A session of its own: Ctrl-C in the terminal is for the pool, which lets the workers finish.
        slot.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            self.command(slot.name), stdin=subprocess.PIPE, start_new_session=True
        )
        slot.started = time.monotonic()
        _log.info("worker_started", worker=slot.name, pid=slot.process.pid)

    def _bury(self, slot: _Slot, ended: int) -> None:
        """Free the tasks of a worker that died, and start another: later, when they die again and again."""
        short = time.monotonic() - slot.started < _SHORT_LIFE_SECONDS
        slot.short_lives = slot.short_lives + 1 if short else 0
        wait = min(2.0 ** (slot.short_lives - 1), _LONGEST_WAIT_SECONDS) if slot.short_lives > 1 else 0.0
        slot.not_before = time.monotonic() + wait
        _log.warning("worker_died", worker=slot.name, code=ended, again_in_seconds=wait)
        try:
            tasks.expire_leases(self.store, slot.name)
        except UnreachableError as error:  # they expire by themselves
            _log.warning("leases of a dead worker stay until they expire", worker=slot.name, error=str(error))

    def _end(self, slots: list[_Slot]) -> None:
        """Let each worker come to the end of a step, and wait for it."""
        running = [slot.process for slot in slots if slot.process]
        for process in running:
            _close(process)
        for process in running:
            process.wait()


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin and not process.stdin.closed:
        process.stdin.close()
