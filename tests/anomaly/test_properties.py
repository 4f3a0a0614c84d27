"""What must not matter to the anomaly tests does not: order, names, scale, season, an error's place."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.books import make_books
from tests.variations import first_of
from tools.checks.anomaly import TESTS
from tools.checks.anomaly.check import check
from tools.checks.runner import run_tests
from tools.rules import test_header
from tools.rules.model import Rules
from tools.rules.test_header import Absolute

Row = dict[str, Any]
Findings = set[tuple[str, str, int]]
VENDORS = ("V1", "V2", "V3", "V4")
SINCE = date(2025, 1, 6)
ALL_ON = Rules(tests={"ecod_ranking": {"enabled": True}, "amount_outside_sigma": {"enabled": True}})
few_examples = settings(max_examples=1, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def honest(seed: int, n: int = 90) -> list[Row]:
    """Make payments, charges and journals of a few vendors, with the repetitions that honest books have."""
    chance = random.Random(seed)
    rows: list[Row] = []
    for i in range(n):
        vendor = chance.choice(VENDORS)
        on = SINCE + timedelta(days=chance.randrange(300))
        amount = round(chance.lognormvariate(9 + VENDORS.index(vendor) / 2, 0.4))
        number = f"{vendor}-{1000 + 7 * i}"
        kind = chance.choice(("payment", "payment", "card", "ledger"))
        rows.append(
            {"row_key": f"k{i}", "txn_id": f"T{i:04}", "kind": kind, "source": kind, "vendor_id": vendor,
             "person_id": chance.choice("AB"), "amount_minor": amount, "posted_on": on, "invoice_no": number,
             "posted_hour": chance.randrange(7, 20), "entered_on": on + timedelta(days=chance.randrange(3)),
             "created_by": "P1", "approved_by": chance.choice(("P2", "P3"))}
        )  # fmt: skip
    rent = [
        {"row_key": f"rent{i}", "txn_id": f"R{i}", "kind": "payment", "source": "payment", "vendor_id": "V9",
         "amount_minor": 250000, "posted_on": SINCE + timedelta(days=30 * i), "invoice_no": "RENT"}
        for i in range(9)
    ]  # fmt: skip
    return rows + rent


def relative(to: Absolute) -> list[str]:
    """Name the tests that measure nothing in absolute money, or by the calendar, as their headers say."""
    return [name for name in TESTS if to not in test_header.load("anomaly", name).absolute]


def findings_of(
    rows: Sequence[Row],
    names: Sequence[str] = TESTS,
    authority: Sequence[Row] = (),
    *,
    currency: str = "USD",
    masters: Mapping[str, Sequence[Row]] = MappingProxyType({}),
) -> Findings:
    """Give (test, row_key, score) of every finding."""
    tables = {**masters, **({"authority": authority} if authority else {})}
    with TemporaryDirectory() as folder:
        books = make_books(Path(folder), currency=currency, as_of="2025-12-31", txn=rows, **tables)
        with books:
            run_tests(books, [test_header.load("anomaly", name) for name in names], ALL_ON)
            return {(r["test"], r["row_key"], r["score"]) for r in books.rows("SELECT * FROM finding")}


def with_errors(rows: list[Row]) -> list[Row]:
    """Add a payment made twice, a large one, a split and a self-approved one."""
    base = {
        "kind": "payment", "source": "payment", "created_by": "P1", "approved_by": "P2",
        "posted_on": SINCE + timedelta(days=120),
    }  # fmt: skip
    first = next(row for row in rows if row["kind"] == "payment")
    return [
        *rows,
        {**first, "row_key": "twice", "txn_id": "X1"},
        {**base, "row_key": "large", "txn_id": "X2", "vendor_id": "V1", "amount_minor": 9_999_983},
        {**base, "row_key": "part1", "txn_id": "X3", "vendor_id": "V8", "amount_minor": 480_017},
        {**base, "row_key": "part2", "txn_id": "X4", "vendor_id": "V8", "amount_minor": 470_019},
        {
            **base,
            "row_key": "self",
            "txn_id": "X5",
            "vendor_id": "V7",
            "amount_minor": 1_719,
            "approved_by": "P1",
        },
    ]


LIMITS = [{"person_id": "P2", "limit_minor": 500_000, "currency": "USD"}]


@cache
def plain_findings(seed: int) -> Findings:
    """Give what is found in books with errors as they are, once for all properties."""
    return findings_of(with_errors(honest(seed)), authority=LIMITS)


NEW_NAMES = st.permutations(("W5", "A1", "K3", "Z9", "B2", "Q7", "M4"))
CURRENCIES = st.sampled_from(("EUR", "CHF", "INR"))


def with_names(rows: list[Row], names: list[str]) -> list[Row]:
    """Rename the vendors."""
    new = dict(zip(("V1", "V2", "V3", "V4", "V7", "V8", "V9"), names, strict=True))
    return [{**row, "vendor_id": new[row["vendor_id"]]} for row in rows]


def in_currency(rows: list[Row], currency: str) -> list[Row]:
    """Have the amounts in another currency."""
    return [{**row, "currency": currency} for row in rows]


def in_files(rows: list[Row], pieces: int) -> list[Row]:
    """Have the rows out of other files and lines."""
    return [{**row, "file": f"{i % pieces}.csv", "line": i // pieces} for i, row in enumerate(rows)]


@few_examples
@given(seed=st.integers(0, 10_000), order=st.randoms(use_true_random=False), names=NEW_NAMES,
       currency=CURRENCIES, pieces=st.integers(1, 5))  # fmt: skip
def test_order_vendor_numbers_currency_and_files_change_nothing(
    seed: int, order: random.Random, names: list[str], currency: str, pieces: int
) -> None:
    """All of them others at once: the same findings, to the score, and the errors are among them."""
    rows = with_errors(honest(seed))
    changed = in_files(in_currency(with_names(order.sample(rows, len(rows)), names), currency), pieces)
    hits = findings_of(changed, authority=in_currency(LIMITS, currency), currency=currency)
    assert plain_findings(seed) == hits
    strong = {key for _, key, score in hits if score > 70}
    assert strong >= {"twice", "large", "part1", "part2", "self"}


@pytest.mark.exhaustive
@few_examples
@given(seed=st.integers(0, 10_000), order=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(seed: int, order: random.Random) -> None:
    """Shuffled rows give the same findings, to the score."""
    rows = with_errors(honest(seed))
    assert plain_findings(seed) == findings_of(order.sample(rows, len(rows)), authority=LIMITS)


@pytest.mark.exhaustive
@few_examples
@given(seed=st.integers(0, 10_000), names=NEW_NAMES)
def test_other_vendor_numbers_change_nothing(seed: int, names: list[str]) -> None:
    """Vendors are told apart by their numbers, and by nothing in them."""
    renumbered = with_names(with_errors(honest(seed)), names)
    assert plain_findings(seed) == findings_of(renumbered, authority=LIMITS)


@few_examples
@given(seed=st.integers(0, 10_000))
def test_scale_matters_only_where_a_threshold_is_money(seed: int) -> None:
    """A hundred times the amounts give the same findings of every test that measures by ratios."""
    rows = with_errors(honest(seed))
    larger = [{**row, "amount_minor": 100 * row["amount_minor"]} for row in rows]
    names = relative("money")
    assert only(names, plain_findings(seed)) == findings_of(larger, names, LIMITS)


def only(names: Sequence[str], findings: Findings) -> Findings:
    """Give the findings of some tests."""
    return {finding for finding in findings if finding[0] in names}


@pytest.mark.exhaustive
@few_examples
@given(seed=st.integers(0, 10_000), currency=CURRENCIES)
def test_another_currency_is_the_same(seed: int, currency: str) -> None:
    """Books in another currency, with their limits in it, give the same findings of every test."""
    rows, limits = (in_currency(listed, currency) for listed in (with_errors(honest(seed)), LIMITS))
    assert plain_findings(seed) == findings_of(rows, authority=limits, currency=currency)


@pytest.mark.exhaustive
@few_examples
@given(seed=st.integers(0, 10_000), pieces=st.integers(1, 5))
def test_the_files_change_nothing(seed: int, pieces: int) -> None:
    """The same rows out of other files and lines give the same findings."""
    split = in_files(with_errors(honest(seed)), pieces)
    assert plain_findings(seed) == findings_of(split, authority=LIMITS)


@few_examples
@given(seed=st.integers(0, 10_000))
def test_a_week_later_matters_only_to_the_calendar(seed: int) -> None:
    """Seven days on, only weekends at a period's end, holidays and closed periods may differ."""
    rows = with_errors(honest(seed))
    week = timedelta(days=7)
    later = [
        {**row, **{name: row[name] + week for name in ("posted_on", "entered_on") if row.get(name)}}
        for row in rows
    ]
    names = relative("calendar")
    assert only(names, plain_findings(seed)) == findings_of(later, names, authority=LIMITS)


@few_examples
@given(seed=st.integers(0, 10_000))
def test_a_second_run_finds_the_same(seed: int) -> None:
    """Nothing is drawn by chance, and nothing stays behind in the connection."""
    rows = with_errors(honest(seed))
    with TemporaryDirectory() as folder, make_books(Path(folder), txn=rows, authority=LIMITS) as books:
        first = check(books, ALL_ON), books.rows("SELECT * FROM finding ORDER BY ALL")
        again = check(books, ALL_ON), books.rows("SELECT * FROM finding ORDER BY ALL")
    assert first[1] == again[1]
    assert [r.status for r in first[0]] == [r.status for r in again[0]]


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), place=st.integers(0, 89), times=st.integers(40, 400))
def test_an_inflated_amount_is_found_wherever_it_stands(seed: int, place: int, times: int) -> None:
    """One amount many times too large is found, whichever row it is."""
    rows = [{**row, "kind": "payment", "source": "payment"} for row in honest(seed)]
    rows[place] = {**rows[place], "amount_minor": times * rows[place]["amount_minor"]}
    hits = {key for _, key, _ in findings_of(rows, ["amount_against_vendor"])}
    assert rows[place]["row_key"] in hits


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), place=st.integers(0, 89), days=st.integers(0, 90))
def test_a_payment_made_twice_is_found_wherever_it_stands(seed: int, place: int, days: int) -> None:
    """The copy is named, with the first as its partner, and nothing else is."""
    rows = [{**row, "kind": "payment", "source": "payment"} for row in honest(seed)]
    on = rows[place]["posted_on"] + timedelta(days=days)
    again = {**rows[place], "row_key": "copy", "txn_id": "X1", "posted_on": on}
    assert findings_of([*rows, again], ["duplicate_payment"]) == {("duplicate_payment", "copy", 95)}


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), day=st.integers(0, 300), parts=st.integers(2, 4), gap=st.integers(0, 1))
def test_a_split_is_found_wherever_it_stands(seed: int, day: int, parts: int, gap: int) -> None:
    """Parts of one size to one vendor within a week are found on any day."""
    rows = honest(seed)
    cut = [
        {"row_key": f"part{i}", "kind": "payment", "source": "payment", "vendor_id": "V8",
         "amount_minor": 300_000 + 1_003 * i, "posted_on": SINCE + timedelta(days=day + gap * i)}
        for i in range(parts)
    ]  # fmt: skip
    hits = {
        key
        for _, key, score in findings_of([*rows, *cut], ["split_under_limit"], authority=LIMITS)
        if score > 70
    }
    assert hits == {row["row_key"] for row in cut}


# What each makes of an honest payment; the row that is wrong bears the key "planted".
PLANTED: dict[str, Callable[[Row], list[Row]]] = {
    "preparer_is_approver": lambda row: [{**row, "created_by": "P2", "approved_by": "P2"}],
    "approver_above_limit": lambda row: [{**row, "approved_by": "P2", "amount_minor": 500_001}],
    "just_below_limit": lambda row: [
        {**row, "vendor_id": "V6", "approved_by": "P2", "amount_minor": 499_017}
    ],
    "backdated": lambda row: [{**row, "entered_on": row["posted_on"] + timedelta(days=80)}],
    "vendor_employee_match": lambda row: [{**row, "vendor_id": "V5"}],
    "bank_details_changed": lambda row: [
        {**row, "vendor_id": "V6", "posted_on": date(2025, 6, 2) + timedelta(days=row["amount_minor"] % 14)}
    ],
    "duplicate_invoice_number": lambda row: [
        {**row, "row_key": "first"},
        {**row, "txn_id": "X1", "invoice_no": row["invoice_no"].replace("-", " ")},
    ],
    "same_invoice_other_vendor": lambda row: [
        {**row, "row_key": "first"},
        {**row, "txn_id": "X1", "vendor_id": "V5"},
    ],
    "dormant_vendor": lambda row: [
        {**row, "row_key": "first", "vendor_id": "V6", "invoice_no": "A1", "posted_on": SINCE},
        {
            **row,
            "vendor_id": "V6",
            "invoice_no": "A2",
            "amount_minor": 2 * row["amount_minor"],
            "posted_on": SINCE + timedelta(days=181 + row["amount_minor"] % 100),
        },
    ],
}
MASTERS: dict[str, list[Row]] = {
    "vendor": [
        {"vendor_id": "V5", "vendor_name": "Elm", "vendor_key": "ELM", "bank_account": "DE1"},
        {"vendor_id": "V6", "vendor_name": "Fir", "vendor_key": "FIR", "bank_changed_on": date(2025, 6, 1)},
    ],
    "employee": [{"person_id": "E1", "person_name": "Ada", "bank_account": "DE1"}],
}


@pytest.mark.parametrize("test", PLANTED)
@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, 10_000), place=st.integers(0, 89))
@example(seed=1, place=0)
def test_what_is_planted_is_found_wherever_it_stands(test: str, seed: int, place: int) -> None:
    """An error is found on whichever row it is planted, and that row is named."""
    rows = [{**row, "kind": "payment", "source": "payment"} for row in honest(seed)]
    rows[place : place + 1] = PLANTED[test]({**rows[place], "row_key": "planted"})
    assert "planted" in {key for _, key, _ in findings_of(rows, [test], LIMITS, masters=MASTERS)}


@pytest.mark.parametrize("seed", first_of(range(4)))
def test_honest_books_have_no_strong_finding(seed: int) -> None:
    """Rent, repeated customers and log-normal amounts are left in peace."""
    assert {hit for hit in findings_of(honest(seed, 300), authority=LIMITS) if hit[2] > 70} == set()
