"""What a run found is read from its folder, with what each row is beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from desk.views.run_results import Results, open_results
from tests.desk.seeded import publish, seed_folder
from tools.core.errors import RunError
from tools.core.settings import Settings


@pytest.fixture
def run(tmp_path: Path) -> Results:
    """Give a run with findings, a match and a break."""
    seed_folder(tmp_path / "run1")
    return open_results(Settings(workspace_url=str(tmp_path)), "run1")


def test_findings_come_with_their_rows(run: Results) -> None:
    """The highest score stands first; of a check that was run again the last attempt counts."""
    findings = list(run.findings())
    assert [(row["test"], row["score"]) for row in findings] == [("round", 90), ("blank", 30)]
    assert (findings[0]["vendor"], findings[0]["amount"]) == ("=Pine [red]\x1b[31m", "12400.50")
    assert (findings[1]["vendor"], findings[1]["amount"]) == (None, None)


def test_findings_can_be_chosen(run: Results) -> None:
    """By check, by test and by score."""
    choices: list[dict[str, Any]] = [
        {"check": "quality"},
        {"test": "round"},
        {"over": 30},
        {"check": "reconciliation"},
    ]
    names = [[row["test"] for row in run.findings(**filters)] for filters in choices]
    assert names == [["blank"], ["round"], ["round"], []]


def test_matches_and_breaks_have_exact_money(run: Results) -> None:
    """Amounts are decimal text with the digits of their currency."""
    (match,), (broken,) = run.matches(), run.breaks(reason="missing")
    assert (match["amount"], match["difference"], match["confidence"]) == ("12400.50", "-0.05", 0.9)
    assert (broken["amount"], broken["difference"], broken["vendor"]) == ("-300", None, None)


def test_a_hostile_filter_is_a_value(run: Results) -> None:
    """What a caller types is compared, never run."""
    assert list(run.breaks(pair="x' OR '1'='1")) == []


def test_a_run_that_read_nothing_says_so(tmp_path: Path) -> None:
    """A run without a snapshot has no results yet."""
    with pytest.raises(RunError, match="has read nothing yet"):
        open_results(Settings(workspace_url=str(tmp_path)), "run2")


def test_a_finding_in_a_table_says_where_its_cell_stands(run: Results) -> None:
    """A row that is no posting has a file, a line and a column; nobody can look up a hash."""
    columns = {"row_key": ["stock:1"], "item": ["Hinge"], "file": ["stock.csv"], "line": [7]}
    pq.write_table(pa.table(columns), run.folder / "snapshot" / "table_stock.parquet")
    cell = {"check": "quality", "test": "mistyped_cell", "row_key": "stock:1", "score": 80, "field": "item"}
    publish(run.folder, "quality-3", "finding", {**cell, "observed": "Hinge", "threshold": "'Hinges'"})
    findings = {row["test"]: row for row in run.findings()}
    assert findings["mistyped_cell"]["source"] == "stock"
    assert findings["mistyped_cell"]["place"] == "stock.csv, line 7, column item, expected 'Hinges'"
    assert findings["round"]["place"] is None
