"""One job in this process: `python -m benchmarks.speed.job NAME ARGUMENTS` prints one line of JSON."""

from __future__ import annotations

import importlib
import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

# Job: the function that does it and gives (seconds, facts). Modules are imported here, not before.
JOBS: Final = {
    "scan": "benchmarks.speed.checks:scan",
    "check": "benchmarks.speed.checks:check",
    "three": "benchmarks.speed.checks:three",
    "sound_rows": "benchmarks.speed.checks:sound_rows",
    "twelve_rules": "benchmarks.speed.checks:twelve_rules",
    "ten_tests": "benchmarks.speed.checks:ten_tests",
    "pairs": "benchmarks.speed.checks:pairs",
    "three_passes": "benchmarks.speed.checks:three_passes",
    "outliers": "benchmarks.speed.checks:outliers",
    "cycle": "benchmarks.speed.cycle:cycle",
    "imports": "benchmarks.speed.cycle:imports",
    "pandera": "benchmarks.speed.peers.pandera_rules:run",
    "splink": "benchmarks.speed.peers.splink_link:run",
    "pandas_merge": "benchmarks.speed.peers.pandas_merge:run",
    "pandas_pyod": "benchmarks.speed.peers.pandas_pyod:run",
}


def main() -> None:
    """Do the job and print what it took."""
    module, _, name = JOBS[sys.argv[1]].partition(":")
    job: Callable[..., tuple[float, dict[str, Any]]] = getattr(importlib.import_module(module), name)
    seconds, facts = job(*sys.argv[2:])
    print(json.dumps({"seconds": round(seconds, 4), "peak_mb": round(peak_mb(), 1), "facts": facts}))


def peak_mb() -> float:
    """Give this process's peak memory in MB.

    From the kernel's own count where there is one: getrusage passes a parent's peak on to its children.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
