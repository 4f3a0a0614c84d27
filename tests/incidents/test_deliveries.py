"""A feed that came wrong is named before what it moved: read twice, turned, cut, in another unit, renamed."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tools.core import settings
from tools.incidents import conclude
from tools.incidents.numbers import dimensions, hypotheses, rules, sources
from tools.incidents.subject import IncidentBench, Subject
from tools.investigation import disproof
from tools.investigation.hypothesis import RankedHypothesis
from tools.store import Store, open_store

Row = tuple[date, str, str, float]
Change = Callable[[Row], list[Row]]
VENDORS = {"Alder": "Travel", "Birch": "Meals", "Cedar": "Rent", "Dogwood": "Travel", "Elm": "Software"}
COLUMNS = ("day", "vendor", "category", "amount")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Give a store that no run has written to."""
    return open_store(f"sqlite:///{tmp_path_factory.mktemp('desk')}/desk.db")


def books(seed: int) -> list[Row]:
    """Make seven months of charges."""
    chance = random.Random(seed)
    rows = []
    for month in range(1, 8):
        for _ in range(chance.randint(85, 95)):
            vendor = chance.choice(list(VENDORS))
            amount = round(chance.lognormvariate(4, 0.6), 2)
            rows.append((date(2025, month, chance.randint(1, 28)), vendor, VENDORS[vendor], amount))
    return rows


def ranking(store: Store, folder: Path, rows: list[Row]) -> list[RankedHypothesis]:
    """Ask why July moved against June, of all three observers."""
    path = folder / "charges.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    question: dict[str, Any] = {
        "file": str(path), "metric": "amount", "time": "day", "by": ["vendor", "category"],
        "window": "2025-07", "against": "2025-06",
    }  # fmt: skip
    subject = Subject("INC-1", "number", "", "HIGH", datetime(2025, 8, 1, tzinfo=UTC), (), question)
    bench = IncidentBench(subject, settings.load(), store, folder)
    seen = [each for look in (dimensions.look, sources.look, rules.look) for each in look(bench)]
    candidates = hypotheses.hypotheses(subject, seen)
    context = conclude.context(subject, seen)
    tried = {each.hypothesis_id: disproof.attempts_at(each, context) for each in candidates}
    return conclude.judged(subject, seen, candidates, tried, parts={"all": {"status": "ran"}})


def _same(row: Row) -> list[Row]:
    return [row]


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (lambda row: [row, row], "feed_doubled"),
        (lambda row: [row, row] if row[0].day <= 14 else [row], "feed_doubled"),
        (lambda row: [(*row[:3], -row[3])], "sign_turned"),
        (lambda row: [row] if row[0].day <= 15 else [], "rows_missing"),
        (lambda row: [(*row[:3], row[3] * 100)], "amounts_scaled"),
        (lambda row: [(*row[:2], row[2].replace("Travel", "T&E"), row[3])], "heading_renamed"),
        (lambda row: [(*row[:3], row[3] * (9 if row[1] == "Cedar" else 1))], "element_moved"),
        (lambda row: [(*row[:3], row[3] * (2.5 if row[2] in {"Travel", "Meals"} else 1))], "element_moved"),
        (lambda row: [(*row[:2], "" if row[2] == "Travel" else row[2], row[3])], "heading_lost"),
        (_same, "innocent"),
    ],
    ids=["doubled", "half doubled", "turned", "cut", "cents", "renamed", "element", "great", "lost", "quiet"],
)
def test_how_a_feed_came_is_named_first(store: Store, tmp_path: Path, change: Change, cause: str) -> None:
    """Each is the first hypothesis; where nothing happened nothing is unusual."""
    rows = [row for each in books(3) for row in (change(each) if each[0].month == 7 else [each])]
    order = ranking(store, tmp_path, rows)
    assert order[0].cause == cause
    assert {"innocent", "not_enough_seen"} <= {each.cause for each in order}


def test_one_charge_that_went_and_another_that_came_are_no_new_name(store: Store, tmp_path: Path) -> None:
    """Single rows come and go: that their sums are alike does not hide what moved, and is not said."""
    rows = [(*row[:3], row[3] * (9 if row[0].month == 7 and row[1] == "Cedar" else 1)) for row in books(3)]
    rows += [
        (date(2025, 6, 20), "Mulberry", "Fairs", 1_800.0),
        (date(2025, 7, 20), "Larch", "Fairs", 1_950.0),
    ]
    order = ranking(store, tmp_path, rows)
    assert order[0].subject == "category=Rent" or "Cedar" in order[0].subject
    assert "heading_renamed" not in {each.cause for each in order}
