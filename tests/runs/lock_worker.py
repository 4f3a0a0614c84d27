"""A runner in a process of its own: it locks a thread, says so, and goes on until it is told to stop."""

from __future__ import annotations

import sys

from tools.core import settings
from tools.runs.thread_lock import thread_lock

if __name__ == "__main__":
    with thread_lock(settings.load(), sys.argv[1], float(sys.argv[2])):
        sys.stdout.write("locked\n")
        sys.stdout.flush()
        sys.stdin.readline()
