"""Cells in which the sources of a table disagree about one and the same thing.

A table of reports has a column that says who reports (source, provider, feed), and one that says of what:
each source reports a thing once, and there are columns in which the reports of a thing mostly agree. Those
columns are facts of the thing; others (a price asked, a link) are the source's own, and may differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tools.checks.quality.cell_columns import Findings, Ints, Table, quoted, tables
from tools.checks.quality.dependencies import Grid

_REPORTERS: Final = frozenset(
    (
        "source sourcename sourcesystem datasource src provider dataprovider reporter reportedby feed website"
    ).split()
)
_FEWEST_ROWS: Final = 20
_TELLS: Final = 5  # things that a source reports on; who tells of fewer is an attribute of the thing
_MOST: Final = 0.9  # of the rows have to be of such sources
_ONCE: Final = 0.95  # of the rows are the only report of their source on their thing
_OFTEN_REPORTED: Final = 0.5  # of the rows have to be of things with several reports
_AGREED: Final = 0.5  # agreement beyond chance of at least one fact
_FACT: Final = 0.25  # and of every fact


@dataclass(frozen=True)
class Reports:
    """A table of reports: the column of the things, and those of their facts."""

    thing: int
    facts: tuple[int, ...]


def judge(rows: pa.Table, params: Mapping[str, Any]) -> pa.Table:
    """Name the reports that are outvoted, and those of which none has the votes.

    rows: source, row_key, field, value. params: score, open_score, share, fewest. Gives row_key, field,
    score, observed, threshold, population.
    """
    findings = Findings()
    for table in tables(rows):
        grid = Grid.of(table.columns)
        reports = _reports(table, grid, params["fewest"]) if grid.rows >= _FEWEST_ROWS else None
        for fact in reports.facts if reports else ():
            _name(findings, table, grid, (reports.thing if reports else 0, fact), params)
    return findings.arrow()


def _reports(table: Table, grid: Grid, fewest: int) -> Reports | None:
    """Find what is reported on: the column that most rows name, whose rows agree most; None without one."""
    candidates = [
        (of_several, agreed, Reports(thing, tuple(facts)))
        for reporter, column in enumerate(table.columns)
        if re.sub(r"[\W_]", "", column.name).casefold() in _REPORTERS and _tells(grid, reporter)
        for thing in range(len(table.columns))
        if thing != reporter and (of_several := _count_reported(grid, thing, reporter, fewest))
        for agreed, facts in [_facts(grid, thing, reporter)]
        if facts
    ]
    return (
        max(candidates, key=lambda candidate: (*candidate[:2], -candidate[2].thing))[2]
        if candidates
        else None
    )


def _tells(grid: Grid, reporter: int) -> bool:
    """Whether nearly all rows are of sources with several reports."""
    counts = np.bincount(grid.codes[reporter][grid.codes[reporter] >= 0])
    return int(counts[counts >= _TELLS].sum()) >= _MOST * int(counts.sum())


def _count_reported(grid: Grid, thing: int, reporter: int, fewest: int) -> int:
    """Count the rows on things with several reports; 0 where they are few, or a source reports twice."""
    counts = np.bincount(grid.codes[thing][grid.codes[thing] >= 0])
    of_several = int(counts[counts >= fewest].sum())
    key, groups = grid.key((thing, reporter))
    once = groups >= _ONCE * int((key >= 0).sum())
    return of_several if once and of_several >= _OFTEN_REPORTED * grid.rows else 0


def _facts(grid: Grid, thing: int, reporter: int) -> tuple[float, list[int]]:
    """Give how much is agreed on in all, and the columns that are facts of the thing."""
    facts, agreed = [], []
    for column in range(len(grid.codes)):
        if column in (thing, reporter):
            continue
        of_thing = _agreement(grid.codes[thing], grid.codes[column])
        if of_thing >= _FACT and of_thing >= 2 * _agreement(grid.codes[reporter], grid.codes[column]):
            facts.append(column)
            agreed.append(of_thing)
    return sum(agreed), facts if max(agreed, default=0.0) >= _AGREED else []


def _agreement(key: Ints, values: Ints) -> float:
    """Give the share of pairs of a group's rows that agree, corrected for chance (kappa, Cohen 1960)."""
    both = (key >= 0) & (values >= 0)
    key, values = key[both], values[both]
    if not len(key):
        return 0.0
    size = int(values.max()) + 1
    inside = _pairs(np.unique(key * size + values, return_counts=True)[1])
    chance = _pairs(np.bincount(values)) / max(_pairs(np.array([len(values)])), 1)
    pairs = _pairs(np.bincount(key))
    return (inside / pairs - chance) / (1 - chance) if pairs and chance < 1 else 0.0


def _pairs(counts: Ints) -> int:
    return int((counts * (counts - 1) // 2).sum())


def _name(
    findings: Findings, table: Table, grid: Grid, place: tuple[int, int], params: Mapping[str, Any]
) -> None:
    thing, fact = place
    column = table.columns[fact]
    for rows in _groups(grid.codes[thing]):
        values = grid.codes[fact][rows]
        counts = np.bincount(values[values >= 0])
        reports = int(counts.sum())
        if reports < params["fewest"]:
            continue
        usual = int(counts.argmax())
        settled = counts[usual] >= params["share"] * reports
        usual_rows = f"{quoted(column.values[usual])} on {counts[usual]} of {reports} reports"
        says = f"{usual_rows} on {_on(table, thing, rows)}"
        for row in rows[values != usual] if settled else rows:
            score = params["score"] if settled else params["open_score"]
            findings.add(table, column, int(row), score, says if settled else f"one value; at most {says}")


def _on(table: Table, thing: int, rows: Ints) -> str:
    column = table.columns[thing]
    return quoted(column.values[column.codes[rows[0]]])


def _groups(key: Ints) -> Iterator[Ints]:
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    for start, end in zip(starts, [*starts[1:], len(key)], strict=True):
        if ordered[start] >= 0:
            yield order[start:end]
