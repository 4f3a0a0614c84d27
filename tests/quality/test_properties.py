"""What must not change a finding, and what must always be found, for any books."""

from __future__ import annotations

import hashlib
import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.books import make_books
from tools.checks.quality import TESTS
from tools.checks.runner import run_tests
from tools.rules import test_header
from tools.rules.model import Rules
from tools.rules.test_header import Absolute

Row = dict[str, Any]
Findings = set[tuple[str, str, int, str | None, str | None]]

AS_OF = date(2025, 6, 30)
VENDOR_IDS = ["V1", "V2", "V3", "V4"]
PEOPLE = ["P1", "P2", "P3"]
MASTERS: dict[str, Any] = {
    "vendor": [{"vendor_id": name, "vendor_name": name, "vendor_key": name} for name in VENDOR_IDS],
    "employee": [{"person_id": name, "person_name": name} for name in PEOPLE],
    "required_field": [{"source": "card", "field": name} for name in ("txn_id", "posted_on", "vendor_name")],
}
SPOILED = {"code": "B200", "name": "bras", "unit": "", "count": "4000", "day": "2025-02-30"}
NAMES = st.permutations(["V7", "V8", "V9", "W1"])
CURRENCIES = st.sampled_from(("EUR", "CHF", "INR"))
few_examples = settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


@st.composite
def books(draw: st.DrawFn) -> list[Row]:
    """Card rows, some of them copied, without an id, or near another."""
    size = draw(st.integers(25, 45))
    rows = [_row(draw, number) for number in range(size)]
    for _ in range(draw(st.integers(0, 4))):
        copied = draw(st.sampled_from(rows))
        changes: list[Row] = [{}, {"txn_id": f"C{len(rows):04d}"}, {"amount_minor": 777}]
        rows.append({**copied, **draw(st.sampled_from(changes))})
    return _keyed(rows)


def _row(draw: st.DrawFn, number: int) -> Row:
    vendor = draw(st.sampled_from(VENDOR_IDS))
    return {
        "source": "card",
        "txn_id": f"C{number:04d}",
        "posted_on": AS_OF - timedelta(days=draw(st.integers(0, 80))),
        "amount_minor": draw(st.integers(100, 90_000)),
        "vendor_id": vendor,
        "vendor_name": vendor,
        "person_id": draw(st.sampled_from(PEOPLE)),
        "card_last4": "4242",
        "category": draw(st.sampled_from(["Travel", "Meals"])),
        "rounded": False,
    }


def _keyed(rows: list[Row]) -> list[Row]:
    """Give rows the hashes and keys that the reader would."""
    counts: dict[str, int] = {}
    keyed = []
    for row in rows:
        content = _digest({name: value for name, value in row.items() if name != "txn_id"})
        rest = _digest({n: v for n, v in row.items() if n not in ("txn_id", "amount_minor", "rounded")})
        key = _digest({"content": content, "id": row.get("txn_id")})
        counts[key] = counts.get(key, 0) + 1
        keyed.append({**row, "row_key": f"{key}-{counts[key]}", "content_hash": content, "rest_hash": rest})
    return keyed


def _digest(values: Mapping[str, Any]) -> str:
    return hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()[:16]


def findings_of(
    rows: list[Row],
    as_of: date = AS_OF,
    tests: Sequence[str] = TESTS,
    **masters: object,
) -> Findings:
    """Run tests on books, and give their findings without the words."""
    tables: dict[str, Any] = {**MASTERS, **masters}
    with (
        tempfile.TemporaryDirectory() as folder,
        make_books(Path(folder), txn=rows, as_of=as_of, **tables) as snapshot,
    ):
        results = run_tests(snapshot, [test_header.load("quality", name) for name in tests], Rules())
        findings = snapshot.rows("SELECT test, row_key, score, field, partner_key FROM finding")
    assert not [result.reason for result in results if result.status == "failed"]
    return {(r["test"], r["row_key"], r["score"], r["field"], r["partner_key"]) for r in findings}


def with_names(rows: list[Row], names: list[str]) -> tuple[list[Row], list[Row]]:
    """Rename the vendors one for one; give the rows and the vendors."""
    new = dict(zip(VENDOR_IDS, names, strict=True))
    renamed = [
        {**row, "vendor_id": new[row["vendor_id"]], "vendor_name": new[row["vendor_id"]]} for row in rows
    ]
    return renamed, [{"vendor_id": name, "vendor_name": name, "vendor_key": name} for name in names]


def later_by(rows: list[Row], days: timedelta) -> list[Row]:
    """Move all days."""
    return [{**row, "posted_on": row["posted_on"] + days} for row in rows]


@few_examples
@given(rows=books(), order=st.randoms(use_true_random=False), names=NAMES, weeks=st.integers(1, 60),
       currency=CURRENCIES)  # fmt: skip
def test_order_files_names_weeks_and_currency_change_nothing(
    rows: list[Row],
    order: Any,  # noqa: ANN401 - a random generator of hypothesis
    names: list[str],
    weeks: int,
    currency: str,
) -> None:
    """All of them others at once: the same findings."""
    later = timedelta(weeks=weeks)
    renamed, vendor = with_names(later_by(rows, later), names)
    changed = [
        {**row, "currency": currency, "file": f"{i % 3}.csv", "line": i} for i, row in enumerate(renamed)
    ]
    order.shuffle(changed)
    assert findings_of(rows) == findings_of(changed, AS_OF + later, vendor=vendor)


@pytest.mark.exhaustive
@few_examples
@given(rows=books(), order=st.randoms(use_true_random=False), pieces=st.integers(1, 5))
def test_order_and_files_change_nothing(rows: list[Row], order: Any, pieces: int) -> None:  # noqa: ANN401 - whatever hypothesis or a client gives
    """Rows in another order, split over other files, give the same findings."""
    shuffled = [{**row, "file": f"{i % pieces}.csv", "line": i} for i, row in enumerate(rows)]
    order.shuffle(shuffled)
    assert findings_of(rows) == findings_of(shuffled)


@pytest.mark.exhaustive
@few_examples
@given(rows=books(), names=NAMES)
def test_other_vendor_ids_change_nothing(rows: list[Row], names: list[str]) -> None:
    """Vendors renamed one for one give the same findings."""
    renamed, vendor = with_names(rows, names)
    assert findings_of(rows) == findings_of(renamed, vendor=vendor)


@pytest.mark.exhaustive
@few_examples
@given(rows=books(), weeks=st.integers(1, 60))
def test_weeks_later_is_the_same(rows: list[Row], weeks: int) -> None:
    """The same books some whole weeks later, audited as much later, give the same findings."""
    later = timedelta(weeks=weeks)
    assert findings_of(rows) == findings_of(later_by(rows, later), AS_OF + later)


def relative(to: Absolute) -> list[str]:
    """Name the tests that measure nothing in absolute money, or by the calendar, as their headers say."""
    return [name for name in TESTS if to not in test_header.load("quality", name).absolute]


@few_examples
@given(rows=books(), days=st.integers(1, 6))
def test_days_later_is_the_same_but_for_the_calendar(rows: list[Row], days: int) -> None:
    """Books some days later, whatever weekday that makes of a Monday, give the same findings."""
    later, names = timedelta(days=days), relative("calendar")
    moved = later_by(rows, later)
    named = [name for name in names if name != "unusual_volume"]  # its weeks begin on Mondays
    assert findings_of(rows, tests=named) == findings_of(moved, AS_OF + later, named)


@few_examples
@given(rows=books(), times=st.sampled_from((100, 10_000)))
def test_a_hundred_times_the_amounts_is_the_same(rows: list[Row], times: int) -> None:
    """No share, order or copy depends on the size of the unit: only what is implausible in itself."""
    large, names = [{**row, "amount_minor": row["amount_minor"] * times} for row in rows], relative("money")
    assert findings_of(rows, tests=names) == findings_of(large, tests=names)


@pytest.mark.exhaustive
@few_examples
@given(rows=books(), currency=CURRENCIES)
def test_another_currency_is_the_same(rows: list[Row], currency: str) -> None:
    """Books in another currency give the same findings."""
    assert findings_of(rows) == findings_of([{**row, "currency": currency} for row in rows])


@few_examples
@given(rows=books())
def test_a_second_run_finds_the_same(rows: list[Row]) -> None:
    """Nothing is drawn by chance."""
    assert findings_of(rows) == findings_of(rows)


def cells(seed: int) -> list[Row]:
    """Make rows of a table: a few kinds of things with their habits, and errors in some cells."""
    chance = random.Random(seed)
    things = (
        ("A-100", "amber", "kg"),
        ("B-200", "brass", "m"),
        ("C-300", "cork", "pcs"),
        ("D-400", "delft", "l"),
    )
    rows: list[Row] = []
    for number in range(120):
        code, name, unit = chance.choice(things)
        count, day = str(chance.randrange(10, 60)), f"2025-{chance.randrange(1, 13):02d}-11"
        rows.append(
            {"row_key": f"k{number}", "code": code, "name": name, "unit": unit, "count": count, "day": day}
        )
    for column, value in SPOILED.items():
        chance.choice(rows)[column] = value
    return rows


def bad_cells(rows: list[Row]) -> set[tuple[str, str, str]]:
    """Give (test, row_key, field) of what is found in a table's cells."""
    tests = [test for name in TESTS if (test := test_header.load("quality", name)).about == "cell"]
    with tempfile.TemporaryDirectory() as folder, make_books(Path(folder), table_things=rows) as snapshot:
        run_tests(snapshot, tests, Rules())
        return {(r["test"], r["row_key"], r["field"]) for r in snapshot.rows("SELECT * FROM finding")}


@few_examples
@given(seed=st.integers(0, 10_000), order=st.randoms(use_true_random=False))
def test_the_order_of_a_tables_rows_and_columns_changes_nothing(seed: int, order: Any) -> None:  # noqa: ANN401 - whatever hypothesis or a client gives
    """Rows and columns in another order give the same cells; every one that was spoiled is among them."""
    rows, fields = cells(seed), list(SPOILED)
    flagged = bad_cells(rows)
    order.shuffle(fields)
    shuffled = [{"row_key": row["row_key"], **{field: row[field] for field in fields}} for row in rows]
    order.shuffle(shuffled)
    assert flagged == bad_cells(shuffled)
    wrong = {(row["row_key"], field) for row in rows for field in fields if row[field] == SPOILED[field]}
    assert wrong <= {(key, field) for _, key, field in flagged}


def _copied(row: Row) -> list[Row]:
    return [row, dict(row)]


PLANTED: dict[str, Callable[[Row], list[Row]]] = {
    "missing_required_field": lambda row: [{**row, "vendor_name": None, "vendor_key": None}],
    "implausible_amount": lambda row: [{**row, "amount_minor": 10**15}],
    "excess_decimals": lambda row: [{**row, "rounded": True}],
    "unknown_currency": lambda row: [{**row, "currency": "USX"}],
    "future_date": lambda row: [{**row, "posted_on": AS_OF + timedelta(days=400)}],
    "implausible_date": lambda row: [{**row, "posted_on": date(1900, 1, 1)}],
    "malformed_card": lambda row: [{**row, "card_last4": "42424"}],
    "unknown_vendor": lambda row: [{**row, "vendor_id": "X9"}],
    "unknown_employee": lambda row: [{**row, "person_id": "X9"}],
    "repeated_id": _copied,
    "repeated_content": lambda row: [row, {**row, "txn_id": "D0001"}],
    "altered_copy": lambda row: [
        row, {**row, "txn_id": "D0001", "rounded": True, "amount_minor": row["amount_minor"] + 3},
    ],
    "respelled_copy": lambda row: [
        {**row, "vendor_name": "Willow Tea House"},
        {**row, "vendor_name": "Wilow Tea House", "txn_id": "D0001"},
    ],
    "respelled_vendor": lambda row: [
        *({**row, "vendor_name": "Willow Tea House", "txn_id": f"D{i:04d}"} for i in range(8)),
        {**row, "vendor_name": "Wilow Tea House", "txn_id": "D0009"},
    ],
    "near_copy": lambda row: [
        {**row, "vendor_name": "Willow Tea House", "amount_minor": 4100},
        {**row, "vendor_name": "Willow Tea House", "amount_minor": 4103, "txn_id": "D0001"},
    ],
    "due_before_invoice": lambda row: [
        {**row, "kind": "invoice", "due_on": row["posted_on"] - timedelta(days=9)},
    ],
    "unbalanced_journal": lambda row: [{**row, "kind": "ledger", "source": "ledger", "journal_id": "J1"}],
    "sequence_gap": lambda _: [],
}  # fmt: skip


@pytest.mark.parametrize("test", PLANTED)
@settings(parent=few_examples, max_examples=2)
@given(rows=books(), at=st.integers(1, 20))
def test_what_is_planted_is_found(test: str, rows: list[Row], at: int) -> None:
    """An error is found on whichever row it is planted."""
    plain = _keyed([row for i, row in enumerate(rows) if i < 25])
    planted = _keyed([*plain[:at], *PLANTED[test](plain[at]), *plain[at + 1 :]])
    fresh = {row["row_key"] for row in planted} - {row["row_key"] for row in plain}
    fresh = fresh or {planted[at]["row_key"]}
    after = {key for _, key, *_ in findings_of(planted, tests=[test])}
    before = {key for _, key, *_ in findings_of(plain, tests=[test])}
    assert after - before, f"{test} did not find it"
    assert test == "repeated_content" or after - before <= fresh
