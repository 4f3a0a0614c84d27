"""Measure the three checks on other engines: `python -m benchmarks.engines --engine postgresql://... spark://...`.

Synthetic books of each size are written once. Each check runs on DuckDB and on each engine, in a process of
its own; its seconds begin with carrying the books there, those until a session is open apart. What is found
and matched is compared row for row. Memory and processor seconds are of all processes on this machine: of the
engine's servers and executors too, where they run here.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks import synthetic
from benchmarks.audited import CHECKS
from benchmarks.engine_processes import observed
from tools.books.engine import Books
from tools.checks.engines import opening, schemas
from tools.core import engine_choice
from tools.core.engine_choice import without_secret
from tools.core.settings import Settings
from tools.rules.model import Rules

OUT: Final = Path(".tieout/engines.json")
_TABLES: Final = {"reconciliation": ("finding", "match")}


@dataclass(frozen=True)
class EngineFigure:
    """One check on one engine.

    multiple: of DuckDB's seconds. same: whether it found the same rows. failed: tests that failed.
    opening: seconds until a session was open. load: of the machine as it began (processes that want a core).
    cpu: processor seconds of all processes. peak_mb: of the largest process of each role.
    """

    rows: int
    check: str
    engine: str
    opening: float
    seconds: float
    multiple: float
    cpu: float
    findings: int
    same: bool
    failed: tuple[str, ...]
    peak_mb: dict[str, int]
    load: float


def main() -> None:
    """Read the command line, measure, print, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--engine", nargs="+", default=[], help="engines beside DuckDB, as TIEOUT_ENGINE")
    parser.add_argument("--check", nargs="+", choices=CHECKS, default=list(CHECKS))
    parser.add_argument("--books", type=Path, help="where the books are written, for a cluster to see")
    parser.add_argument("--json", type=Path, default=OUT)
    options = parser.parse_args()
    options.json.parent.mkdir(parents=True, exist_ok=True)
    figures = list[EngineFigure]()
    for rows in options.rows:
        for figure in measured(rows, options.engine, options.check, options.books):
            figures.append(figure)
            options.json.write_text(
                json.dumps([asdict(each) for each in figures], indent=1), encoding="utf-8"
            )
    Console(width=None if Console().is_terminal else 170).print(_table(figures))


def measured(
    rows: int, engines: list[str], checks: list[str], books: Path | None = None
) -> Iterator[EngineFigure]:
    """Measure each check on DuckDB, then on each engine."""
    with TemporaryDirectory(dir=books) as scratch:
        folder = Path(scratch) / f"bench{time.time_ns()}" / "snapshot"
        synthetic.write(folder, rows)
        for check in checks:
            ours = _apart(folder, check, "duckdb")
            for engine in ("duckdb", *engines):
                theirs = ours if engine == "duckdb" else _apart(folder, check, engine)
                yield EngineFigure(
                    rows=rows,
                    check=check,
                    engine=without_secret(engine),
                    opening=theirs.opening,
                    seconds=theirs.seconds,
                    multiple=round(theirs.seconds / ours.seconds, 1),
                    cpu=theirs.cpu,
                    findings=theirs.findings,
                    same=theirs.digests == ours.digests,
                    failed=theirs.failed,
                    peak_mb=theirs.peak_mb,
                    load=theirs.load,
                )
        _forget(folder, engines)


def _forget(folder: Path, engines: list[str]) -> None:
    """Remove what PostgreSQL was given."""
    for choice in map(engine_choice.parsed, engines):
        if choice.kind == "postgresql":
            schemas.drop(choice.url, [folder.parent.name])


@dataclass(frozen=True)
class _Run:
    opening: float
    seconds: float
    cpu: float
    digests: tuple[str, ...]
    findings: int
    failed: tuple[str, ...]
    peak_mb: dict[str, int]
    load: float


def _apart(folder: Path, check: str, engine: str) -> _Run:
    """Run a check in a new process, so that memory is of this run alone."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_run, folder, check, engine).result()


def _run(folder: Path, check: str, engine: str) -> _Run:
    settings, load = Settings(engine=engine), round(os.getloadavg()[0], 1)
    started = time.perf_counter()
    with observed() as use, Books.open(folder, settings) as books, opening.on_engine(books, settings):
        opened = time.perf_counter()
        results = CHECKS[check](books, Rules())
        seconds = round(time.perf_counter() - opened, 2)
        failed = tuple(result.test for result in results if result.status == "failed")
        digests = tuple(books.digest(table) for table in _TABLES.get(check, ("finding",)))
        findings = books.count("finding")
    return _Run(
        round(opened - started, 2), seconds, use.cpu, digests, findings, failed, dict(use.peak_mb), load
    )


def _table(figures: list[EngineFigure]) -> Table:
    table = Table(
        "rows", "check", "engine", "opening s", "seconds", "of DuckDB's", "processor s", "findings",
        "same rows", "failed", "peak MB", "load",
    )  # fmt: skip
    for figure in figures:
        table.add_row(
            f"{figure.rows:,}",
            figure.check,
            figure.engine,
            f"{figure.opening:.1f}",
            f"{figure.seconds:.2f}",
            f"{figure.multiple:.1f}",
            f"{figure.cpu:.1f}",
            f"{figure.findings:,}",
            "yes" if figure.same else "NO",
            ", ".join(figure.failed),
            ", ".join(f"{role} {peak:,}" for role, peak in sorted(figure.peak_mb.items())),
            f"{figure.load}",
        )
    return table


if __name__ == "__main__":
    main()
