"""A process of its own for what may run away: no secrets, bounded memory and time."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import tools

_SECRET: Final = ("TOKEN", "KEY", "PASSWORD", "SECRET", "DATABASE_URL", "CHECKPOINT_URL")


def plain_environment() -> Mapping[str, str]:
    """Give the environment for a process that reads no store and needs nobody's word."""
    plain = {name: value for name, value in os.environ.items() if not any(word in name for word in _SECRET)}
    return {**plain, "PYTHONPATH": str(Path(tools.__file__ or "").parents[1])}


def limit_this(*, memory: int, cpu_seconds: int) -> None:
    """Bound this process: memory in bytes of address space."""
    for kind, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def end_after(seconds: float) -> None:
    """Have the system end this process then, even in the middle of a call that hears nothing."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
