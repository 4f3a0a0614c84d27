"""Measure speed: `python -m benchmarks.speed` (or `make bench`).

Synthetic books of each size are written once; every figure is of a fresh process; medians with the shortest
and the longest run beside them. Peers come with the extra `bench`; one that isn't there is named as such.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from benchmarks.audited import CHECKS
from benchmarks.speed import measures, report, targets
from benchmarks.speed.fresh import run
from benchmarks.speed.measures import MeasuringPlan

OUT: Final = Path(".tieout/speed.json")
_NAMES: Final = (*CHECKS, "three")
_ROWS: Final = [1_000, 100_000, 1_000_000, 10_000_000]


def main() -> None:
    """Read the command line, measure, print, write the JSON."""
    options = _arguments()
    console = Console(width=None if Console().is_terminal else 170)
    with _folder(options.keep) as work:
        done = _measured(_plan(options, work), console)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(done, indent=1, ensure_ascii=False), encoding="utf-8")
    console.print(f"written to {options.json}")


def _measured(plan: MeasuringPlan, console: Console) -> dict[str, Any]:
    cycles = [measures.cycle(plan, rows) for rows in plan.cycle_sizes]
    start = run("imports", 0, repeats=plan.repeats) if cycles else None
    if start:
        console.print(report.imports(start))
        console.print(report.cycles(cycles))
    checks = [pair for rows in plan.sizes for pair in measures.checks(plan, rows)]
    console.print(report.checks(checks))
    like = [figure for rows in plan.prototype_sizes for figure in measures.prototype(plan, rows)]
    if like:
        console.print(report.prototype(like))
    peers = [figure for rows in plan.peer_sizes for figure in measures.peers(plan, rows)]
    if peers:
        console.print(report.peers(peers))
    reached = targets.reached([timed for timed, _ in checks if timed.job == "three"], cycles, start)
    if reached:
        console.print(report.targets(reached))
    return {
        "start": start.as_dict() if start else None,
        "cycles": [timed.as_dict() for timed in cycles],
        "checks": [{**timed.as_dict(), "scan": scan.as_dict()} for timed, scan in checks],
        "prototype": [{"work": w, "ours": o.as_dict(), "prototype_seconds": s} for w, o, s in like],
        "peers": [{"work": w, "ours": o.as_dict(), "peer": p.as_dict()} for w, o, p in peers],
        "targets": [figure.as_dict() for figure in reached],
    }


def _plan(arguments: argparse.Namespace, work: Path) -> MeasuringPlan:
    return MeasuringPlan(
        sizes=arguments.rows,
        peer_sizes=[] if arguments.no_peers else arguments.peer_rows,
        cycle_sizes=[] if arguments.no_cycle else arguments.cycle_rows,
        prototype_sizes=[] if arguments.no_peers else arguments.prototype_rows,
        names=arguments.checks,
        repeats=arguments.repeats,
        work=work,
    )


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="tieout-bench-") as folder:
        yield Path(folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure speed, as ratios against named peers.")

    def sizes(option: str, default: list[int], text: str) -> None:
        parser.add_argument(option, type=int, nargs="+", default=default, help=text)

    sizes("--rows", _ROWS, "rows of the checks' books")
    sizes("--peer-rows", [100_000], "rows that peers are given")
    sizes("--cycle-rows", [1_000, 100_000], "rows of whole cycles")
    sizes("--prototype-rows", [10_000, 1_000_000], "rows on which the prototype was measured")
    parser.add_argument("--no-peers", action="store_true", help="ours alone")
    parser.add_argument("--no-cycle", action="store_true", help="checks alone")
    parser.add_argument("--checks", nargs="+", default=list(_NAMES), choices=_NAMES, help="which to time")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each job; the median counts")
    parser.add_argument("--keep", type=Path, help="write the books here and keep them")
    parser.add_argument("--json", type=Path, default=OUT)
    return parser.parse_args()


if __name__ == "__main__":
    main()
