"""Amounts in the books' own money beside those in each line's currency."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ledger.conftest import SETTINGS
from tests.ledger.test_exports import audited
from tools.books.engine import Books
from tools.ledger.guess.propose import propose

HEAD = "Journal;Date;Ledger account;Name;Currency;{of_line};{own}\n"
LINES = """\
J1;2026-03-02;6015;Fir Ltd;EUR;1000.00;1085.00
J1;2026-03-02;2001;Fir Ltd;EUR;-1000.00;-1085.00
J2;2026-03-05;2001;Oak Inc;{home};540.00;540.00
J2;2026-03-05;1101;Oak Inc;{home};-540.00;-540.00
"""


@pytest.mark.parametrize(
    ("of_line", "own", "home"),
    [
        ("Amount in transaction currency", "Amount", "USD"),
        ("Foreign amount", "Amount", "GBP"),
        ("Amount in document currency", "Amount in local currency", "USD"),
        ("Original amount", "Net amount", "CHF"),
    ],
)
def test_the_currency_of_lines_is_not_that_of_the_books(
    tmp_path: Path, of_line: str, own: str, home: str
) -> None:
    """Both amounts are the same in one currency alone: the books count in it, whatever the lines say."""
    text = HEAD.format(of_line=of_line, own=own) + LINES.format(home=home)
    (tmp_path / "vouchers.csv").write_text(text, encoding="utf-8")
    _, rows, rejected = audited(tmp_path)
    assert [row["amount_minor"] for row in rows] == [108500, -108500, 54000, -54000]
    with Books.open(tmp_path / "snapshot", SETTINGS) as books:
        assert books.rows("SELECT DISTINCT currency FROM txn") == [{"currency": home}]
    assert not rejected


def test_money_whose_currency_nothing_says_is_asked_about(tmp_path: Path) -> None:
    """Where all lines are in other currencies, the column says nothing of the books' own."""
    text = HEAD.format(of_line="Amount in transaction currency", own="Amount") + LINES.partition("J2")[0]
    (tmp_path / "vouchers.csv").write_text(text, encoding="utf-8")
    proposal = propose(tmp_path, SETTINGS)
    assert "currency: Currency" not in proposal.text
    assert any(line.startswith("amount: Amount  # CHECK") for line in proposal.checks), proposal.checks


def test_lines_in_several_currencies_keep_them(tmp_path: Path) -> None:
    """An amount with nothing beside it is in the currency of its line."""
    text = "Date,Payee,Invoice,Currency,Amount,Tax\n2026-03-02,Fir,N1,EUR,10.00,1.00\n"
    text += "2026-03-04,Oak,N2,USD,7.00,1.00\n"
    (tmp_path / "payments.csv").write_text(text, encoding="utf-8")
    assert "currency: Currency" in propose(tmp_path, SETTINGS).text


def test_what_is_nought_on_every_line_is_no_amount(tmp_path: Path) -> None:
    """What has been paid of open items so far is named like an amount, and is none of theirs."""
    text = "No,Date,Nominal,Account,Details,Net,Amt Paid\n1,02/03/2026,4000,A1,Fir,10.00,0.00\n"
    text += "2,17/03/2026,7550,B1,Oak,-8.00,0.00\n"
    (tmp_path / "ledger.csv").write_text(text, encoding="utf-8")
    assert [row["amount_minor"] for row in audited(tmp_path)[1]] == [1000, -800]
