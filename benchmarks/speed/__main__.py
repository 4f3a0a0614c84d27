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
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from benchmarks import synthetic
from benchmarks.audited import CHECKS
from benchmarks.speed import report
from benchmarks.speed.fresh import Timed, run

OUT: Final = Path(".tieout/speed.json")
_SIZES: Final = (1_000, 100_000, 1_000_000)
_CYCLES: Final = (1_000, 100_000)
_NAMES: Final = (*CHECKS, "three")
_LARGE: Final = 10_000_000
_FEW: Final = 1_000_000  # from here on, fewer repeats
# work, our job, their job, shape of the rows
_PEERS: Final = (
    ("eight rules of one row", "sound_rows", "pandera", "books"),
    ("bank against ledger", "pairs", "splink", "pair"),
    ("bank against ledger", "pairs", "pandas_merge", "pair"),
    ("outliers, duplicates, weekends, round sums", "outliers", "pandas_pyod", "books"),
)


@dataclass(frozen=True)
class Asked:
    """What is to be measured: sizes of books, how often, and where they are written."""

    sizes: list[int]
    peer_sizes: list[int]
    cycle_sizes: list[int]
    names: list[str]
    repeats: int
    work: Path

    def times(self, rows: int) -> int:
        """Give how often a job on so many rows is repeated."""
        return self.repeats if rows < _FEW else max(1, self.repeats // 2)


def main() -> None:
    """Read the command line, measure, print, write the JSON."""
    given = _given()
    console = Console(width=None if Console().is_terminal else 170)
    done: dict[str, Any] = {}
    with _folder(given.keep) as work:
        asked = Asked(
            given.rows + [_LARGE] * given.large, [] if given.no_peers else given.peer_rows,
            [] if given.no_cycle else given.cycle_rows, given.checks, given.repeats, work,
        )  # fmt: skip
        cycles = [_cycle(asked, rows) for rows in asked.cycle_sizes]
        if cycles:
            start = run("imports", 0, repeats=asked.repeats)
            done["start"] = start.as_dict()
            console.print(report.imports(start))
            console.print(report.cycles(cycles))
        checks = [pair for rows in asked.sizes for pair in _checks(asked, rows)]
        console.print(report.checks(checks))
        peers = [one for rows in asked.peer_sizes for one in _peers(asked, rows)]
        console.print(report.peers(peers))
    done["cycles"] = [one.as_dict() for one in cycles]
    done["checks"] = [{**one.as_dict(), "scan": scan.as_dict()} for one, scan in checks]
    done["peers"] = [{"work": w, "ours": o.as_dict(), "peer": p.as_dict()} for w, o, p in peers]
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(done, indent=1), encoding="utf-8")
    console.print(f"written to {given.json}")


def _checks(asked: Asked, rows: int) -> Iterator[tuple[Timed, Timed]]:
    folder = _books(asked.work, rows, "books")
    for name in asked.names:
        arguments = ("three",) if name == "three" else ("check", name)
        timed = run(arguments[0], rows, *arguments[1:], str(folder), repeats=asked.times(rows))
        timed.job = name
        yield timed, run("scan", rows, name, str(folder), repeats=asked.times(rows))


def _peers(asked: Asked, rows: int) -> Iterator[tuple[str, Timed, Timed]]:
    ours: dict[str, Timed] = {}
    for work, mine, theirs, shape in _PEERS:
        folder = str(_books(asked.work, rows, shape))
        if mine not in ours:
            ours[mine] = run(mine, rows, folder, repeats=asked.times(rows))
        yield work, ours[mine], run(theirs, rows, folder, repeats=asked.times(rows))


def _cycle(asked: Asked, rows: int) -> Timed:
    files = synthetic.write_files(_books(asked.work, rows, "books"), asked.work / f"files-{rows}")
    whole = Timed("cycle", rows)
    for index in range(asked.times(rows)):
        home = asked.work / f"desk-{rows}-{index}"
        home.mkdir()
        one = run("cycle", rows, str(files), str(home), repeats=1)
        whole.seconds += one.seconds
        whole.peak_mb += one.peak_mb
        whole.facts, whole.error = one.facts, one.error
    return whole


def _books(work: Path, rows: int, shape: str) -> Path:
    folder = work / f"{shape}-{rows}" / "snapshot"
    if not folder.is_dir():
        synthetic.write(folder, rows, shape="pair" if shape == "pair" else "books")
    return folder


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="tieout-bench-") as made:
        yield Path(made)


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure speed, as ratios against named peers.")
    parser.add_argument("--rows", type=int, nargs="+", default=list(_SIZES), help="rows of the checks' books")
    parser.add_argument("--large", action="store_true", help="ten million rows too")
    parser.add_argument(
        "--peer-rows", type=int, nargs="+", default=[100_000], help="rows that peers are given"
    )
    parser.add_argument(
        "--cycle-rows", type=int, nargs="+", default=list(_CYCLES), help="rows of whole cycles"
    )
    parser.add_argument("--no-peers", action="store_true", help="ours alone")
    parser.add_argument("--no-cycle", action="store_true", help="checks alone")
    parser.add_argument("--checks", nargs="+", default=list(_NAMES), choices=_NAMES, help="which to time")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each job; the median counts")
    parser.add_argument("--keep", type=Path, help="write the books here and keep them")
    parser.add_argument("--json", type=Path, default=OUT)
    return parser.parse_args()


if __name__ == "__main__":
    main()
