"""What a shell's environment may not change about the tests."""

from __future__ import annotations

import os
import sys

OURS = ("TIEOUT_", "DATABASE_URL", "CHECKPOINT_URL", "WORKSPACE_URL", "DOCUMENTS_URL")


def leave_behind() -> None:
    """Take our settings out of this process's environment: each test has a desk of its own.

    What a process compiles is kept for the next, too: compiling anew takes each ten seconds.
    """
    for name in [name for name in os.environ if name.startswith((*OURS, "PYTHONDONTWRITEBYTECODE"))]:
        del os.environ[name]
    sys.dont_write_bytecode = False
