"""Instances of PSPLIB, read; and how far a schedule is from the best known.

R. Kolisch and A. Sprecher (1997), PSPLIB, European Journal of Operational Research 96, 205-216.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.programme.planning.project import After, PlannedJob, Project

_NUMBERS = re.compile(r"-?\d+")


@dataclass(frozen=True)
class Instance:
    """A project and its best known makespan; proved: that nothing shorter exists."""

    name: str
    project: Project
    best: int
    proved: bool


def instances(folder: Path) -> Iterator[Instance]:
    """Read the instances of a folder with their `optimum.csv`."""
    with (folder / "optimum.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            bounds = [int(part) for part in row["optimum"].split("..") if part]
            yield Instance(
                row["problem"], read(folder / row["problem"]), bounds[-1], ".." not in row["optimum"]
            )


def read(path: Path) -> Project:
    """Read a single-mode instance (.sm)."""
    lines = path.read_text(encoding="utf-8").splitlines()
    section = {
        name: number for number, line in enumerate(lines) for name in _SECTIONS if line.startswith(name)
    }
    followers = {}
    for line in _rows(lines, section["PRECEDENCE RELATIONS"] + 2):
        job, _, _, *after = line
        followers[job - 1] = [name - 1 for name in after]
    work = {row[0] - 1: (row[2], tuple(row[3:])) for row in _rows(lines, section["REQUESTS/DURATIONS"] + 3)}
    capacities = next(iter(_rows(lines, section["RESOURCEAVAILABILITIES"] + 2)))
    before: dict[int, list[int]] = {job: [] for job in work}
    for job, after in followers.items():
        for follower in after:
            before[follower].append(job)
    jobs = [
        PlannedJob(str(job + 1), length, needs, tuple(After(each) for each in before[job]))
        for job, (length, needs) in sorted(work.items())
    ]
    return Project(tuple(jobs), tuple(capacities))


_SECTIONS = ("PRECEDENCE RELATIONS", "REQUESTS/DURATIONS", "RESOURCEAVAILABILITIES")


def _rows(lines: list[str], begin: int) -> Iterator[list[int]]:
    for line in lines[begin:]:
        if line.startswith("*"):
            return
        yield [int(number) for number in _NUMBERS.findall(line)]
