"""Tables with errors put into their cells, and the same tables clean: which cells are found, without labels.

A folder with dirty.csv and clean.csv, row by row and column by column the same table (names may differ).
Both are read as source kind `table`: the dirty one is scored, the clean one has to stay quiet.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from benchmarks.datasets import DataSet, folders, has
from benchmarks.figures import Figure, pairs, share
from tools import ledger
from tools.books.engine import Books
from tools.checks.quality import TESTS
from tools.checks.runner import TestResult, run_tests
from tools.core.clock import clock
from tools.core.settings import Settings
from tools.ledger.sources import Entity, Source, Sources
from tools.rules import test_header
from tools.rules.model import Rules

# The best single check without labels that was published of these tables (Mahdavi et al. 2019, Raha).
PUBLISHED: Final = {"hospital": 0.73, "beers": 0.41}
_PLACED: Final = """
    SELECT f.test, t.at, f.field FROM finding f
    JOIN (SELECT row_key, row_number() OVER (ORDER BY line) - 1 AS at FROM table_cells) t USING (row_key)
    WHERE f.score > $over
"""
Cells = set[tuple[int, int]]


def find(root: Path) -> list[DataSet]:
    """Give every folder with a dirty and a clean table."""
    return [DataSet(f.name, (f,)) for f in folders(root) if has(f, "dirty.csv", "clean.csv")]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Give precision, recall and F1 of the cells found, and the share of a clean table's that are."""
    (folder,) = data_set.folders
    dirty, clean = rows(folder / "dirty.csv"), rows(folder / "clean.csv")
    true = wrong_cells(dirty, clean)
    cells, results = found_cells(folder / "dirty.csv", work / "dirty")
    quiet, _ = found_cells(folder / "clean.csv", work / "clean")
    every = set().union(*cells.values())
    size = len(dirty[0]) * (len(dirty) - 1)
    return [
        Figure("cells", size, note=f"{len(true)} wrong, {share(len(true), size)}"),
        *pairs(every, true, name="cells", beat=PUBLISHED.get(data_set.name)),
        *(
            Figure(f"{name}: precision", share(len(at & true), len(at)), note=f"of {len(at)}")
            for name, at in cells.items()
            if at
        ),
        Figure("clean table: share of cells named", share(len(set().union(*quiet.values())), size)),
        Figure("seconds", round(sum(result.seconds for result in results), 2)),
    ]


def wrong_cells(dirty: list[list[str]], clean: list[list[str]]) -> Cells:
    """Give the cells (row, column) that differ, header left out."""
    return {
        (row, column)
        for row, (ours, theirs) in enumerate(zip(dirty[1:], clean[1:], strict=True))
        for column, (a, b) in enumerate(zip(ours, theirs, strict=True))
        if a != b
    }


def found_cells(path: Path, work: Path) -> tuple[dict[str, Cells], list[TestResult]]:
    """Read a table, run the quality tests on it, and give the cells that each names as suspect."""
    source = Source(kind="table", path=path.name)
    sources = Sources(entity=Entity(name="Tables"), sources={"cells": source}).at(path.parent)
    ledger.read(sources, ledger.Window({}, clock().now().date()), Settings(), work / "snapshot")
    rules = Rules()
    tests = [test_header.load("quality", name) for name in TESTS]
    places = {name: at for at, name in enumerate(rows(path)[0])}
    with Books.open(work / "snapshot", Settings()) as books:
        results = run_tests(books, [test for test in tests if test.about == "cell"], rules)
        placed = books.rows(
            _PLACED,
            {"over": rules.suspects.anomaly_over},
        )
    cells: dict[str, Cells] = {result.test: set() for result in results}
    for row in placed:
        cells[row["test"]].add((row["at"], places[row["field"]]))
    return cells, results


def rows(path: Path) -> list[list[str]]:
    """Give a CSV file's rows, the header first."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))
