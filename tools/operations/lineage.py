"""Lineage: where a posting came from, what looked at it, what was found, what people decided.

of(store, name, settings) -> dict           a flag, a row key, its number, or its amount and day
of_flag(store, flag_id, settings) -> dict
of_row(store, row_key, settings) -> dict

All of it JSON primitives, money as decimal text:
row         the canonical row: what was read
read_from   source, file, line, and the file's sha256
runs        newest first, each with run_id, status, scope and
  tests       check, test, outcome (found, passed, not for this row, not applicable, failed), reason, and
              of a finding score, observed, threshold, population, partner
  matches     pair, pass, kind, confidence, amount, difference, group_lines, and the other row: other_key,
              other_id, other_source, other_file, other_line
  breaks      pair, reason, difference, nearest, why_not
  documents   what was found of it: kind, doc_id, excerpt, why, approver
  case        the case that it belongs to, or null
flags       each with its history (at, what, by, note) and decisions (subject, verdict, by, role, at, note)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from tools.approvals import requests
from tools.books.engine import Books
from tools.core import formatting, money
from tools.core.errors import RunError, TestHeaderError
from tools.core.settings import Settings
from tools.operations.posting_lookup import row_key_of, runs_with
from tools.rules import test_header
from tools.runs import workspace
from tools.store import Store, flags
from tools.store.models import AuditRun, Flag

CHECKS: tuple[test_header.CheckName, ...] = ("quality", "reconciliation", "anomaly")
MOST_LINES = 50  # of a match with hundreds of rows
Row = dict[str, Any]

_ROW = "SELECT * FROM txn WHERE row_key = $row_key LIMIT 1"
_FILE = "SELECT sha256 FROM control_total WHERE source = $source AND file = $file LIMIT 1"
_FINDINGS = "SELECT * FROM read_parquet($files) WHERE row_key = $row_key ORDER BY score DESC, test"
_BREAKS = "SELECT * FROM read_parquet($files) WHERE row_key = $row_key ORDER BY pair, side"
_DOCUMENTS = "SELECT * FROM read_parquet($files) WHERE row_key = $row_key ORDER BY kind, score DESC, doc_id"
_CASE = """
SELECT c.* FROM read_parquet($cases) c JOIN read_parquet($files) s ON s.case_id = c.case_id
WHERE s.row_key = $row_key
"""
_MATCHES = """
SELECT m.pair, m.group_id, m.pass, m.kind, m.confidence, m.amount_minor, m.difference_minor,
  m.difference_reason, t.row_key AS other_key, t.txn_id AS other_id, t.source AS other_source,
  t.file AS other_file, t.line AS other_line,
  (SELECT count(*) FROM read_parquet($files) g WHERE g.group_id = m.group_id) AS group_lines
FROM read_parquet($files) m
LEFT JOIN txn t ON t.row_key IN (m.left_key, m.right_key) AND t.row_key <> $row_key
WHERE $row_key IN (m.left_key, m.right_key)
ORDER BY m.pair, m.group_id, other_key
LIMIT $most
"""


def of(store: Store, name: str, settings: Settings) -> Row:
    """Give the lineage of what a person names: a flag, a row key, or a transaction of its source.

    Raises RunError when nothing is called that, or several rows are.
    """
    if ":" in name:
        return of_row(store, name, settings)
    try:
        return of_flag(store, name, settings)
    except RunError:
        return of_row(store, row_key_of(store, name, settings), settings)


def of_flag(store: Store, flag_id: str, settings: Settings) -> Row:
    """Give the lineage of the row of a flag (the beginning of its id will do)."""
    return of_row(store, flags.get(store, flag_id).row_key, settings)


def of_row(store: Store, row_key: str, settings: Settings) -> Row:
    """Give the lineage of a row of the books. Raises RunError when no run read it."""
    raised = flags.of_row(store, row_key)
    sightings = [_in_run(run, row_key, settings) for run in runs_with(store, row_key, settings)]
    if not sightings and not raised:
        remedy = "'tieout findings --csv' has row keys."
        raise RunError(f"no run has read a row '{row_key}'.", remedy=remedy)
    newest = sightings[0] if sightings else {"row": None, "read_from": _told_by(raised[0])}
    return {
        "row_key": row_key,
        **_only(newest, "row", "read_from"),
        "runs": [_without(sighting, "row", "read_from") for sighting in sightings],
        "flags": [_flag(store, flag) for flag in raised],
    }


def _in_run(run: AuditRun, row_key: str, settings: Settings) -> Row:
    workspace.run_folder(settings, run.run_id)  # of a workspace elsewhere: all that was published is loaded
    snapshot = workspace.located(settings, run.snapshot_uri)
    with Books.open(snapshot, settings) as books:
        row = books.rows(_ROW, {"row_key": row_key})[0]
        table = partial(_table, snapshot.parent)
        return {
            "run_id": run.run_id,
            "status": run.status,
            "scope": row["scope"],
            "row": _plain(row, row["currency"]),
            "read_from": _read_from(books, row),
            "tests": _tests(books, row, snapshot.parent),
            "matches": _query(books, _MATCHES, row, table("reconciliation", "match"), most=MOST_LINES),
            "breaks": _query(books, _BREAKS, row, table("reconciliation", "break")),
            "documents": _query(books, _DOCUMENTS, row, table("evidence", "evidence")),
            "case": _case(books, row, table("suspects", "case"), table("suspects", "suspect")),
        }


def _read_from(books: Books, row: Row) -> Row:
    place = _only(row, "source", "file", "line")
    files = books.rows(_FILE, place)
    return {**place, "sha256": files[0]["sha256"] if files else None}


def _told_by(flag: Flag) -> Row:
    return {"source": flag.source, "file": flag.file, "line": flag.line, "sha256": None}


def _tests(books: Books, row: Row, run: Path) -> list[Row]:
    answers = []
    for check in CHECKS:
        folder = workspace.newest(run, check)
        if folder is None:
            continue
        findings = _query(books, _FINDINGS, row, _table(run, check, "finding"))
        for test in workspace.read_json(folder / workspace.RESULT)["tests"]:
            hits = [finding for finding in findings if finding["test"] == test["test"]]
            outcomes = [_outcome(hit, row) for hit in hits] or [_not_found(check, test, row)]
            answers += [{"check": check, "test": test["test"], **outcome} for outcome in outcomes]
    return answers


def _outcome(hit: Row, row: Row) -> Row:
    details = _only(
        formatting.of_test(hit, row["currency"]),
        "score",
        "observed",
        "threshold",
        "population",
        "partner_key",
        "field",
    )
    return {"outcome": "found", "reason": "", **details}


def _not_found(check: test_header.CheckName, test: Row, row: Row) -> Row:
    """Say what a test that found nothing did with a row: only rows of the window are judged."""
    if test["status"] != "ran":
        return {"outcome": str(test["status"]).replace("_", " "), "reason": test["reason"]}
    kinds = _kinds(check, test["test"])
    if row["scope"] not in ("window", *(("open",) if check == "reconciliation" else ())):
        return {"outcome": "not for this row", "reason": f"scope {row['scope']}"}
    if kinds and row["kind"] not in kinds:
        return {"outcome": "not for this row", "reason": f"looks at {', '.join(kinds)}"}
    return {"outcome": "passed", "reason": ""}


def _kinds(check: test_header.CheckName, test: str) -> tuple[str, ...]:
    try:
        return test_header.load(check, test).kinds
    except TestHeaderError:  # an older run had a test that is no more
        return ()


def _case(books: Books, row: Row, cases: list[str], suspects: list[str]) -> Row | None:
    case_rows = _query(books, _CASE, row, suspects, cases=cases) if cases else []
    return case_rows[0] if case_rows else None


def _table(run: Path, step: str, name: str) -> list[str]:
    folder = workspace.newest(run, step)
    path = folder / f"{name}.parquet" if folder else None
    return [str(path)] if path and path.is_file() else []


def _query(books: Books, sql: str, row: Row, files: list[str], **parameters: object) -> list[Row]:
    if not files:
        return []
    bindings = {"row_key": row["row_key"], "files": files, **parameters}
    return [_plain(result, result.get("currency") or row["currency"]) for result in books.rows(sql, bindings)]


def _plain(row: Row, currency: str | None) -> Row:
    """Give a row as JSON primitives: amounts as decimal text, days and times as ISO text."""
    cells: Row = {}
    for name, value in row.items():
        if name.endswith("_minor"):
            is_amount = value is not None and currency
            cells[name.removesuffix("_minor")] = money.to_text(value, str(currency)) if is_amount else None
        elif not name.endswith(("_day", "_hash")):
            cells[name] = value.isoformat() if isinstance(value, date) else value
    return cells


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def _only(row: Row, *names: str) -> Row:
    return {name: row[name] for name in names}


def _flag(store: Store, flag: Flag) -> Row:
    history = [
        {"what": event.kind, **_only(event.as_dict(), "at", "by", "note", "run_id")}
        for event in flags.history(store, flag.flag_id)
    ]
    return {**flag.as_dict(), "history": history, "decisions": list(_decisions(store, flag))}


def _decisions(store: Store, flag: Flag) -> Iterator[Row]:
    """Give what people said of the subjects that hold this flag."""
    for request in requests.of_run(store, flag.run_id):
        units: Mapping[str, Sequence[str]] = request.payload.get("units") or {}
        subjects = {flag.flag_id, *(subject for subject, ids in units.items() if flag.flag_id in ids)}
        for decision in requests.decisions(store, request.request_id):
            if decision.subject in subjects:
                yield _without(decision.as_dict(), "decision_id")
