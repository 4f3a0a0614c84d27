"""Run a command that ends with whoever started it, within an amount of memory: `limited.py MB COMMAND ...`.

A script of its own and without imports of ours, so that nothing runs between fork and exec in a worker.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_BYTES_A_MB: Final = 1 << 20


def run(memory_mb: int, command: list[str]) -> None:
    """Become the command. A worker that is killed takes it along; memory past the limit is a MemoryError."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(-signal.SIGKILL)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (memory_mb * _BYTES_A_MB, hard))
    os.execvp(command[0], command)  # noqa: S606 - the programme's allow-listed command, no shell


if __name__ == "__main__":
    run(int(sys.argv[1]), sys.argv[2:])
