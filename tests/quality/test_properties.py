"""What must not change a finding, and what must always be found, for any books."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.books import make_books
from tools import booktest
from tools.quality import TESTS
from tools.rules import Rules
from tools.runner import run_tests

Row = dict[str, Any]
Found = set[tuple[str, str, int, str | None, str | None]]

AS_OF = date(2025, 6, 30)
VENDOR_IDS = ["V1", "V2", "V3", "V4"]
PEOPLE = ["P1", "P2", "P3"]
MASTERS: dict[str, Any] = {
    "vendor": [{"vendor_id": name, "vendor_name": name, "vendor_key": name} for name in VENDOR_IDS],
    "employee": [{"person_id": name, "person_name": name} for name in PEOPLE],
    "required_field": [{"source": "card", "field": name} for name in ("txn_id", "posted_on", "vendor_name")],
}
quick = settings(
    max_examples=4,
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
    seen: dict[str, int] = {}
    keyed = []
    for row in rows:
        content = _digest({name: value for name, value in row.items() if name != "txn_id"})
        rest = _digest({n: v for n, v in row.items() if n not in ("txn_id", "amount_minor", "rounded")})
        key = _digest({"content": content, "id": row.get("txn_id")})
        seen[key] = seen.get(key, 0) + 1
        keyed.append({**row, "row_key": f"{key}-{seen[key]}", "content_hash": content, "rest_hash": rest})
    return keyed


def _digest(values: Mapping[str, Any]) -> str:
    return hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()[:16]


def found(rows: list[Row], as_of: date = AS_OF, tests: Sequence[str] = TESTS, **masters: Any) -> Found:  # noqa: ANN401 - tables of any kind
    """Run tests on books, and give their findings without the words."""
    given_tables: dict[str, Any] = {**MASTERS, **masters}
    with (
        tempfile.TemporaryDirectory() as folder,
        make_books(Path(folder), txn=rows, as_of=as_of, **given_tables) as held,
    ):
        results = run_tests(held, [booktest.load("quality", name) for name in tests], Rules())
        told = held.rows("SELECT test, row_key, score, field, partner_key FROM finding")
    assert not [result.reason for result in results if result.status == "failed"]
    return {(r["test"], r["row_key"], r["score"], r["field"], r["partner_key"]) for r in told}


@quick
@given(rows=books(), order=st.randoms(use_true_random=False), pieces=st.integers(1, 5))
def test_order_and_files_change_nothing(rows: list[Row], order: Any, pieces: int) -> None:  # noqa: ANN401
    """Rows in another order, split over other files, give the same findings."""
    shuffled = [{**row, "file": f"{i % pieces}.csv", "line": i} for i, row in enumerate(rows)]
    order.shuffle(shuffled)
    assert found(rows) == found(shuffled)


@quick
@given(rows=books(), names=st.permutations(["V7", "V8", "V9", "W1"]))
def test_other_vendor_ids_change_nothing(rows: list[Row], names: list[str]) -> None:
    """Vendors renamed one for one give the same findings."""
    new = dict(zip(VENDOR_IDS, names, strict=True))
    renamed = [
        {**row, "vendor_id": new[row["vendor_id"]], "vendor_name": new[row["vendor_id"]]} for row in rows
    ]
    vendor = [{"vendor_id": name, "vendor_name": name, "vendor_key": name} for name in names]
    assert found(rows) == found(renamed, vendor=vendor)


@quick
@given(rows=books(), weeks=st.integers(1, 60))
def test_weeks_later_is_the_same(rows: list[Row], weeks: int) -> None:
    """The same books some whole weeks later, audited as much later, give the same findings."""
    later = timedelta(weeks=weeks)
    assert found(rows) == found(
        [{**row, "posted_on": row["posted_on"] + later} for row in rows], AS_OF + later
    )


@quick
@given(rows=books())
def test_a_hundred_times_the_amounts_is_the_same(rows: list[Row]) -> None:
    """No share, order or copy depends on the size of the unit: only what is implausible in itself."""
    large = [{**row, "amount_minor": row["amount_minor"] * 100} for row in rows]
    assert found(rows) == found(large)


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
    "sequence_gap": lambda _: [],
}  # fmt: skip


@pytest.mark.parametrize("test", PLANTED)
@settings(parent=quick, max_examples=2)
@given(rows=books(), at=st.integers(1, 20))
def test_what_is_planted_is_found(test: str, rows: list[Row], at: int) -> None:
    """An error is found on whichever row it is planted."""
    plain = _keyed([row for i, row in enumerate(rows) if i < 25])
    planted = _keyed([*plain[:at], *PLANTED[test](plain[at]), *plain[at + 1 :]])
    fresh = {row["row_key"] for row in planted} - {row["row_key"] for row in plain}
    fresh = fresh or {planted[at]["row_key"]}
    told = {key for _, key, *_ in found(planted, tests=[test])}
    before = {key for _, key, *_ in found(plain, tests=[test])}
    assert told - before, f"{test} did not find it"
    assert test == "repeated_content" or told - before <= fresh
