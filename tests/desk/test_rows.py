"""Rows leave as a table, JSON or CSV: the same columns, exact money, nothing that a terminal obeys."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from desk.cli.rows import Form, Listing, write
from desk.cli.table import TableColumn, laid_out, quantity, shortened
from desk.views.safe_text import csv_text, json_text, visible

LISTING = Listing(
    "flags",
    (
        TableColumn("severity", "how grave", kind="word", heading="Severity"),
        TableColumn("posted_on", "day", heading="Posted"),
        TableColumn("vendor", "who", heading="Vendor", flex=2),
        TableColumn("amount", "how much", kind="money", heading="Amount"),
        TableColumn("currency", "of it"),
        TableColumn("score", "points", kind="number"),
        TableColumn("tests", "which", heading="Tests", flex=1),
    ),
    "No flags.",
)
ROW = {
    "severity": "CRITICAL",
    "posted_on": date(2025, 3, 4),
    "vendor": "[red]Pine\x1b[31m",
    "amount": "-12400.50",
    "currency": "USD",
    "score": 80,
    "tests": ["a", "b"],
    "inner": "left out",
}


def test_json_is_one_array_of_the_columns(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON has every column in order, exactly as it is in the books, and nothing else."""
    write(LISTING, [ROW, {}], Form.JSON)
    first, second = json.loads(capsys.readouterr().out)
    assert list(first) == [column.name for column in LISTING.columns]
    assert first == {**{name: ROW[name] for name in first}, "posted_on": "2025-03-04"}
    assert second == dict.fromkeys(first)


def test_several_currencies_in_one_cell_stay_words() -> None:
    """What is asked of a group in several currencies is not one number, and is never added up."""
    rows = [{**ROW, "amount": "907.10 EUR, 12400.50 USD", "currency": ""}, ROW]
    assert "907.10 EUR, 12400.50 USD" in str(laid_out(LISTING.columns, rows, 200))


def test_no_rows_are_still_json_and_csv(capsys: pytest.CaptureFixture[str]) -> None:
    """An empty listing is an empty array, or a header alone."""
    write(LISTING, [], Form.JSON)
    write(LISTING, [], Form.CSV)
    assert capsys.readouterr().out == "[]\nseverity,posted_on,vendor,amount,currency,score,tests\n"


def test_csv_keeps_figures_and_quotes_formulas(capsys: pytest.CaptureFixture[str]) -> None:
    """A negative amount stays a number; a vendor that is a formula becomes text."""
    write(LISTING, [{**ROW, "vendor": "=HYPERLINK(1)"}], Form.CSV)
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (row["amount"], row["vendor"], row["tests"]) == ("-12400.50", "'=HYPERLINK(1)", "a; b")


def test_limits(capsys: pytest.CaptureFixture[str]) -> None:
    """A table shows a screenful and says so; JSON gives all, or as many as asked for."""
    write(LISTING, [ROW] * 60, Form.TABLE)
    table = capsys.readouterr()
    write(LISTING, [ROW] * 60, Form.JSON)
    whole_json = capsys.readouterr()
    write(LISTING, [ROW] * 60, Form.JSON, 3)
    assert (table.out.count("CRITICAL"), "The first 50" in table.err) == (50, True)
    assert len(json.loads(whole_json.out)) == 60
    assert len(json.loads(capsys.readouterr().out)) == 3


def test_a_table_groups_thousands_and_aligns(capsys: pytest.CaptureFixture[str]) -> None:
    """Amounts are right-aligned with thousands grouped; markup and escapes are shown, not obeyed."""
    write(LISTING, [ROW, {**ROW, "amount": "5.00"}], Form.TABLE)
    assert capsys.readouterr().out.splitlines() == [
        "Severity  Posted      Vendor             Amount USD  Tests",
        "────────  ──────────  ─────────────────  ──────────  ─────",
        r"CRITICAL  2025-03-04  [red]Pine\x1b[31m  -12,400.50  a, b",
        r"CRITICAL  2025-03-04  [red]Pine\x1b[31m        5.00  a, b",
    ]


def test_several_currencies_are_named_in_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    """Where currencies mix, each amount says its own."""
    write(LISTING, [ROW, {**ROW, "currency": "JPY", "amount": "300"}], Form.TABLE)
    table = capsys.readouterr().out
    assert "-12,400.50 USD" in table
    assert "       300 JPY" in table


def test_amounts_of_several_currencies_stay_as_worded(capsys: pytest.CaptureFixture[str]) -> None:
    """A sum in words is shown as it is."""
    write(LISTING, [{**ROW, "currency": "", "amount": "5.00 EUR, 7 JPY"}], Form.TABLE)
    assert " 5.00 EUR, 7 JPY " in capsys.readouterr().out


TEXTS = st.text(max_size=60)


@given(st.lists(st.tuples(TEXTS, TEXTS, st.decimals(-(10**12), 10**12, places=2)), min_size=1, max_size=5))
def test_every_line_fits(rows: list[tuple[str, str, Decimal]]) -> None:
    """Whatever vendors are called, a line stays within 80 columns and shows no control character."""
    records = [
        {**ROW, "vendor": vendor, "tests": [test], "amount": str(amount)} for vendor, test, amount in rows
    ]
    lines = str(laid_out(LISTING.columns, records, 80)).split("\n")
    assert len(lines) == len(rows) + 2
    assert max(map(cell_len, lines)) <= 80
    assert all(line == visible(line) for line in lines)


@given(TEXTS, st.integers(2, 20))
def test_shortened_text_fits(text: str, width: int) -> None:
    """Text is cut to its width in cells, wide characters included."""
    assert cell_len(shortened(visible(text), width)) <= width


@given(st.recursive(TEXTS, lambda inner: st.dictionaries(TEXTS, inner, max_size=3), max_leaves=5))
def test_json_is_exact_and_tame(value: object) -> None:
    """JSON reads back as it was, and holds nothing that a terminal obeys."""
    text = json_text(value)
    assert json.loads(text) == value
    assert text == visible(text)


@given(TEXTS)
def test_no_cell_is_a_formula(text: str) -> None:
    """No text of the books begins a formula in a spreadsheet."""
    assert csv_text(text).lstrip()[:1] not in set("=+-@\uff1d\uff0b\uff0d\uff20\t\r\n")


@given(st.integers(40, 120), TEXTS)
def test_words_that_do_not_flex_are_cut_before_a_line_runs_over(width: int, text: str) -> None:
    """A long word in a column of its own width is shortened; figures and days stay whole where they can."""
    columns = (
        TableColumn("run_id", "which", heading="Run"),
        TableColumn("outcome", "what came of it", heading="Outcome"),
        TableColumn("amount", "how much", kind="money", heading="Amount"),
        TableColumn("vendor", "who", heading="Vendor", flex=1),
    )
    row = {"run_id": "20261121-42c70e", "outcome": text * 9, "amount": "-12400.50", "vendor": "Pine" * 9}
    lines = str(laid_out(columns, [row], width)).split("\n")
    assert max(map(cell_len, lines)) <= width
    assert "-12,400.50" in lines[2]


def test_what_commands_take_is_never_cut() -> None:
    """An id stays whole beside words that have to give way; a digest is shown by how commands take it."""
    columns = (
        TableColumn("claim_id", "which", kind="id", heading="Claim"),
        TableColumn("reply_id", "which", kind="digest", heading="Reply"),
        TableColumn("status", "where it stands", kind="word", heading="State"),
        TableColumn("amount", "how much", kind="money", heading="Amount"),
    )
    row = {"claim_id": "K-8ae08fbd8e", "reply_id": "3fa9c1" * 10, "status": "waiting" * 9, "amount": "1.00"}
    line = str(laid_out(columns, [row], 48)).split("\n")[2]
    assert "K-8ae08fbd8e  3fa9c13f  " in line
    assert len(line) <= 48


def test_one_thing_is_not_counted_as_many() -> None:
    """A number of things agrees with its noun."""
    assert [quantity(many, "case") for many in (0, 1, 1200)] == ["0 cases", "1 case", "1,200 cases"]
