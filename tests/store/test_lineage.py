"""Lineage: from a line of a file to what people decided about it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.approval_requests import ask_people
from tests.books import make_books
from tests.store.conftest import start
from tools.approvals import requests
from tools.core.errors import RunError
from tools.core.settings import Settings
from tools.operations import lineage
from tools.store import Store, flags, open_store, runs, windows

TXN = [
    {
        "row_key": "card:a",
        "txn_id": "A1",
        "posted_on": "2025-03-04",
        "amount_minor": 1240050,
        "invoice_no": "INV-9",
        "file": "c.csv",
    },
    {
        "row_key": "bank:b",
        "txn_id": "B1",
        "kind": "bank",
        "posted_on": "2025-03-05",
        "amount_minor": -300,
        "currency": "JPY",
    },
    {"row_key": "card:c", "txn_id": "A1", "scope": "history", "amount_minor": 5},
]
CONTROL = [{"source": "books", "file": "c.csv", "sha256": "5ea1", "currency": "USD", "rows": 3}]
SETTINGS = Settings(engine_threads=1)
FLAG = {
    "row_key": "card:a",
    "source": "books",
    "file": "c.csv",
    "line": 1,
    "amount_minor": 1240050,
    "currency": "USD",
    "severity": "WARNING",
}


def publish(run: Path, name: str, tests: object = (), **tables: Mapping[str, Any]) -> None:
    """Leave a result in a run's folder, as its steps do."""
    (run / name).mkdir(parents=True)
    for table, row in tables.items():
        pq.write_table(pa.Table.from_pylist([dict(row)]), run / name / f"{table}.parquet")
    (run / name / "result.json").write_text(json.dumps({"tests": tests}))


def read(store: Store, folder: Path, run_id: str) -> Path:
    """Start a run that has read the books."""
    run = folder / run_id
    (run / "snapshot").mkdir(parents=True)
    make_books(run / "snapshot", txn=TXN, control_total=CONTROL).close()
    start(store, run_id)
    runs.record(store, run_id, snapshot_uri=str(run / "snapshot"))
    return run


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Store]:
    """Give a desk whose run found, matched, flagged, asked and was answered."""
    store = open_store(f"sqlite:///{tmp_path / 't.db'}")
    run = read(store, tmp_path, "r1")
    finding = {"check": "anomaly", "row_key": "card:a", "score": 90, "observed": "9", "threshold": "3"}
    finding |= {"population": "all", "partner_key": None, "field": None}
    tests = [
        {"test": "round_amount", "status": "ran", "reason": ""},
        {"test": "no_more", "status": "ran", "reason": ""},
        {"test": "weekend_posting", "status": "not_applicable", "reason": "no calendar"},
        {"test": "same_invoice_other_vendor", "status": "ran", "reason": ""},
    ]
    publish(run, "anomaly-1", [])
    publish(run, "anomaly-2", tests, finding={**finding, "test": "round_amount"})
    match: dict[str, Any] = {
        "pair": "p",
        "group_id": "g",
        "left_key": "card:a",
        "right_key": "bank:b",
        "kind": "1:1",
    }
    match |= {"pass": "exact", "confidence": 0.9, "amount_minor": 1240050, "difference_minor": -5}
    open_break = {
        "pair": "q",
        "side": "left",
        "row_key": "card:a",
        "reason": "missing",
        "difference_minor": 7,
    }
    publish(run, "reconciliation-1", match={**match, "difference_reason": "fee"}, **{"break": open_break})
    publish(
        run,
        "suspects-1",
        suspect={"row_key": "card:a", "case_id": "c1"},
        case={"case_id": "c1", "title": "x"},
    )
    document = {"row_key": "card:a", "kind": "email", "doc_id": "m1", "score": 1.0}
    publish(run, "evidence-1", evidence=document)
    (flag_id,) = flags.propose(store, "r1", [FLAG]).new
    request = ask_people(store, "r1", "flags", units={"c1": [flag_id]}, needs={"c1": 1, "c2": 1})
    requests.decide(
        store, request.request_id, {"c1": "approve", "c2": "reject"}, by="lee", roles=["approver"]
    )
    flags.decide(store, "r1", {flag_id: "approved"}, by="lee")
    yield store
    store.close()


def test_a_flag_is_followed_from_line_to_decision(desk: Store) -> None:
    """File and line, canonical row, tests, match and break, documents, case, flag, decisions."""
    flag_id = flags.find(desk)[0].flag_id
    answer = lineage.of_flag(desk, flag_id[:5], SETTINGS)
    (run,) = answer["runs"]
    (flag,) = answer["flags"]
    assert answer["read_from"] == {"source": "books", "file": "c.csv", "line": 1, "sha256": "5ea1"}
    assert (answer["row"]["amount"], answer["row"]["posted_on"]) == ("12400.50", "2025-03-04")
    assert [(test["test"], test["outcome"]) for test in run["tests"]] == [
        ("round_amount", "found"),
        ("no_more", "passed"),
        ("weekend_posting", "not applicable"),
        ("same_invoice_other_vendor", "not for this row"),
    ]
    assert (run["tests"][0]["observed"], run["tests"][2]["reason"]) == ("9", "no calendar")
    (match,) = run["matches"]
    assert (match["other_key"], match["other_line"], match["difference"]) == ("bank:b", 2, "-0.05")
    assert [(item["reason"], item["difference"]) for item in run["breaks"]] == [("missing", "0.07")]
    assert [document["doc_id"] for document in run["documents"]] == ["m1"]
    assert run["case"] == {"case_id": "c1", "title": "x"}
    assert [event["what"] for event in flag["history"]] == ["proposed", "approved"]
    assert [(item["subject"], item["verdict"], item["by"]) for item in flag["decisions"]] == [
        ("c1", "approve", "lee")
    ]
    assert json.loads(json.dumps(answer)) == answer


def test_every_run_that_read_a_row_is_told(desk: Store, tmp_path: Path) -> None:
    """The newest first; a row of history is judged by no test."""
    publish(
        read(desk, tmp_path, "r2"), "anomaly-1", [{"test": "round_amount", "status": "ran", "reason": ""}]
    )
    answer = lineage.of(desk, "card:c", SETTINGS)
    assert [run["run_id"] for run in answer["runs"]] == ["r2", "r1"]
    assert answer["runs"][0]["tests"] == [
        {"check": "anomaly", "test": "round_amount", "outcome": "not for this row", "reason": "scope history"}
    ]
    assert (answer["flags"], answer["runs"][0]["matches"], answer["runs"][0]["case"]) == ([], [], None)


def test_a_person_names_what_they_know(desk: Store) -> None:
    """A flag, a row key, or a transaction where only one row is called so."""
    flag_id = flags.find(desk)[0].flag_id
    assert lineage.of(desk, flag_id, SETTINGS)["row_key"] == "card:a"
    assert lineage.of(desk, "B1", SETTINGS)["row"]["amount"] == "-300"
    for name in ("INV-9", "12400.50 2025-03-04"):
        assert lineage.of(desk, name, SETTINGS)["row_key"] == "card:a"
    assert lineage.of(desk, "300 2025-03-05", SETTINGS)["row_key"] == "bank:b"
    with pytest.raises(RunError, match=r"2 rows are called 'A1'.*card:a \(.* of .*\), card:c \("):
        lineage.of(desk, "A1", SETTINGS)
    with pytest.raises(RunError, match="no flag and no transaction 'Z'"):
        lineage.of(desk, "Z", SETTINGS)
    with pytest.raises(RunError, match="no run has read a row 'x:y'"):
        lineage.of(desk, "x:y", SETTINGS)


def test_a_flag_outlives_the_folder_of_its_run(desk: Store) -> None:
    """Where the workspace is gone, the flag still says the file and the line."""
    windows.abandon(desk, "r1", by="dana")
    start(desk, "r9")
    flags.propose(desk, "r9", [{**FLAG, "row_key": "card:old", "line": 9}])
    answer = lineage.of(desk, "card:old", SETTINGS)
    assert (answer["runs"], answer["row"], answer["read_from"]["line"]) == ([], None, 9)


def test_a_desk_without_runs_has_no_lineage(tmp_path: Path) -> None:
    """Nothing was read yet, so nothing is found."""
    store = open_store(f"sqlite:///{tmp_path / 't.db'}")
    with pytest.raises(RunError, match="no flag and no transaction"):
        lineage.of(store, "A1", SETTINGS)
    store.close()
