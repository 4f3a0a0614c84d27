"""The file of a programme has what each of its audits read, tested, found and left open."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl

from desk.papers import engagement
from tests.desk.seeded import RUN, publish
from tools.core import settings
from tools.programme.working_papers import isa_240, workbook
from tools.store import Store, runs

TASK = {"task": "F0", "name": "The desk's audit", "procedure": "ISA 240, 33", "status": "done"}


def test_an_audit_stands_in_the_file(store: Store, tmp_path: Path) -> None:
    """With its totals, each test's query, cases, breaks by age; ISA 240 says what answers what."""
    weekend = {
        "test": "weekend_posting",
        "status": "ran",
        "findings": 3,
        "rows": 2,
        "seconds": 0.1,
        "reason": "",
    }
    broken = {"pair": "card_to_bank", "amount_minor": -300, "currency": "USD", "reason": "missing"}
    rows = [{**broken, "row_key": f"card:{age}", "age_days": age} for age in (5, 30, 31, 400)]
    publish(tmp_path / RUN, "anomaly-3", "finding", tests=[weekend])
    publish(tmp_path / RUN, "reconciliation-2", "break", *rows)
    audit = engagement.audit(settings.load(), store, runs.get(store, RUN), task="F0")
    assert [(row["age"], row["breaks"], row["amount"]) for row in audit["ageing"]] == [
        ("0 to 30 days", 2, "-6.00"),
        ("31 to 60 days", 1, "-3.00"),
        ("over 90 days", 1, "-3.00"),
    ]
    (test,) = (test for test in audit["tests"] if test["test"] == "weekend_posting")
    assert ("is_business_day" in test["query"], "ISA 240" in test["source"]) == (True, True)
    assert (audit["control_totals"][0]["rows"], len(audit["cases"])) == (2, 2)
    coverage = {row["paragraph"]: row for row in isa_240.coverage([TASK], audit["tests"])}
    assert coverage["33(a)"]["tests"] == ["weekend_posting"]
    assert coverage["33(b)"]["tasks"] == ["F0 (done)"]
    assert [row["covered"] for row in coverage.values()].count(True) == 3
    blank = dict.fromkeys(
        (
            "phase",
            "digest",
            "objective",
            "assertion",
            "risk",
            "population",
            "sample",
            "conclusion",
            "preparer",
            "error",
        ),
        "",
    )
    lists: dict[str, list[str]] = {name: [] for name in ("evidence", "signatures", "remedies", "reminders")}
    paper = {**TASK, **blank, "result": {}, **lists}
    report = {
        "name": "all",
        "papers": [paper],
        "plans": [],
        "audits": [audit],
        "isa_240": list(coverage.values()),
    }
    book = openpyxl.load_workbook(io.BytesIO(workbook.workbook(report)))
    assert [book["F0 ageing"].cell(3, column).value for column in (2, 4, 5)] == ["0 to 30 days", 2, -6]
    queries = [str(row[2]) for row in book["F0 queries"].values]
    assert any("is_business_day" in query for query in queries)
