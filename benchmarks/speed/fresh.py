"""Run one job in a fresh process, some times over: median, noise and peak memory are of that job alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

from rich.console import Console

_progress: Final = Console(stderr=True)


@dataclass
class Timed:
    """What a job took: seconds (its own, imports aside) and peak memory of its process, one entry a run."""

    job: str
    rows: int
    seconds: list[float] = field(default_factory=list)
    peak_mb: list[float] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    error: str = ""

    @property
    def median(self) -> float:
        """The median of its seconds."""
        return median(self.seconds) if self.seconds else float("nan")

    @property
    def noise(self) -> str:
        """The shortest and the longest run."""
        return f"{min(self.seconds):.3g} to {max(self.seconds):.3g}" if self.seconds else ""

    @property
    def peak(self) -> float:
        """The highest peak memory, in MB."""
        return max(self.peak_mb, default=float("nan"))

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return {
            "job": self.job,
            "rows": self.rows,
            "seconds": self.seconds,
            "peak_mb": self.peak_mb,
            "facts": self.facts,
            "error": self.error,
        }


def run(job: str, rows: int, *arguments: str, repeats: int = 3, timeout: float = 1800.0) -> Timed:
    """Run `python -m benchmarks.speed.job JOB ARGUMENTS` that many times.

    A job that fails or can't be run here says why in `error`, and is not tried again.
    """
    timed = Timed(job, rows)
    for turn in range(repeats):
        _progress.print(f"{job}, {rows:,} rows, {turn + 1} of {repeats}", style="dim")
        done = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-m", "benchmarks.speed.job", job, *arguments],
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
        if done.returncode:
            timed.error = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "died"
            return timed
        result = json.loads(done.stdout.strip().splitlines()[-1])
        timed.seconds.append(result["seconds"])
        timed.peak_mb.append(result["peak_mb"])
        timed.facts = result["facts"]
        if timed.seconds[-1] > timeout / 10:
            return timed
    return timed
