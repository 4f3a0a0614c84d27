"""A bank statement and a ledger with the true pairs: bank.csv, gl.csv, truth.csv (bank_id, gl_id, type)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from benchmarks.audited import Audited, audit
from benchmarks.calibration import curve
from benchmarks.datasets import DataSet, folders, has, header, sources_for, without
from benchmarks.figures import Figure, pairs, share

_COLUMNS: Final = {"bank_id", "gl_id", "type"}
_OFFSET: Final = "offsetting_gl"
_HELP: Final = ("reference", "status", "category")  # what an export may well lack


def find(root: Path) -> list[DataSet]:
    """Give every folder whose truth.csv pairs bank and ledger lines, and a sources file that fits."""
    sets = [f for f in folders(root) if has(f, "truth.csv") and set(header(f / "truth.csv")) >= _COLUMNS]
    return [DataSet(folder.name, (folder,)) for folder in sets if sources_for(folder)]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Give precision, recall and F1 of the pairs, recall by type, offsets, the calibration of confidence."""
    (folder,) = data_set.folders
    sources = sources_for(folder)
    assert sources is not None
    truth = _truth(folder / "truth.csv")
    with audit(sources, work / "whole") as audited:
        figures = _figures(audited, truth)
    with audit(without(sources, *_HELP), work / "bare") as audited:
        bare = _across(audited)
    return figures + pairs(bare, _true(truth), name="without references and entry types: pairs")


def _figures(audited: Audited, truth: list[tuple[str, str, str]]) -> list[Figure]:
    matched = audited.rows("SELECT left_id, right_id, kind, confidence FROM match")
    across = _across(audited)
    inside = {tuple(sorted((first, right))) for first, right, kind, _ in matched if kind == "offset"}
    true = _true(truth)
    true_inside = {tuple(sorted(gl.split(";"))) for _, gl, kind in truth if kind == _OFFSET}
    figures = pairs(across, true, name="pairs", beat=0.98)
    figures += pairs(across | inside, true | true_inside, name="pairs and offsets", beat=0.98)
    for kind in sorted({kind for *_, kind in truth}):
        these = {(bank, gl) for bank, gl, kind_of_pair in truth if kind_of_pair == kind and bank and gl}
        if these and kind != _OFFSET:
            right = len(these & across)
            figures.append(
                Figure(f"{kind}: recall", share(right, len(these)), note=f"{right} of {len(these)}")
            )
    figures += pairs(inside, true_inside, name="offsets")
    seconds = round(audited.seconds["reconciliation"], 2)
    figures.append(Figure("reconciliation seconds", seconds, "at most", 1.0))
    outcomes = [
        (conf, _pair(first, right) in true) for first, right, kind, conf in matched if kind != "offset"
    ]
    return figures + curve(outcomes)


def _across(audited: Audited) -> set[tuple[str, str]]:
    reported = audited.rows("SELECT left_id, right_id FROM match WHERE kind <> 'offset'")
    return {_pair(first, right) for first, right in reported}


def _true(truth: list[tuple[str, str, str]]) -> set[tuple[str, str]]:
    return {(bank, gl) for bank, gl, kind in truth if bank and gl and kind != _OFFSET}


def _pair(first: object, right: object) -> tuple[str, str]:
    return (str(first), str(right))


def _truth(path: Path) -> list[tuple[str, str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["bank_id"], row["gl_id"], row["type"]) for row in csv.DictReader(file)]
