"""Measure quality on labelled data: `python -m benchmarks.quality FOLDER` (or `make quality DATA=FOLDER`).

Every scorer looks for the data sets that it knows, by their shape; the shipped sample is always among them.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from benchmarks.datasets import PROPOSED
from benchmarks.figures import Figure
from benchmarks.scorers import SCORERS

OUT: Final = Path(".tieout/quality.json")
_SIGNS: Final = {"at least": "≥", "at most": "≤", "exactly": "=", "shown": ""}
_COLOURS: Final = {"met": "green", "missed": "red", "": ""}


@dataclass(frozen=True)
class Scored:
    """A data set's figures and how long they took."""

    data_set: str
    scorer: str
    seconds: float
    figures: list[Figure]

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return {
            "data_set": self.data_set,
            "scorer": self.scorer,
            "seconds": self.seconds,
            "figures": [figure.as_dict() for figure in self.figures],
        }


def measure(root: Path, only: str = "") -> Iterator[Scored]:
    """Score every data set under a folder that some scorer knows, one after another."""
    for scorer in SCORERS:
        for data_set in scorer.find(root):
            if only and only not in data_set.name:
                continue
            started = time.perf_counter()
            with tempfile.TemporaryDirectory(prefix="tieout-quality-") as work:
                figures = scorer.score(data_set, Path(work))
            seconds = round(time.perf_counter() - started, 2)
            yield Scored(data_set.name, scorer.__name__.rpartition(".")[2], seconds, figures)


def unscored(root: Path) -> list[str]:
    """Name the folders right under one in which no scorer knows a data set."""
    scored_folders = {
        folder for scorer in SCORERS for data_set in scorer.find(root) for folder in data_set.folders
    }
    below = sorted(folder for folder in root.iterdir() if folder.is_dir()) if root.is_dir() else []
    return [
        data_folder.name
        for data_folder in below
        if not any(folder.is_relative_to(data_folder) for folder in scored_folders)
    ]


def table(scored: Scored) -> Table:
    """Draw a data set's figures: ours, to beat, verdict."""
    grid = Table(title=f"{scored.data_set}: {scored.scorer}, {scored.seconds} s", title_justify="left")
    grid.add_column("figure")
    grid.add_column("ours", justify="right")
    grid.add_column("to beat", justify="right")
    grid.add_column("verdict")
    grid.add_column("note", style="dim")
    for figure in scored.figures:
        target = "" if figure.beat is None else f"{_SIGNS[figure.rule]} {figure.beat:g}"
        verdict = f"[{colour}]{figure.verdict}" if (colour := _COLOURS[figure.verdict]) else ""
        grid.add_row(figure.name, str(figure.ours), target, verdict, figure.note)
    return grid


def main() -> None:
    """Read the command line, print the tables, write the JSON."""
    parser = argparse.ArgumentParser(description="Measure quality on labelled data.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("samples"), help="folder with data sets")
    parser.add_argument("--only", default="", help="only data sets whose name holds this")
    parser.add_argument("--json", type=Path, default=OUT, help="where the figures go, one object a data set")
    parser.add_argument("--proposed", action="store_true", help="read the data as 'tieout init' proposes")
    arguments = parser.parse_args()
    PROPOSED.set(arguments.proposed)
    console = Console(width=150 if not Console().is_terminal else None)
    done = []
    for scored in measure(arguments.folder, arguments.only):
        console.print(table(scored))
        done.append(scored.as_dict())
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(done, indent=1, ensure_ascii=False), encoding="utf-8")
    if skipped := unscored(arguments.folder):
        console.print(f"no scorer knows these folders, which are skipped: {', '.join(skipped)}")
    missed = sum(figure["verdict"] == "missed" for scored_set in done for figure in scored_set["figures"])
    console.print(f"{len(done)} data sets, {missed} figures missed; written to {arguments.json}")


if __name__ == "__main__":
    main()
