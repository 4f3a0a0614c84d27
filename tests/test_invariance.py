"""What must not matter to a test of the books does not, in any of its cases: hits and look-alikes."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.checks.case_files import CheckCase, Row, cases
from tools.rules import test_header
from tools.rules.test_header import Absolute

BY_TEST: dict[str, list[CheckCase]] = {}
for _case in cases():
    if not _case.not_applicable:
        BY_TEST.setdefault(_case.test, []).append(_case)
SAME = ("row_key", "score", "field", "partner_key")  # of a finding; its words may name what was changed
WEEK = timedelta(days=7)
randoms = st.randoms(use_true_random=False)
one_example = settings(max_examples=1, deadline=None, derandomize=True)


def names(to: Absolute | None = None) -> list[str]:
    """Name the tests, but for those that measure in absolute money, or by the calendar, as they say."""
    return [
        name
        for name, test_cases in BY_TEST.items()
        if to not in test_header.load(test_cases[0].check, name).absolute
    ]


def has_lines(table: str) -> bool:
    """Say whether a table's rows have a file and a line."""
    return table == "txn" or table.startswith("table_")


def with_keys(case: CheckCase) -> CheckCase:
    """Give every row the key and the line that its place gives it, so that it keeps them elsewhere."""

    def key(table: str, at: int, row: Row) -> Row:
        first, line = ("r", at + 1) if table == "txn" else ("t", at + 2)
        return {"row_key": f"{first}{at}", "line": line, **row} if has_lines(table) else row

    return change_rows(case, key)


def change_rows(case: CheckCase, change: Callable[[str, int, Row], Row], **more: Any) -> CheckCase:  # noqa: ANN401 - fields of a case
    """Give a case whose rows are what `change` makes of them: by table, place and row."""
    tables = {
        table: [change(table, at, row) for at, row in enumerate(rows)] for table, rows in case.tables.items()
    }
    return replace(case, tables=tables, **more)


def check_findings(
    test: str, change: Callable[[CheckCase], CheckCase], *, currency: str = "USD", times: int = 1
) -> None:
    """Hold a test to finding in every changed case what the case says."""
    for case in BY_TEST[test]:
        with TemporaryDirectory() as folder:
            result, findings = change(with_keys(case)).run(Path(folder), currency=currency, times=times)
        assert (result.status, result.reason) == ("ran", ""), case.words
        expected = [
            {key: expectation[key] for key in SAME if key in expectation} for expectation in case.finds
        ]
        actual = [
            {key: row[key] for key in expectation}
            for expectation, row in zip(expected, findings, strict=False)
        ]
        assert (len(findings), actual) == (len(expected), expected), f"{case.words}: found {findings}"


@pytest.mark.parametrize("test", names())
def test_every_test_finds_something_and_leaves_something_alone(test: str) -> None:
    """Else nothing below would say anything of it."""
    assert any(case.finds for case in BY_TEST[test])
    assert any(len(case.finds) < sum(map(len, case.tables.values())) for case in BY_TEST[test])


def larger(_: str, __: int, row: Row) -> Row:
    """Give a row with a hundred times its amounts."""
    return {
        name: 100 * value if name.endswith("_minor") and value is not None else value
        for name, value in row.items()
    }


def later(_: str, __: int, row: Row) -> Row:
    """Give a row seven days later."""
    return {name: value + WEEK if isinstance(value, date) else value for name, value in row.items()}


def rearranged(case: CheckCase, chance: random.Random, pieces: int, currency: str) -> CheckCase:
    """Give a case with its rows shuffled, out of other files, under other vendor ids, in other money."""
    ids = sorted({row["vendor_id"] for rows in case.tables.values() for row in rows if row.get("vendor_id")})
    fresh = dict(zip(ids, chance.sample([f"X{n}" for n in range(len(ids))], len(ids)), strict=True))

    def exchange(table: str, at: int, row: Row) -> Row:
        dollars = row.get("currency", "USD" if table == "txn" else None) == "USD"
        place = {"file": f"{at % pieces}.csv", "line": at // pieces + 1} if has_lines(table) else {}
        money = {"currency": currency} if dollars else {}
        vendor = {"vendor_id": fresh[row["vendor_id"]]} if row.get("vendor_id") else {}
        return {**row, **place, **money, **vendor}

    tables = change_rows(case, exchange).tables.items()
    return replace(case, tables={table: chance.sample(rows, len(rows)) for table, rows in tables})


@pytest.mark.parametrize(
    "test",
    [
        pytest.param(name, marks=[pytest.mark.exhaustive] if number % 3 else [])
        for number, name in enumerate(names())
    ],
)
@one_example
@given(chance=randoms, pieces=st.integers(2, 5), currency=st.sampled_from(("CHF", "INR", "SEK")))
def test_order_files_ids_currency_amounts_and_days_change_nothing(
    test: str, chance: random.Random, pieces: int, currency: str
) -> None:
    """All at once, and looked at twice; but for what the test's header says that it goes by."""

    def variant(case: CheckCase) -> CheckCase:
        if test in names("order"):
            case = rearranged(case, chance, pieces, currency)
        if test in names("money"):
            case = change_rows(case, larger)
        return change_rows(case, later, as_of=case.as_of + WEEK) if test in names("calendar") else case

    check_findings(test, variant, currency=currency if test in names("order") else "USD", times=2)
