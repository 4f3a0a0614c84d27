"""Run the command line as people do: as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from desk.cli import main
from tests.processes import ROOT, run_process
from tests.surroundings import OURS

_SECONDS = 240


def tieout(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `tieout` in `cwd` with nothing of ours in the environment but what is given."""
    return run_process(main, arguments, cwd=cwd, environment=environment_with(**environment))


def tieout_process(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Do the same with an interpreter that has yet to import everything, and that no warning gets past."""
    return subprocess.run(  # noqa: PLW1510 - the exit code is what tests look at
        [sys.executable, "-W", "error", "-m", "desk.cli", *arguments],
        cwd=cwd,
        env=environment_with(**environment),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=_SECONDS,
    )


def environment_with(**more: str) -> dict[str, str]:
    """Give this process's environment without our settings, and with `more`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**inherited, "PYTHONPATH": str(ROOT), "COLUMNS": "80", **more}
