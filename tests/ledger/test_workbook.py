"""A sheet of an XLSX workbook is read as a CSV of the same values would be."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from tests.ledger.conftest import SETTINGS, Reader
from tests.ledger.test_exports import audited, days_and_cents
from tools.core.errors import SourcesError
from tools.ledger.guess.propose import propose
from tools.ledger.readers.two_line_header import two_lines

CARD = {
    "kind": "card",
    "path": "card.xlsx",
    "columns": {"txn_id": "id", "posted_on": "date", "amount": "amount", "vendor_name": "vendor"},
}
HEADER = ["id", "date", "amount", "vendor"]


def _write(path: Path, *rows: list[Any], title: str = "Charges") -> None:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.create_sheet("Notes").append(["nothing"])
    book.save(path)


def test_a_sheet_becomes_postings(tmp_path: Path, books: Reader) -> None:
    """Real dates, floats, amounts as texts, blank rows: exact values, and the row's number."""
    _write(
        tmp_path / "card.xlsx",
        HEADER,
        ["A1", date(2025, 3, 1), 0.1 + 0.2, "Acme"],
        [None, None, None, None],
        ["A2", datetime(2025, 3, 2, 14, 30), 1234.5, "Birch"],  # noqa: DTZ001 - as a sheet has it
        ["A3", "2025-03-03", "1,020.00", "Cedar", None, " "],
    )
    with books({"card": CARD}) as snapshot:
        rows = snapshot.rows("SELECT txn_id, amount_minor, posted_on, line FROM txn ORDER BY line")
        assert snapshot.rows("SELECT * FROM rejected") == []
        assert snapshot.manifest.notes == {"card.xlsx": ["read of 2 sheets: 'Charges'"]}
    assert [tuple(row.values()) for row in rows] == [
        ("A1", 30, date(2025, 3, 1), 2),
        ("A2", 123450, date(2025, 3, 2), 4),
        ("A3", 102000, date(2025, 3, 3), 5),
    ]


def test_bad_rows_are_rejected(tmp_path: Path, books: Reader) -> None:
    """An error value, a cell too many and a bad date cost only their own rows."""
    _write(
        tmp_path / "card.xlsx",
        HEADER,
        ["A1", date(2025, 3, 1), "#REF!", "Acme"],
        ["A2", date(2025, 3, 1), 5, "Acme", "more"],
        ["A3", "31.12.2025", 5, "Acme"],
        ["A4", date(2025, 3, 1), 5, "Acme"],
    )
    with books({"card": CARD}) as snapshot:
        rejected = snapshot.rows("SELECT line, reason FROM rejected ORDER BY line")
        assert [row["txn_id"] for row in snapshot.rows("SELECT txn_id FROM txn")] == ["A4"]
    assert [row["line"] for row in rejected] == [2, 3, 4]
    assert [row["reason"] for row in rejected[:2]] == [
        "holds the error #REF!",
        "5 cells where the header has 4",
    ]


def test_another_sheet_and_lines_above_the_header(tmp_path: Path, books: Reader) -> None:
    """The sources file may name a sheet and the rows above its header; a wrong name is an error."""
    _write(tmp_path / "card.xlsx", ["Card report"], ["March"], HEADER, ["A1", date(2025, 3, 1), 5, "Acme"])
    with books({"card": {**CARD, "sheet": "Charges", "skip_lines": 2}}) as snapshot:
        assert [row["line"] for row in snapshot.rows("SELECT line FROM txn")] == [4]
    with pytest.raises(SourcesError, match=r"no sheet 'Charge'.*Did you mean 'Charges'"):
        books({"card": {**CARD, "sheet": "Charge"}})


def test_what_is_no_workbook_says_so(tmp_path: Path, books: Reader) -> None:
    """A workbook that broke off is one clear error."""
    (tmp_path / "card.xlsx").write_bytes(b"PK\x03\x04 and then nothing")
    with pytest.raises(SourcesError, match="is no workbook that can be read"):
        books({"card": CARD})


def test_a_broken_sheet_gives_what_stands_before(tmp_path: Path, books: Reader) -> None:
    """Where a sheet breaks off, the rows before that are read and the rest is one rejected row."""
    _write(tmp_path / "card.xlsx", HEADER, *([f"A{n}", date(2025, 3, 1), n, "Acme"] for n in range(9)))
    with zipfile.ZipFile(tmp_path / "card.xlsx") as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet][: parts[sheet].index(b'<row r="6"')]
    with zipfile.ZipFile(tmp_path / "card.xlsx", "w") as broken:
        for name, part in parts.items():
            broken.writestr(name, part)
    with books({"card": CARD}) as snapshot:
        assert [row["line"] for row in snapshot.rows("SELECT line FROM txn ORDER BY line")] == [2, 3, 4, 5]
        (rejected,) = snapshot.rows("SELECT line, reason FROM rejected")
    assert rejected["line"] == 6
    assert "breaks off here" in rejected["reason"]


def test_init_reads_workbooks(tmp_path: Path) -> None:
    """`tieout init` tells a workbook's columns like a CSV's."""
    rows = [[f"A{n}", date(2025, 3, 1 + n % 28), 5.25 + n, f"Vendor {n % 5}"] for n in range(40)]
    _write(tmp_path / "card_charges.xlsx", ["charge_id", "date", "amount", "merchant"], *rows)
    proposal = propose(tmp_path, SETTINGS)
    assert list(proposal.sources.values()) == ["card"]


def test_a_report_with_title_rows_is_proposed_without_a_hand(tmp_path: Path) -> None:
    """The rows of a title before the header, which itself leaves the first column free, are skipped."""
    rows = [[None, f"V{n % 7}", date(2025, 1 + n % 9, 3), f"INV-{n}", 10.5 + n] for n in range(40)]
    _write(
        tmp_path / "payments.xlsx",
        ["Anvil Tools Ltd"],
        ["Payments to suppliers", None, None, "2025"],
        [],
        ["Prepared by", "D. Marsh"],
        [None, "Supplier no.", "Paid on", "Invoice no.", "Gross"],
        *rows,
    )
    source = yaml.safe_load(propose(tmp_path, SETTINGS).text)["sources"]["payment"]
    assert source["skip_lines"] == 4
    assert source["columns"] == {
        "posted_on": "Paid on",
        "amount": "Gross",
        "vendor_id": "Supplier no.",
        "invoice_no": "Invoice no.",
    }


def test_a_cover_sheet_hides_no_data(tmp_path: Path) -> None:
    """The sheet with the rows is proposed where it stands behind a page of words."""
    book = openpyxl.Workbook()
    book.active.append(["Payments of the year", "prepared by D. Marsh"])
    sheet = book.create_sheet("Extract")
    sheet.append(["Supplier no.", "Paid on", "Invoice no.", "Gross"])
    for n in range(60):
        sheet.append([f"V{n % 7}", date(2025, 1 + n % 9, 3), f"INV-{n}", 10.5 + n])
    book.save(tmp_path / "payments.xlsx")
    source = yaml.safe_load(propose(tmp_path, SETTINGS).text)["sources"]["payment"]
    assert (source["sheet"], source["columns"]["amount"]) == ("Extract", "Gross")


def test_a_sheet_without_a_title_is_read_from_its_first_row(tmp_path: Path) -> None:
    """Gaps in its rows move no header."""
    rows = [
        [f"V{n % 7}", date(2025, 1 + n % 9, 3), None if n % 3 else f"INV-{n}", 10.5 + n] for n in range(40)
    ]
    _write(tmp_path / "payments.xlsx", ["Supplier", "Paid on", "Invoice no.", "Gross"], *rows)
    assert "skip_lines" not in yaml.safe_load(propose(tmp_path, SETTINGS).text)["sources"]["payment"]


@pytest.mark.parametrize("titles", [[], [["Account statement"], [None]]])
def test_a_header_of_two_rows_is_one(tmp_path: Path, titles: list[list[Any]]) -> None:
    """A word over two columns and theirs below it: each has a name, and money in is told from money out."""
    header = [["Date", "Text", "Movement", None, "Balance"], [None, None, "Out", "In", None]]
    lines = [
        [46083, "Rent", 210, None, 790.5],
        [46085, "Sale", None, 5400, 6190.5],
        [46090, "Tax", 90.5, None, 6100],
    ]
    _write(tmp_path / "bank.xlsx", *titles, *header, *lines)
    _, rows, rejected = audited(tmp_path)
    assert [cents for _, cents in days_and_cents(rows)] == [-210_00, 5400_00, -90_50]
    assert not rejected


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (["Date", "", "Amount"], ["2026-03-02", "", "5"]),  # a row of values
        (["Date", "", "Amount"], ["", "", ""]),
        (["Date", "Text", "Amount"], ["", "Rent", ""]),  # no gap
        (["", "Date", "Amount"], ["Rent", "", ""]),
    ],
)
def test_a_row_below_a_header_is_none(upper: list[str], lower: list[str]) -> None:
    """Values below a header that has gaps do not name its columns."""
    assert two_lines(upper, lower) == []
