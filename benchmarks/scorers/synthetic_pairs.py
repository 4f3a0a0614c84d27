"""Bank against ledger on books that the generator makes: a truth that nobody tuned for.

Some of the ledger's lines were never banked; deposits are three lines in one; the bank truncates, mistypes
and keeps fees. Once most references are there, once seven in ten are left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from benchmarks import synthetic
from benchmarks.audited import judged
from benchmarks.calibration import curve
from benchmarks.datasets import DataSet
from benchmarks.figures import Figure, pairs
from tools.rules.model import Rules

ROWS: Final = 3_000
BLANK: Final = {"synthetic_pairs": 0.0, "synthetic_pairs, 70% without reference": 0.7}


def find(root: Path) -> list[DataSet]:
    """Give both, whatever the folder: they are made, not found."""
    return [DataSet(name, (root,)) for name in BLANK]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Give precision, recall and F1 of the pairs, and the calibration of confidence."""
    synthetic.write(work / "snapshot", ROWS, shape="pair", blank=BLANK[data_set.name], seed=11)
    with judged(work / "snapshot", Rules()) as audited:
        matched = audited.rows("SELECT left_id, right_id, confidence FROM match WHERE kind <> 'offset'")
        true = set(audited.rows("SELECT right_id, left_id FROM truth"))
        seconds = audited.seconds["reconciliation"]
    figures = pairs([(bank, right) for bank, right, _ in matched], true, name="pairs")
    outcomes = [(confidence, (bank, right) in true) for bank, right, confidence in matched]
    return [*figures, Figure("reconciliation seconds", round(seconds, 2)), *curve(outcomes)]
