"""A run that is open and of which nothing is recorded any more: its process ended, is stopped, or hangs."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import psutil

from tools.core.clock import clock
from tools.core.settings import Settings
from tools.incidents.systems import scores
from tools.investigation.observation import Observation
from tools.runs.thread_lock import holder_of
from tools.store.models import Run

ENDED, STOPPED, SILENT = "process ended", "process stopped", "silent"
LEAST: Final = 60.0  # seconds without an entry on the trail, from which they are asked about
MANY: Final = 3.0  # times the longest step of earlier runs
LONG: Final = 1800.0  # seconds that no step takes, where there are no earlier runs
_HOLDER: Final = re.compile(r"pid (\d+) on (.+)")


def of_run(
    run: Run, entries: Sequence[Mapping[str, Any]], steps: Sequence[float], settings: Settings
) -> Iterator[Observation]:
    """See whether a process still works on an open run, and for how long nothing was recorded of it.

    steps: seconds of the longest step of each earlier run. A step takes its time: silence alone is told from
    work by what earlier runs took.
    """
    if not entries:
        return
    last = entries[-1]
    silent = (clock().now() - datetime.fromisoformat(str(last["at"]))).total_seconds()
    holder = holder_of(settings, run.thread_id)
    since = f"nothing is recorded of it since {str(last['at'])[:19]} ({silent:.0f} s), after {last['action']}"
    if holder is None:
        if silent >= LEAST:
            text = f"no command and no worker of this desk works on it any more; {since}."
            yield _observation(ENDED, text, silent, 2 * scores.SURE, run)
    elif _is_stopped(holder):
        text = f"the process that works on it ({holder}) is stopped, not ended; {since}."
        yield _observation(STOPPED, text, silent, 2 * scores.SURE, run)
    elif silent >= max(LEAST, MANY * max(steps, default=LONG / MANY)):
        usual = f"; the longest step of {len(steps)} earlier runs took {max(steps):.0f} s" if steps else ""
        text = f"{holder} works on it, but {since}{usual}."
        yield _observation(SILENT, text, silent, scores.SURE, run)


def _is_stopped(holder: str) -> bool:
    """Say whether a process of this machine was stopped; of others nobody knows."""
    parts = _HOLDER.fullmatch(holder)
    if parts is None or parts[2] != socket.gethostname():
        return False
    try:
        return bool(psutil.Process(int(parts[1])).status() == psutil.STATUS_STOPPED)
    except psutil.Error:  # ended since, or of another user
        return False


def _observation(what: str, text: str, silent: float, deviation: float, run: Run) -> Observation:
    return Observation(
        "Z1", "store", what, text, node=what, value=round(silent, 3), deviation=deviation, unit="s",
        scope=run.graph, query={"engine": "trail", "parameters": {"run": run.run_id}},
    )  # fmt: skip
