"""What is measured: checks, the same work by peers and by the prototype, whole cycles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks import synthetic
from benchmarks.speed.fresh import Timed, run

_FEW: Final = 1_000_000  # from here on, fewer repeats
# work, our job, their job, shape of the rows
_PEERS: Final = (
    ("the rules of seven tests", "sound_rows", "pandera", "books"),
    ("bank against ledger", "pairs", "splink", "pair"),
    ("bank against ledger", "pairs", "pandas_merge", "pair"),
    ("outliers, duplicates, weekends, round sums", "outliers", "pandas_pyod", "books"),
)
# work, our job, shape, and the seconds of a prototype's queries on Parquet by rows
_PROTOTYPE: Final = (
    ("twelve quality rules", "twelve_rules", "books", {10_000: 0.018, 1_000_000: 0.32, 10_000_000: 4.9}),
    ("ten anomaly tests", "ten_tests", "books", {10_000: 0.083, 1_000_000: 1.37, 10_000_000: 15.4}),
    ("bank and ledger, 1:1", "three_passes", "pair", {10_000: 0.09, 1_000_000: 1.9, 10_000_000: 24.0}),
    ("with groups, breaks, tests", "pairs", "pair", {10_000: 0.09, 1_000_000: 1.9}),
)


@dataclass(frozen=True)
class MeasuringPlan:
    """What is to be measured: sizes of books, how often, and where they are written."""

    sizes: list[int]
    peer_sizes: list[int]
    cycle_sizes: list[int]
    prototype_sizes: list[int]
    names: list[str]
    repeats: int
    work: Path

    def times(self, rows: int) -> int:
        """Give how often a job on so many rows is repeated."""
        return self.repeats if rows < _FEW else max(1, self.repeats // 2)


def checks(plan: MeasuringPlan, rows: int) -> Iterator[tuple[Timed, Timed]]:
    """Time each check, and the bare scan of the columns that its tests name."""
    folder = str(_books(plan.work, rows, "books"))
    for name in plan.names:
        arguments = ("three",) if name == "three" else ("check", name)
        timed = run(arguments[0], rows, *arguments[1:], folder, repeats=plan.times(rows))
        timed.job = name
        yield timed, run("scan", rows, name, folder, repeats=plan.times(rows))


def peers(plan: MeasuringPlan, rows: int) -> Iterator[tuple[str, Timed, Timed]]:
    """Time ours and each named peer on the same rows."""
    ours: dict[str, Timed] = {}
    for work, mine, theirs, shape in _PEERS:
        folder = str(_books(plan.work, rows, shape))
        if mine not in ours:
            ours[mine] = run(mine, rows, folder, repeats=plan.times(rows))
        yield work, ours[mine], run(theirs, rows, folder, repeats=plan.times(rows))


def prototype(plan: MeasuringPlan, rows: int) -> Iterator[tuple[str, Timed, float]]:
    """Time what a prototype did on as many rows; with the prototype's seconds."""
    for work, mine, shape, seconds in _PROTOTYPE:
        if rows in seconds:
            folder = str(_books(plan.work, rows, shape))
            yield work, run(mine, rows, folder, repeats=plan.times(rows)), seconds[rows]


def cycle(plan: MeasuringPlan, rows: int) -> Timed:
    """Time the whole graph on files, on a new desk each time."""
    files = synthetic.write_files(_books(plan.work, rows, "books"), plan.work / f"files-{rows}")
    whole = Timed("cycle", rows)
    for index in range(plan.times(rows)):
        home = plan.work / f"desk-{rows}-{index}"
        home.mkdir()
        attempt = run("cycle", rows, str(files), str(home), repeats=1)
        whole.seconds += attempt.seconds
        whole.peak_mb += attempt.peak_mb
        whole.facts, whole.error = attempt.facts, attempt.error
    return whole


def _books(work: Path, rows: int, shape: str) -> Path:
    folder = work / f"{shape}-{rows}" / "snapshot"
    if not folder.is_dir():
        synthetic.write(folder, rows, shape="pair" if shape == "pair" else "books")
    return folder
