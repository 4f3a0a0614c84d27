"""How a process of ours ends soon."""

from __future__ import annotations

import atexit
import os
import sys
import threading


def leave(code: int) -> None:
    """End this process with an exit code, and leave it to the system to take apart what was loaded.

    Python would first look through all of it, for a tenth of the time that an audit of small books takes.
    What is to be closed is closed (by hooks of atexit), and what was written is flushed. Returns where that
    can't be done, or where a thread that Python would wait for still works: then Python ends the process.
    """
    if any(thread.is_alive() for thread in threading.enumerate() if _is_waited_for(thread)):
        return
    atexit._run_exitfuncs()  # noqa: SLF001 - sys.exit calls the same, and has no other name for it
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except OSError:
        return
    os._exit(code)


def _is_waited_for(thread: threading.Thread) -> bool:
    return thread is not threading.main_thread() and not thread.daemon
