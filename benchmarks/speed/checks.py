"""Our own jobs: single checks, all three, a bare scan, and what the peers are held against."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb

from benchmarks import synthetic
from benchmarks.audited import CHECKS
from tools.audit.check_concurrency import turn_of
from tools.books import manifest
from tools.books.engine import Books
from tools.books.tables import TXN
from tools.checks.catalogue import NAMES
from tools.checks.reconciliation import breaks
from tools.checks.reconciliation.match_pair import MODES
from tools.checks.reconciliation.sides import items
from tools.checks.runner import TestResult, run_tests
from tools.core.settings import Settings
from tools.ledger.sources import of as sources_of
from tools.rules.model import Rules
from tools.rules.test_header import CheckName, load

Facts = dict[str, Any]
# What the pandera schema tells, too, as seven tests.
ROW_RULES: Final = (
    "missing_required_field", "implausible_amount", "unknown_currency", "future_date", "malformed_card",
    "due_before_invoice", "repeated_id",
)  # fmt: skip
# The like of what the prototype measured: twelve rules, ten tests.
_TWELVE: Final = (
    "missing_required_field", "implausible_amount", "excess_decimals", "unknown_currency", "future_date",
    "implausible_date", "malformed_card", "due_before_invoice", "unknown_vendor", "repeated_id",
    "repeated_content", "sequence_gap",
)  # fmt: skip
_TEN: Final = (
    "amount_against_vendor", "duplicate_payment", "duplicate_invoice_number", "same_invoice_other_vendor",
    "same_vendor_amount", "split_under_limit", "round_amount", "weekend_posting", "dormant_vendor",
    "benford_first_two",
)  # fmt: skip
# What the pandas peer does too.
OUTLIER_TESTS: Final = ("amount_against_vendor", "duplicate_payment", "weekend_posting", "round_amount")


def warm() -> None:
    """Run every check once on a few rows, so that imports are not timed: peers import theirs before too."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "snapshot"
        synthetic.write(folder, 300)
        for run in CHECKS.values():
            with Books.open(folder, Settings()) as books:
                run(books, Rules())


def check(name: str, folder: str) -> tuple[float, Facts]:
    """Run one check on a snapshot, from opening it to its last finding."""
    warm()
    started = time.perf_counter()
    with Books.open(Path(folder), Settings()) as books:
        results = CHECKS[name](books, Rules())
        seconds = time.perf_counter() - started
    return seconds, _facts(results)


def three(folder: str) -> tuple[float, Facts]:
    """Run the three checks as an audit does: side by side, each when its turn comes."""
    warm()
    started = time.perf_counter()
    with ThreadPoolExecutor(len(CHECKS)) as pool:
        results = [result for batch in pool.map(partial(_checked, folder), CHECKS) for result in batch]
    return time.perf_counter() - started, _facts(results)


def _checked(folder: str, name: str) -> list[TestResult]:
    rows = manifest.read(Path(folder)).rows
    with turn_of(name, rows), Books.open(Path(folder), Settings()) as books:
        return CHECKS[name](books, Rules())


def scan(name: str, folder: str) -> tuple[float, Facts]:
    """Read the columns that a check's tests name, every value hashed once: the floor of its time."""
    columns = _columns(name)
    hashed = ", ".join(f'bit_xor(hash("{column}"))' for column in columns)
    connection = duckdb.connect()
    started = time.perf_counter()
    connection.read_parquet(str(Path(folder) / "txn.parquet")).aggregate(hashed).fetchall()
    return time.perf_counter() - started, {"columns": len(columns)}


def sound_rows(folder: str) -> tuple[float, Facts]:
    """Run the seven tests whose rules pandera is given, too."""
    return _tests(folder, "quality", ROW_RULES)


def twelve_rules(folder: str) -> tuple[float, Facts]:
    """Run twelve quality tests."""
    return _tests(folder, "quality", _TWELVE)


def ten_tests(folder: str) -> tuple[float, Facts]:
    """Run ten anomaly tests."""
    return _tests(folder, "anomaly", _TEN)


def outliers(folder: str) -> tuple[float, Facts]:
    """Run the anomaly tests that the pandas peer does too."""
    return _tests(folder, "anomaly", OUTLIER_TESTS)


def pairs(folder: str) -> tuple[float, Facts]:
    """Reconcile bank and ledger; precision and recall against the truth."""
    warm()
    started = time.perf_counter()
    with Books.open(Path(folder), Settings()) as books:
        CHECKS["reconciliation"](books, Rules())
        seconds = time.perf_counter() - started
        matches = books.connection.table("match").filter("kind <> 'offset'").project("right_id, left_id")
        return seconds, against_truth(books.connection, matches, folder)


def three_passes(folder: str) -> tuple[float, Facts]:
    """Match bank and ledger one against one, and nothing else: no groups, no breaks, no tests."""
    warm()
    started = time.perf_counter()
    with Books.open(Path(folder), Settings()) as books:
        sources = sources_of(books)
        items.prepare(books)
        breaks.prepare(books)
        for pair in sources.pairs:
            items.load(books, sources, pair)
            MODES["one_to_one"](books, sources, pair)
            breaks.keep(books, pair)
        breaks.publish(books)
        seconds = time.perf_counter() - started
        matches = books.connection.table("match").project("right_id, left_id")
        return seconds, against_truth(books.connection, matches, folder)


def against_truth(
    connection: duckdb.DuckDBPyConnection, matches: duckdb.DuckDBPyRelation, folder: str
) -> Facts:
    """Give precision and recall of (ledger id, bank id) pairs against truth.parquet."""
    matches.distinct().create_view("found_pair", replace=True)
    connection.read_parquet(str(Path(folder) / "truth.parquet")).create_view("true_pair", replace=True)
    named = ", ".join(connection.view("found_pair").columns)
    right, ours, true = connection.execute(
        f"SELECT count(*), (SELECT count(*) FROM found_pair), (SELECT count(*) FROM true_pair) "  # noqa: S608 - our own names
        f"FROM (SELECT {named} FROM found_pair INTERSECT SELECT left_id, right_id FROM true_pair)"
    ).fetchall()[0]
    return {"precision": round(right / max(ours, 1), 4), "recall": round(right / max(true, 1), 4)}


def _tests(folder: str, check_name: CheckName, names: tuple[str, ...]) -> tuple[float, Facts]:
    warm()
    book_tests = [load(check_name, name) for name in names if name in NAMES[check_name]]
    started = time.perf_counter()
    with Books.open(Path(folder), Settings()) as books:
        results = run_tests(books, book_tests, Rules())
        seconds = time.perf_counter() - started
    return seconds, {**_facts(results), "rules": len(book_tests)}


def _facts(results: list[TestResult]) -> Facts:
    ran = [result for result in results if result.status == "ran"]
    failed = [result.test for result in results if result.status == "failed"]
    slow = sorted(ran, key=lambda result: -result.seconds)[:3]
    return {
        "tests": len(ran),
        "findings": sum(result.findings for result in ran),
        "failed": failed,
        "slowest": {result.test: result.seconds for result in slow},
    }


def _columns(name: str) -> list[str]:
    words: set[str] = set()
    for check_name, names in NAMES.items():
        if name in (check_name, "three"):
            for test in names:
                words |= set(re.findall(r"\b[a-z_0-9]+\b", load(check_name, test).sql))
    if name in ("reconciliation", "three"):
        words |= {
            "row_key",
            "posted_day",
            "amount_minor",
            "currency",
            "vendor_key",
            "reference",
            "description",
        }
    return [column for column in TXN if column in words]
