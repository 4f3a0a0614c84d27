"""Customer payments applied to invoices, with the true applications. All such folders are scored together."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Final

from benchmarks.audited import audit
from benchmarks.calibration import curve
from benchmarks.datasets import DataSet, folders, has, sources_for
from benchmarks.figures import Figure, pairs, share
from tools.core.money import to_minor

_TRUTH: Final = "truth_applications.csv"
Applied = dict[tuple[str, str], int]


def find(root: Path) -> list[DataSet]:
    """Give one data set of every folder with true applications and a sources file that fits."""
    sets = [f for f in folders(root) if has(f, _TRUTH) and sources_for(f)]
    return [DataSet("cash_application (pooled)", tuple(sets))] if sets else []


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Give precision, recall and F1 of the pairs, the share of right amounts, F1 by folder, calibration."""
    ours: Applied = {}
    true: Applied = {}
    outcomes: list[tuple[float, bool]] = []
    single: list[Figure] = []
    for folder in data_set.folders:
        mine, theirs, confidence = _applied(folder, work / folder.name)
        ours |= mine
        true |= theirs
        outcomes += [(confidence[pair], pair in theirs) for pair in mine]
        single.append(pairs(mine, theirs, name=folder.name)[-1])
    figures = pairs(ours, true, name="pairs", beat=0.985)
    right = [pair for pair in ours if pair in true]
    exact = sum(ours[pair] == true[pair] for pair in right)
    note = f"{exact} of {len(right)} right pairs"
    figures.append(Figure("amounts right", share(exact, len(right)), "at least", 0.99, note))
    return figures + single + curve(outcomes)


def _applied(folder: Path, work: Path) -> tuple[Applied, Applied, dict[tuple[str, str], float]]:
    sources = sources_for(folder)
    assert sources is not None
    name = folder.name  # ids repeat between the folders
    with audit(sources, work) as audited:
        matched = audited.rows(
            "SELECT left_id, right_id, sum(amount_minor), min(confidence) FROM match GROUP BY 1, 2"
        )
    ours = {(f"{name}:{bank}", f"{name}:{right}"): int(amount) for bank, right, amount, _ in matched}
    confidence = {
        (f"{name}:{bank}", f"{name}:{right}"): float(score_text) for bank, right, _, score_text in matched
    }
    with (folder / _TRUTH).open(encoding="utf-8", newline="") as file:
        true = {
            (f"{name}:{row['payment_id']}", f"{name}:{row['invoice_id']}"): to_minor(
                Decimal(row["applied_amount"]), "USD"
            )
            for row in csv.DictReader(file)
        }
    return ours, true, confidence
