"""A sample is drawn, given out as a workbook, filled in by people and evaluated, each on record."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.books import make_books
from tests.desk.conftest import Invoke
from tests.desk.seeded import RUN
from tools.store import Store, trail


def fill(path: Path, wrong: dict[int, object]) -> None:
    """Fill in what is right: as booked, but in some lines of the sheet."""
    book = openpyxl.load_workbook(path)
    sheet = book["Sample"]
    heads = [cell.value for cell in sheet[1]]
    booked, audited = heads.index("Booked USD") + 1, heads.index("Audited") + 1
    for line in range(2, sheet.max_row + 1):
        sheet.cell(line, audited).value = wrong.get(line, sheet.cell(line, booked).value)
    book.save(path)


@pytest.fixture
def run_folder(store: Store, tmp_path: Path) -> Path:
    """Give the folder of a run whose books have forty rows beside a flagged one."""
    assert store.dialect == "sqlite"
    snapshot = tmp_path / RUN / "snapshot"
    shutil.rmtree(snapshot)
    snapshot.mkdir()
    rows = [{"row_key": f"card:{at:02}", "amount_minor": 10_000 + at} for at in range(40)]
    flagged = {"row_key": "card:a", "amount_minor": 999_999}
    make_books(
        snapshot, txn=[{"posted_on": "2025-03-04", "source": "card", **row} for row in (*rows, flagged)]
    ).close()
    return snapshot.parent


@pytest.mark.usefixtures("run_folder")
def test_a_sample_goes_out_and_comes_back(store: Store, invoke: Invoke, tmp_path: Path) -> None:
    """The seed is in the trail; a wrong row shows in the limit; what is missing or strange is named."""
    selecting = (
        "sample",
        "select",
        "card",
        "--tolerable",
        "2400",
        "--seed",
        "4",
        "--out",
        "s.xlsx",
        "--json",
    )
    code, printed, _ = invoke(*selecting)
    drawn = json.loads(printed)
    assert (code, drawn["rows_selected"], drawn["sampling_interval"]) == (0, 5, "800.00 USD")
    assert drawn["left_aside"] == "1 rows flagged, 0 of 0"
    assert json.loads(invoke(*selecting)[1]) == drawn
    (entry,) = (each for each in trail.entries(store, RUN) if each["action"] == "sample selected")
    assert (entry["details"]["seed"], len(entry["details"]["rows"])) == ("4", 5)
    code, _, why = invoke("sample", "evaluate", "s.xlsx")
    assert (code, "has no audited amount, and 4 more" in why) == (1, True)
    fill(tmp_path / "s.xlsx", {})
    code, printed, _ = invoke("sample", "evaluate", "s.xlsx")
    assert (code, "Overstatement upper limit: 2,400.00 USD" in printed) == (0, True)
    fill(tmp_path / "s.xlsx", {3: 0})
    code, printed, _ = invoke("sample", "evaluate", "s.xlsx", "--json")
    result = json.loads(printed)
    assert (code, result["overstatement_upper_limit"]) == (1, "3,800.00 USD")  # 2,400 + 800 + .75 x 800
    assert "above the tolerable 2,400.00 USD" in result["conclusion"]
    fill(tmp_path / "s.xlsx", {4: "ten"})
    code, _, why = invoke("sample", "evaluate", "s.xlsx")
    assert (code, "line 4, Audited: 'ten' is no amount" in why) == (1, True)
    assert trail.verify(store, RUN) == []
