"""Tables in groups, and what reports print beside postings: accounts go down, sums and rules are left out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import openpyxl
import pytest

from tests.ledger.test_exports import audited, named

NUMBERED: Final = """\
Wattle & Sons
General Ledger [Detail]

Id\tSrc\tDate\tMemo\tDebit\tCredit\tEnding Balance
1-1110\tTrading Account\t\t\t\t\t
Beginning Balance:\t$10.00\t\t\t\t\t
C1\tCR\t16/03/2026\tFern Cafe\t$5.00\t\t$15.00
C2\tCD\t17/03/2026\tBin hire\t\t$3.00\t$12.00
Total:\t\t\t\t$5.00\t$3.00\t$12.00

4-1000\tSales\t\t\t\t\t
Beginning Balance:\t$0.00\t\t\t\t\t
S9\tSJ\t16/03/2026\tFern Cafe\t\t$5.00\t$5.00cr
Total:\t\t\t\t$0.00\t$5.00\t$5.00cr

Grand Total:\t\t\t\t$5.00\t$8.00\t
"""
BALANCED: Final = """\
Konto;Datum;Beleg;Buchungstext;Soll;Haben;Saldo
1200 Bank;;;;;;1.000,00
;16.03.2026;B1;Fern Cafe;5,00;;1.005,00
;17.03.2026;B2;Containerdienst;;3,00;1.002,00
Summe 1200 Bank;;;;5,00;3,00;1.002,00
8400 Erlöse;;;;;;0,00
;16.03.2026;B1;Fern Cafe;;5,00;-5,00
Summe 8400 Erlöse;;;;0,00;5,00;-5,00
"""


@pytest.mark.parametrize(
    ("text", "accounts"),
    [
        (NUMBERED, ("1-1110 Trading Account", "4-1000 Sales")),
        (BALANCED, ("1200 Bank", "8400 Erlöse")),
        (NUMBERED.partition("\nGrand Total")[0], ("1-1110 Trading Account", "4-1000 Sales")),
    ],
    ids=["number and name, bare totals", "a balance on the heading's line", "no grand total"],
)  # fmt: skip
def test_headings_of_accounts_go_down(tmp_path: Path, text: str, accounts: tuple[str, str]) -> None:
    """A number and a name, or a name and its balance, over postings that a total ends are their account."""
    (tmp_path / "export.txt").write_text(text, encoding="utf-8")
    sources, rows, rejected = audited(tmp_path)
    assert [entry["kind"] for entry in sources.values()] == ["ledger"]
    assert [row["amount_minor"] for row in rows] == [500, -300, -500]
    assert [account for _, _, account in named(tmp_path)] == [accounts[0], accounts[0], accounts[1]]
    assert not rejected


def test_one_undated_line_is_no_heading(tmp_path: Path) -> None:
    """A line that lost its day is rejected with the reason: no total ends what is below it."""
    lines = ["Account,Date,Name,Amount,Journal", "Rent,,,9.00,J1"]
    lines += [f"6{n}00,2026-03-0{n},Ash,-{n}.00,J{n}" for n in range(1, 6)]
    (tmp_path / "ledger.csv").write_text("\n".join(lines), encoding="utf-8")
    _, rows, rejected = audited(tmp_path)
    assert len(rows) + len(rejected) == 6


def workbook(path: Path, rows: list[list[object]]) -> None:
    """Write a workbook of one sheet."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(path)


DAY: Final = date(2026, 3, 16)
ITEMS: Final[list[list[object]]] = [
    [DAY, "B/1", "600 Goods", "Ash", "desk", 10.0, 0.0],
    [DAY, "B/1", "440 Payables", "Ash", "desk", 0.0, 10.0],
]


def test_groups_of_whole_sums_are_left_out(tmp_path: Path) -> None:
    """A group's line with its count and whole sums, as a workbook writes them, is no posting."""
    head: list[object] = ["Date", "Journal Entry", "Account", "Partner", "Label", "Debit", "Credit"]
    group: list[list[object]] = [["B/1 (2)", None, None, None, None, 10.0, 10.0]]
    workbook(tmp_path / "items.xlsx", [head, *group, *ITEMS])
    sources, rows, rejected = audited(tmp_path)
    assert [entry["kind"] for entry in sources.values()] == ["ledger"]
    assert ([row["amount_minor"] for row in rows], rejected) == ([1000, -1000], [])


def test_a_column_without_a_name_hides_no_header(tmp_path: Path) -> None:
    """A header with a gap is found under its titles; sums under debit and credit alone are no postings."""
    rows: list[list[object]] = [
        ["Fern Ltd"], ["Cash Book"], ["1-Mar-26 to 31-Mar-26"], [],
        ["Date", "Particulars", None, "Vch Type", "Vch No.", "Debit", "Credit"],
        ["1-Mar-26", "To", "Opening Balance", None, None, 500.0, None],
        ["5-Mar-26", "To", "Ash Retail", "Receipt", "12", 125.0, None],
        ["12-Mar-26", "By", "Elm Mills", "Payment", "44", None, 350.0],
        [None, None, None, None, None, 625.0, 350.0],
        [None, "By", "Closing Balance", None, None, None, 275.0],
        [None, None, None, None, None, 625.0, 625.0],
    ]  # fmt: skip
    workbook(tmp_path / "cash book.xlsx", rows)
    sources, found, rejected = audited(tmp_path)
    assert [entry["kind"] for entry in sources.values()] == ["ledger"]
    assert ([row["amount_minor"] for row in found], rejected) == ([12500, -35000], [])


def test_rules_under_a_header_are_left_out(tmp_path: Path) -> None:
    """A row of rules between header and postings is a page's, however many cells it has."""
    text = "Date|Narration|Withdrawal|Deposit|Balance\n*****|*****|*****|*****|*****\n"
    text += "05/01/26|Elm Mills|40.00||60.00\n27/01/26|Ash||25.00|85.00\n=====|=====|=====|=====|=====\n"
    (tmp_path / "statement.txt").write_text(text, encoding="utf-8")
    sources, rows, rejected = audited(tmp_path)
    assert [entry["kind"] for entry in sources.values()] == ["bank"]
    assert ([row["amount_minor"] for row in rows], rejected) == ([-4000, 2500], [])


def test_stars_mark_sums(tmp_path: Path) -> None:
    """Stars in a cell of their own beside an amount mark a level of sums, whatever text stands with them."""
    text = "|St|Document|Pstng Date|Amount in LC|Curr|Text|\n"
    text += "|OK|190|07.01.2026|12.450,00-|EUR|Elm|\n|OK|191|28.01.2026|45,00|EUR|Ash|\n"
    text += "|*|Account 113100||12.405,00-|EUR||\n|**|||12.405,00-|EUR||\n"
    (tmp_path / "items.txt").write_text(text, encoding="utf-8")
    _, rows, rejected = audited(tmp_path)
    assert ([row["amount_minor"] for row in rows], rejected) == ([-1245000, 4500], [])


def test_balances_of_a_day_are_no_postings(tmp_path: Path) -> None:
    """Lines of a statement that say a day's balance are left out, in a file without a header, too."""
    text = "02/01/2026;SALDO ANTERIOR;3000,00\n15/01/2026;PIX ELM;-150,00\n"
    text += "15/01/2026;SALDO TOTAL DISPONIVEL DIA;2850,00\n"
    text += "16/01/2026;TED ASH;700,10\n16/01/2026;SALDO DISPONIVEL TOTAL;3550,10\n"
    (tmp_path / "extrato.txt").write_text(text, encoding="utf-8")
    _, rows, rejected = audited(tmp_path)
    assert ([row["amount_minor"] for row in rows], rejected) == ([-15000, 70010], [])
