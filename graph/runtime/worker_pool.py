"""A pool of worker processes on this machine: started, replaced when they die, more of them while busy.

They drain together: each has a pipe from the pool, and when it closes, because the pool drains or died, the
worker drains. So no worker outlives its pool. Only processes that the pool started itself are ever signalled,
by their id.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog

from graph.runtime.worker import EXIT_LOST
from tools.core.errors import UnreachableError
from tools.runs import tasks
from tools.store import Store, workers

_LOOK_SECONDS: Final = 0.1
_SCALE_SECONDS: Final = 5.0  # between two looks at how busy the workers are
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
    leaving: bool = False


@dataclass(frozen=True)
class PoolScale:
    """How many workers there are: `least`, and up to `most` while they are busy and tasks wait.

    up, down: shares of busy workers above which one more is started, below which an idle one is drained.
    gone_seconds: a worker that is silent for longer is killed, and another takes its place.
    """

    least: int
    most: int = 0
    up: float = 0.8
    down: float = 0.3
    gone_seconds: float = workers.GONE_SECONDS

    def change(self, size: int, busy: int, *, tasks_wait: bool) -> int:
        """Say by how many workers to change: 1, 0 or -1."""
        share = busy / size if size else 1.0
        if share > self.up and tasks_wait and size < self.most:
            return 1
        return -1 if share < self.down and size > self.least else 0


@dataclass
class WorkerPool:
    """Workers in number as the scale says. command: what starts one under a name; environment: besides ours.

    A worker that ends with a code other than 0, or that of a lost lease, could not begin (a wrong setting):
    the pool drains, and gives that code.
    """

    store: Store
    command: Callable[[str], Sequence[str]]
    scale: PoolScale
    drain: threading.Event = field(default_factory=threading.Event)
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self) -> int:
        """Keep the workers going until they are done or the pool is to drain; give the worst exit code."""
        slots, code = [_Slot(number) for number in range(1, self.scale.least + 1)], 0
        looked = time.monotonic()
        try:
            while not self.drain.is_set() and not all(slot.done for slot in slots):
                for slot in slots:
                    code = max(code, self._tend(slot))
                if code:
                    break
                if time.monotonic() - looked > _SCALE_SECONDS:
                    self._look_after(slots)
                    looked = time.monotonic()
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
        if (ended < 0 or ended == EXIT_LOST) and not slot.leaving:
            self._bury(slot, ended)
            return 0
        slot.done = True
        return 0 if slot.leaving else ended

    def _look_after(self, slots: list[_Slot]) -> None:
        """Kill workers that are gone though their processes live; start one more, or drain an idle one."""
        slots[:] = [slot for slot in slots if not (slot.leaving and slot.done)]
        by_name = {slot.name: slot for slot in slots if slot.process and not slot.leaving}
        try:
            gone = workers.silent(self.store, list(by_name), self.scale.gone_seconds)
            busy = tasks.busy(self.store, list(by_name))
            tasks_wait = tasks.waiting(self.store) > 0
        except UnreachableError as error:
            _log.warning("the pool stays as it is: the store is away", error=str(error))
            return
        for name in gone:
            self._kill(by_name[name])
        change = self.scale.change(len(by_name), len(busy), tasks_wait=tasks_wait)
        if change > 0:
            slots.append(_Slot(max(slot.number for slot in slots) + 1))
        idle = [slot for name, slot in by_name.items() if name not in busy and name not in gone]
        if change < 0 and idle:
            self._let_go(idle[-1])
        if change:
            _log.info("pool_scaled", before=len(by_name), by=change, busy=len(busy))

    def _kill(self, slot: _Slot) -> None:
        """Kill a worker that no longer shows that it lives; `_tend` starts another."""
        if slot.process:
            _log.warning("worker_gone", worker=slot.name, silent_seconds=self.scale.gone_seconds)
            slot.process.kill()

    def _let_go(self, slot: _Slot) -> None:
        """Let an idle worker end; what it may just have taken it finishes."""
        slot.leaving = True
        if slot.process:
            _close(slot.process)

    def _start(self, slot: _Slot) -> None:
        host = socket.gethostname().partition(".")[0]
        slot.name = f"{host}-{slot.number}-{secrets.token_hex(4)}"
        # A session of its own: Ctrl-C in the terminal is for the pool, which lets the workers finish.
        slot.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            self.command(slot.name),
            stdin=subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, **self.environment},
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
