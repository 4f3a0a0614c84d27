"""Measure what a model does to an audit: `python -m benchmarks.model [FOLDER]`.

No key is needed: the endpoint is tests/openai_server.py on this machine, which answers honestly, fails in
every way, or does what documents tell it. FOLDER: labelled card books; the shipped sample is always measured.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from rich.console import Console

from benchmarks.figures import Figure
from benchmarks.model import audits, scripts
from benchmarks.quality import Scored, table
from benchmarks.scorers import cards

OUT: Final = Path(".tieout/model.json")


def main() -> None:
    """Read the command line, print the tables, write the JSON."""
    parser = argparse.ArgumentParser(description="Measure what a model does to an audit.")
    parser.add_argument("folder", type=Path, nargs="?", help="folder with labelled card books")
    parser.add_argument("--scripts", action="store_true", help="play the scripts alone, audit nothing")
    parser.add_argument("--json", type=Path, default=OUT, help="where the figures go")
    arguments = parser.parse_args()
    console = Console(width=150 if not Console().is_terminal else None)
    data_sets = cards.find(arguments.folder) if arguments.folder else []
    books = [] if arguments.scripts else [Path("samples"), *(data_set.folders[0] for data_set in data_sets)]
    done = []
    for scored in (*(_timed(folder.name, audits.measure, folder) for folder in books), *_scripts()):
        console.print(table(scored))
        done.append(scored.as_dict())
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(done, indent=1, ensure_ascii=False), encoding="utf-8")
    missed = sum(figure["verdict"] == "missed" for scored in done for figure in scored["figures"])
    console.print(f"{missed} figures missed; written to {arguments.json}")


def _timed(name: str, measure: Callable[[Path], list[Figure]], folder: Path) -> Scored:
    started = time.perf_counter()
    figures = measure(folder)
    return Scored(name, "model", round(time.perf_counter() - started, 1), figures)


def _scripts() -> list[Scored]:
    with tempfile.TemporaryDirectory(prefix="tieout-model-") as work:
        plays = {
            "faults": scripts.faults,
            "observers": scripts.observers,
            "claims": scripts.claims,
            "injections": scripts.injections,
        }
        return [_timed(name, play, Path(work) / name) for name, play in plays.items()]


if __name__ == "__main__":
    main()
