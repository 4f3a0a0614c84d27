"""Observers of a case of the books: the deterministic reading that the audit has too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tools.books.engine import Books
from tools.incidents.cases.further import FurtherLook
from tools.incidents.subject import IncidentBench, Subject
from tools.investigation import case_reading, lookups
from tools.investigation.hypothesis import RankedHypothesis
from tools.investigation.observation import Observation
from tools.runs import run_files
from tools.runs.workspace import SNAPSHOT
from tools.store import flags

_MANY = 1000
CaseReading = Callable[[Sequence[Any], lookups.Bench], list[Observation]]


def observer(read: CaseReading) -> Callable[[IncidentBench], list[Observation]]:
    """Make an observer of one of the three readings, named after it; a model may look further."""

    def look(bench: IncidentBench) -> list[Observation]:
        question = bench.subject.question
        run_id = str(question["run_id"])
        standing = [
            flag
            for flag in flags.find(bench.store, case_id=str(question["case_id"]), limit=_MANY)
            if flag.status != "withdrawn"
        ]
        standing.sort(key=lambda flag: (-flag.score, -flag.exposure_base, flag.row_key))
        folder = run_files.intact_folder(bench.settings, run_id) / SNAPSHOT
        with Books.open(folder, bench.settings) as books:
            desk = lookups.Bench(books, bench.store, run_id, {})
            rows = [flag.as_dict() for flag in standing[: case_reading.MOST_FLAGS]]
            observations = read(rows, desk)
            if not rows:
                return observations
            name = read.__name__
            return [*observations, *FurtherLook(bench, desk, name, rows[0], observations).observations()]

    return look


def looked_up(bench: IncidentBench, query: Mapping[str, Any]) -> str | None:
    """Do an observation's lookup again; give its text, None where it brings that no more."""
    run_id, parameters = str(bench.subject.question["run_id"]), query["parameters"]
    folder = run_files.intact_folder(bench.settings, run_id) / SNAPSHOT
    with Books.open(folder, bench.settings) as books:
        for call in parameters["calls"]:
            lookup, row = lookups.by_name(call["lookup"]), call["asked"].get("row", "")
            desk = lookups.Bench(books, bench.store, run_id, {row: row})
            for result in lookup.look(desk, lookup.arguments.model_validate(call["asked"])):
                if result.key == parameters["key"]:
                    return result.text
    return None


def hypotheses(subject: Subject, observations: Sequence[Observation]) -> list[RankedHypothesis]:
    """Make hypotheses of what tests saw of the case."""
    del subject
    return case_reading.hypotheses(observations)


def edges(subject: Subject, observations: Sequence[Observation]) -> dict[str, list[str]]:
    """Give which rows depend on which."""
    del subject
    return case_reading.edges(observations)
