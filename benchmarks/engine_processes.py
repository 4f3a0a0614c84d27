"""What an engine's processes take while it works: memory and processor seconds, looked at as they run."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import psutil

_EVERY: Final = 0.5  # seconds
_MEGABYTE: Final = 1 << 20
_EXECUTOR: Final = "CoarseGrainedExecutorBackend"
_SERVER: Final = "postgres"


@dataclass
class ProcessUse:
    """The processes of each role on this machine: "driver" is this one and its children.

    peak_mb: of the largest process of a role. cpu: processor seconds of all, since this was begun.
    """

    peak_mb: dict[str, int] = field(default_factory=dict)
    _before: dict[int, float] = field(default_factory=dict)
    _spent: dict[int, float] = field(default_factory=dict)

    @property
    def cpu(self) -> float:
        """Processor seconds of all processes together; of the last half second of a short one, none."""
        return round(sum(self._spent.values()), 1)

    def look(self) -> None:
        """Look at every process once."""
        for role, process in _processes():
            try:
                resident, times = process.memory_info().rss, process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            self.peak_mb[role] = max(self.peak_mb.get(role, 0), resident // _MEGABYTE)
            spent = times.user + times.system
            self._spent[process.pid] = spent - self._before.get(process.pid, 0.0)

    def begin(self) -> None:
        """Remember what runs already, so that only what is spent from now on counts."""
        for _, process in _processes():
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            self._before[process.pid] = times.user + times.system


@contextmanager
def observed() -> Iterator[ProcessUse]:
    """Look at the processes of all roles twice a second while this is open."""
    use, over = ProcessUse(), threading.Event()
    use.begin()

    def look() -> None:
        while not over.wait(_EVERY):
            use.look()

    observer = threading.Thread(target=look, name="process-use", daemon=True)
    observer.start()
    try:
        yield use
    finally:
        over.set()
        observer.join()
        use.look()


def _processes() -> Iterator[tuple[str, psutil.Process]]:
    own = psutil.Process()
    yield from _with_children("driver", [own])
    others = [process for process in psutil.process_iter(["name", "cmdline"]) if process.pid != own.pid]
    executors = [process for process in others if _EXECUTOR in " ".join(process.info["cmdline"] or ())]
    yield from _with_children("executor", executors)
    yield from (("server", process) for process in others if process.info["name"] == _SERVER)


def _with_children(role: str, processes: Iterable[psutil.Process]) -> Iterator[tuple[str, psutil.Process]]:
    for process in processes:
        yield role, process
        try:
            yield from ((role, child) for child in process.children(recursive=True))
        except psutil.NoSuchProcess:
            continue
