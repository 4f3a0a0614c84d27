"""A desk with one run that waits for approval, written as the graph's nodes write it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.approval_requests import ask_people
from tests.books import make_books
from tools.books import check_tables
from tools.store import Store, cases, flags, open_store, runs, trail

RUN = "20251231-abc123"
TXN = [
    {
        "row_key": "card:a",
        "txn_id": "A1",
        "posted_on": "2025-03-04",
        "vendor_name": "=Pine [red]\x1b[31m",
        "amount_minor": 1240050,
        "file": "card.csv",
    },
    {"row_key": "bank:b", "txn_id": "B1", "posted_on": "2025-03-05", "amount_minor": -300, "currency": "JPY"},
]
CONTROL = [
    {"source": "books", "file": "card.csv", "currency": "USD", "rows": 2, "rejected": 1, "sum_minor": 5}
]
ARROW = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
}


def seed_desk(folder: Path) -> Path:
    """Write users, a run's folder and a store into a folder; give the folder."""
    users_file(folder)
    seed_folder(folder / RUN)
    seed_store(f"sqlite:///{folder}/tieout.db").close()
    return folder


def copy_desk(seeded: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Copy a seeded desk, work in the copy with nobody signed in, and give its store."""
    shutil.copytree(seeded, folder, dirs_exist_ok=True)
    url = f"sqlite:///{folder}/tieout.db"
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("WORKSPACE_URL", str(folder))
    monkeypatch.setenv("TIEOUT_USERS", str(folder / "users.yaml"))
    monkeypatch.delenv("TIEOUT_TOKEN", raising=False)
    store = open_store(url)
    runs.record(store, RUN, snapshot_uri=str(folder / RUN / "snapshot"))
    return store


def publish(run: Path, name: str, table: str, *rows: Mapping[str, Any], **result: object) -> None:
    """Leave a check's result in a run's folder, as the checks do."""
    folder = run / name
    folder.mkdir(exist_ok=True)
    columns = {"finding": check_tables.FINDING, **check_tables.RECONCILED}[table]
    schema = pa.schema([(column, ARROW[kind]) for column, kind in columns.items()])
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), folder / f"{table}.parquet")
    summary = {"status": "ran", "tests": [], "error": "", "seconds": 0.5, **result}
    (folder / "result.json").write_text(json.dumps(summary))


def seed_folder(run: Path) -> None:
    """Write a snapshot with two findings, a match and a break; quality was run twice."""
    (run / "snapshot").mkdir(parents=True)
    make_books(run / "snapshot", txn=TXN, control_total=CONTROL).close()
    tests = [
        {"test": "blank", "status": "ran", "findings": 1, "rows": 2, "seconds": 0.1, "reason": ""},
        {
            "test": "gaps",
            "status": "not_applicable",
            "findings": 0,
            "rows": 0,
            "reason": "no values in reference",
        },
    ]
    finding = {"check": "quality", "test": "blank", "row_key": "gone", "score": 30, "observed": "nothing"}
    odd = [{"test": "round", "status": "ran", "findings": 1, "rows": 2, "seconds": 0.1, "reason": ""}]
    anomaly = {"test": "round", "row_key": "card:a", "score": 90}
    publish(run, "quality-1", "finding", {**finding, "test": "old"})
    publish(run, "quality-2", "finding", finding, tests=tests)
    publish(run, "anomaly-1", "finding", {**finding, "check": "anomaly", **anomaly}, tests=odd)
    match = {"pair": "card_to_bank", "left_key": "card:a", "right_key": "bank:b", "confidence": 0.9}
    publish(run, "reconciliation-1", "match", {**match, "amount_minor": 1240050, "difference_minor": -5})
    broken = {"pair": "card_to_bank", "row_key": "bank:b", "amount_minor": -300, "currency": "JPY"}
    publish(run, "reconciliation-1", "break", {**broken, "reason": "missing"})
    (run / "suspects-1").mkdir()
    (run / "suspects-1" / "result.json").write_text(json.dumps({"facts": {"suspects": 3, "cases": 2}}))


def seed_store(url: str, started_by: str = "riley") -> Store:
    """Write a run with a CRITICAL case and a WARNING case, both waiting."""
    store = open_store(url)
    runs.start_audit(store, thread_id="thread-1", started_by=started_by, run_id=RUN, entity="Pine & Co")
    raised = flags.propose(store, RUN, [_flag("card:a", "CRITICAL", "c1"), _flag("bank:b", "WARNING", "c2")])
    cases.save(store, RUN, [_case("c1"), _case("c2")])
    units = dict(zip(("c1", "c2"), ([flag] for flag in raised.new), strict=True))
    subjects = [_subject("c1", "CRITICAL", 2), _subject("c2", "WARNING", 1)]
    ask_people(
        store,
        RUN,
        "flags",
        reasons=["2 flags wait"],
        subjects=subjects,
        units=units,
        title="2 cases to decide",
        needs={"c1": 2, "c2": 1},
        barred={"c1": {started_by: "started"}},
    )
    runs.set_status(store, RUN, "waiting")
    trail.append(store, RUN, "open_run", "opened", duration_ms=12, details={"rows": 2})
    trail.append(store, RUN, "await_approval", "asked", error="late\nreply")
    return store


def users_file(folder: Path) -> Path:
    """Write a users file: dana and omar approve, riley does not; the token of a user is USER-token."""
    roles = {"dana": ["approver"], "omar": ["approver"], "riley": ["auditor"]}
    lines = [
        f"  {user}: {{name: {user.title()}, roles: {granted_roles}, token_sha256: {_digest(user)}}}"
        for user, granted_roles in roles.items()
    ]
    path = folder / "users.yaml"
    path.write_text("\n".join(["users:", *lines]))
    return path


def _digest(user: str) -> str:
    return hashlib.sha256(f"{user}-token".encode()).hexdigest()


def _flag(row_key: str, severity: str, case_id: str) -> dict[str, Any]:
    return {
        "row_key": row_key,
        "source": "card",
        "amount_minor": 1240050,
        "currency": "USD",
        "severity": severity,
        "risk": severity if severity == "CRITICAL" else "HIGH",
        "score": 90,
        "vendor": "=Pine [red]\x1b[31m",
        "posted_on": "2025-03-04",
        "case_id": case_id,
        "file": "card.csv",
        "line": 2,
        "explanation": "Paid twice.\nLooked for and not found: receipt.",
        "tests": [{"test": "duplicate_payment", "score": 90, "observed": "2", "threshold": "1"}],
        "documents": [
            {"found": True, "kind": "email", "doc_id": "m1", "why": "names it", "excerpt": "ok"},
            {"found": False, "kind": "receipt"},
        ],
        "components": {"severity": [{"what": "no match", "because": "no partner", "points": 40}]},
    }


def _case(case_id: str) -> dict[str, Any]:
    return {"case_id": case_id, "title": f"Case {case_id}", "exposure_minor": 1240050, "currency": "USD"}


def _subject(name: str, severity: str, quorum: int) -> dict[str, Any]:
    return {
        "subject": name,
        "title": f"Case {name}",
        "risk": severity if severity == "CRITICAL" else "HIGH",
        "severity": severity,
        "quorum": quorum,
        "flags": 1,
        "exposure": "12400.50",
        "currency": "USD",
        "description": f"Case {name}: 1 flag",
    }
