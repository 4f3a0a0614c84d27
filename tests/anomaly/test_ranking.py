"""The ranking by ECOD is the published algorithm, and never more than a weak signal."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from tests.books import make_books
from tools.checks.runner import run_tests
from tools.rules import test_header
from tools.rules.model import Rules

Rows = list[dict[str, Any]]
SINCE = date(2025, 1, 1)
RULES = Rules(tests={"ecod_ranking": {"enabled": True, "top_share": 1.0}})


def _rows() -> Rows:
    chance = random.Random(3)
    return [
        {"row_key": f"k{i:03}", "vendor_id": chance.choice("ABC"),
         "amount_minor": round(chance.lognormvariate(9, 1)), "posted_on": SINCE + timedelta(i // 2)}
        for i in range(150)
    ]  # fmt: skip


def _features(rows: Rows) -> np.ndarray[Any, np.dtype[np.float64]]:
    logs = {v: [math.log(r["amount_minor"]) for r in rows if r["vendor_id"] == v] for v in "ABC"}
    last: dict[str, date] = {}
    features = []
    for row in rows:
        vendor, x = row["vendor_id"], math.log(row["amount_minor"])
        pause = (row["posted_on"] - last[vendor]).days if vendor in last else 400
        last[vendor] = row["posted_on"]
        mine = logs[vendor]
        features.append([x, x - sum(mine) / len(mine), math.log(len(mine)), math.log(1 + pause)])
    return np.round(np.array(features), 6)


def _ecod(x: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Score by the formulas of Li et al. (2022), section 3."""
    low = -np.log((x[:, None, :] >= x[None, :, :]).mean(axis=1))
    high = -np.log((x[:, None, :] <= x[None, :, :]).mean(axis=1))
    side = ((x - x.mean(axis=0)) ** 3).mean(axis=0)
    skewed = np.where(side < 0, low, high)
    scores: np.ndarray[Any, np.dtype[np.float64]] = np.max(
        [low.sum(axis=1), high.sum(axis=1), skewed.sum(axis=1)], axis=0
    )
    return scores


def test_the_scores_are_those_of_the_paper(tmp_path: Path) -> None:
    """Each row's score is the paper's, computed again in another language."""
    rows = _rows()
    with make_books(tmp_path, txn=rows) as books:
        run_tests(books, [test_header.load("anomaly", "ecod_ranking")], RULES)
        findings = books.rows("SELECT row_key, observed, score FROM finding ORDER BY row_key")
    ours = [float(row["observed"].rpartition(" ")[2]) for row in findings]
    assert np.allclose(ours, _ecod(_features(rows)), atol=0.011)
    assert max(row["score"] for row in findings) <= 35
