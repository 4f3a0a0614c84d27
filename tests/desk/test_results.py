"""What a run found is read from its folder, with what each row is beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from desk.results import Results, open_results
from tests.books import make_books
from tools import tables
from tools.errors import RunError
from tools.settings import Settings

TXN = [
    {
        "row_key": "card:a",
        "txn_id": "A1",
        "posted_on": "2025-03-04",
        "vendor_name": "Pine",
        "amount_minor": 1240050,
    },
    {"row_key": "bank:b", "txn_id": "B1", "posted_on": "2025-03-05", "amount_minor": -300, "currency": "JPY"},
]
ARROW = {"VARCHAR": pa.string(), "INTEGER": pa.int32(), "BIGINT": pa.int64(), "DOUBLE": pa.float64()}


def publish(run: Path, name: str, table: str, *rows: Mapping[str, Any]) -> None:
    """Leave a check's result in a run's folder, as the checks do."""
    folder = run / name
    folder.mkdir(exist_ok=True)
    columns: Mapping[str, str] = getattr(tables, table.upper())
    schema = pa.schema([(column, ARROW[kind]) for column, kind in columns.items()])
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), folder / f"{table}.parquet")
    (folder / "result.json").write_text(json.dumps({"status": "ran", "tests": [], "error": ""}))


@pytest.fixture
def run(tmp_path: Path) -> Results:
    """Give a run with a finding of each check, a match and a break."""
    folder = tmp_path / "run1"
    (folder / "snapshot").mkdir(parents=True)
    make_books(folder / "snapshot", txn=TXN).close()
    publish(
        folder, "quality-1", "finding", {"check": "quality", "test": "old", "row_key": "card:a", "score": 1}
    )
    publish(
        folder, "quality-2", "finding", {"check": "quality", "test": "blank", "row_key": "gone", "score": 30}
    )
    publish(
        folder,
        "anomaly-1",
        "finding",
        {"check": "anomaly", "test": "round", "row_key": "card:a", "score": 90},
    )
    match = {"pair": "card_to_bank", "left_key": "card:a", "right_key": "bank:b", "confidence": 0.9}
    publish(folder, "reconciliation-1", "match", {**match, "amount_minor": 1240050, "difference_minor": -5})
    broken = {"pair": "card_to_bank", "row_key": "bank:b", "amount_minor": -300, "currency": "JPY"}
    publish(folder, "reconciliation-1", "break", {**broken, "reason": "missing"})
    return open_results(Settings(workspace_url=str(tmp_path)), "run1")


def test_findings_come_with_their_rows(run: Results) -> None:
    """The highest score stands first; of a check that was run again the last attempt counts."""
    found = list(run.findings())
    assert [(row["test"], row["score"]) for row in found] == [("round", 90), ("blank", 30)]
    assert (found[0]["vendor"], found[0]["amount"], found[0]["currency"]) == ("Pine", "12400.50", "USD")
    assert (found[1]["vendor"], found[1]["amount"]) == (None, None)


def test_findings_can_be_chosen(run: Results) -> None:
    """By check, by test and by score."""
    chosen = [{"check": "quality"}, {"test": "round"}, {"over": 30}, {"check": "reconciliation"}]
    found = [[row["test"] for row in run.findings(**some)] for some in chosen]  # type: ignore[arg-type]
    assert found == [["blank"], ["round"], ["round"], []]


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
