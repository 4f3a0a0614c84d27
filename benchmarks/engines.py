"""Measure the tests on other engines: `python -m benchmarks.engines --engine postgresql://... spark://...`.

Synthetic books of each size are written once. Each check's tests run on DuckDB and on each engine; an
engine's seconds begin with carrying the books there. What is found is compared row for row. Matching runs on
DuckDB and is not timed. Memory is of this process and of its children; a server's is its own.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks import synthetic
from tools.books.engine import Books
from tools.checks.catalogue import loaded
from tools.checks.engines import opening, schemas
from tools.checks.runner import run_tests
from tools.core import engine_choice
from tools.core.engine_choice import without_secret
from tools.core.settings import Settings
from tools.rules.model import Rules
from tools.rules.test_header import CheckName

OUT: Final = Path(".tieout/engines.json")
_CHECKS: Final[tuple[CheckName, ...]] = ("quality", "anomaly")
_MEGABYTE: Final = 1 << 20


@dataclass(frozen=True)
class EngineFigure:
    """One check on one engine.

    multiple: of DuckDB's seconds. same: whether it found the same rows. not_run: tests that failed.
    """

    rows: int
    check: str
    engine: str
    seconds: float
    multiple: float
    findings: int
    same: bool
    not_run: tuple[str, ...]
    megabytes: int


def main() -> None:
    """Read the command line, measure, print, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--engine", nargs="+", default=[], help="engines beside DuckDB, as TIEOUT_ENGINE")
    parser.add_argument("--json", type=Path, default=OUT)
    options = parser.parse_args()
    figures = [figure for rows in options.rows for figure in measured(rows, options.engine)]
    Console(width=None if Console().is_terminal else 170).print(_table(figures))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps([asdict(figure) for figure in figures], indent=1), encoding="utf-8")


def measured(rows: int, engines: list[str]) -> Iterator[EngineFigure]:
    """Measure each check on DuckDB, then on each engine."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / f"bench{time.time_ns()}" / "snapshot"
        synthetic.write(folder, rows)
        for check in _CHECKS:
            ours = _run(folder, check, "duckdb")
            for engine in ("duckdb", *engines):
                theirs = ours if engine == "duckdb" else _run(folder, check, engine)
                yield EngineFigure(
                    rows=rows,
                    check=check,
                    engine=without_secret(engine),
                    seconds=theirs.seconds,
                    multiple=round(theirs.seconds / ours.seconds, 1),
                    findings=theirs.findings,
                    same=theirs.digest == ours.digest,
                    not_run=theirs.not_run,
                    megabytes=_megabytes(),
                )
        _forget(folder, engines)


def _forget(folder: Path, engines: list[str]) -> None:
    """Remove what PostgreSQL was given."""
    for choice in map(engine_choice.parsed, engines):
        if choice.kind == "postgresql":
            schemas.drop(choice.url, [folder.parent.name])


@dataclass(frozen=True)
class _Run:
    seconds: float
    digest: str
    findings: int
    not_run: tuple[str, ...]


def _run(folder: Path, check: CheckName, engine: str) -> _Run:
    settings = Settings(engine=engine)
    started = time.perf_counter()
    with Books.open(folder, settings) as books, opening.on_engine(books, settings):
        results = run_tests(books, loaded(check), Rules())
        seconds = round(time.perf_counter() - started, 2)
        refused = tuple(result.test for result in results if result.status == "failed")
        return _Run(seconds, books.digest("finding"), books.count("finding"), refused)


def _megabytes() -> int:
    process = psutil.Process()
    return sum(each.memory_info().rss for each in (process, *process.children(recursive=True))) // _MEGABYTE


def _table(figures: list[EngineFigure]) -> Table:
    table = Table(
        "rows", "check", "engine", "seconds", "of DuckDB's", "findings", "same rows", "failed", "MB"
    )
    for figure in figures:
        table.add_row(
            f"{figure.rows:,}",
            figure.check,
            figure.engine,
            f"{figure.seconds:.2f}",
            f"{figure.multiple:.1f}",
            f"{figure.findings:,}",
            "yes" if figure.same else "NO",
            ", ".join(figure.not_run),
            f"{figure.megabytes:,}",
        )
    return table


if __name__ == "__main__":
    main()
