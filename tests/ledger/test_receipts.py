"""Receipts as papers: what they say is found by rules, each with its line, and what is unsure is named."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest
import yaml
from fpdf import FPDF

from tests.ledger.conftest import SETTINGS
from tools.books.engine import Books
from tools.ledger import Window, read
from tools.ledger import sources as declared
from tools.ledger.guess.propose import propose, write
from tools.ledger.papers.facts import facts
from tools.ledger.readers.paper import Paper

PAPERS = {
    "a till's slip": (
        (
            "PAPER HOUSE\n12 High Street\nReceipt No: R-1044\n03/02/2025 10:11\nA4 paper 2 x 5.00 10.00\n"
            "Subtotal 37.50\nVAT 20% 7.50\nTOTAL £45.00\nCash 50.00\nChange 5.00\n"
        ),
        {
            "total": ("45.00", 8, True),
            "currency": ("GBP", 8, True),
            "date": ("2025-02-03", 4, False),
            "merchant": ("PAPER HOUSE", 1, False),
            "number": ("R-1044", 3, True),
        },
    ),
    "month before day in the United States": (
        "Corner Cafe LLC\nDate: 02/03/2025\nLatte $4.50\nTax $0.40\nTotal: US$4.90\n",
        {
            "total": ("4.90", 5, True),
            "currency": ("USD", 5, True),
            "date": ("2025-02-03", 2, False),
            "merchant": ("Corner Cafe LLC", 1, True),
        },
    ),
    "a bill with its due day and net": (
        (
            "Rechnung\nStadtwerke Kiel AG\nRechnungsdatum: 3. März 2025\nFällig: 17.03.2025\nNetto 1.153,28\n"
            "MwSt 19% 219,12 €\nRechnungsbetrag: 1.372,40 €\n"
        ),
        {
            "total": ("1372.40", 7, True),
            "currency": ("EUR", 7, True),
            "date": ("2025-03-03", 3, True),
            "merchant": ("Stadtwerke Kiel AG", 2, True),
        },
    ),
    "a till in Tokyo": (
        "ヨドバシカメラ\n領収書 No.7781\n2025年4月15日\n小計 ¥3,280\n合計 ¥3,608\nお釣り ¥1,392\n",
        {
            "total": ("3608", 5, True),
            "currency": ("JPY", 5, False),
            "date": ("2025-04-15", 3, True),
            "merchant": ("ヨドバシカメラ", 1, False),
        },
    ),
    "amounts without cents, in groups": (
        "SPAR Magyarország Kft.\nTej 459 Ft\nÖSSZESEN: 1 158 Ft\n2025.03.21. 18:40\n",
        {
            "total": ("1158", 3, True),
            "currency": ("HUF", 3, True),
            "date": ("2025-03-21", 4, True),
            "merchant": ("SPAR Magyarország Kft.", 1, True),
        },
    ),
    "labels above their values, and who it is from in its first line": (
        "Receipt from Linear Orbit, Inc.\nAMOUNT PAID\n$96.00\nDATE PAID\nMay 7, 2025\nPAYMENT METHOD\n",
        {
            "total": ("96.00", 3, True),
            "currency": ("USD", 3, False),
            "date": ("2025-05-07", 5, True),
            "merchant": ("Linear Orbit, Inc.", 1, True),
        },
    ),
    "a total on the line below": (
        "Atelier Chêne SARL\nDate : 14 février 2025\nTotal HT 1 000,00 €\nTotal TTC\n1 200,00 €\n",
        {
            "total": ("1200.00", 5, True),
            "currency": ("EUR", 5, True),
            "date": ("2025-02-14", 2, True),
            "merchant": ("Atelier Chêne SARL", 1, True),
        },
    ),
    "a currency without cents": (
        "RYOKAN KYOTO\n2025-02-20\nRoom 32,000\nTotal JPY 32,000\n",
        {
            "total": ("32000", 4, True),
            "currency": ("JPY", 4, True),
            "date": ("2025-02-20", 2, True),
            "merchant": ("RYOKAN KYOTO", 1, False),
        },
    ),
    "two totals that differ are not sure": (
        "Shop Ltd\n2025-02-20\nTotal EUR 10.00\nTotal EUR 12.00\n",
        {
            "total": ("12.00", 4, False),
            "currency": ("EUR", 4, True),
            "date": ("2025-02-20", 2, True),
            "merchant": ("Shop Ltd", 1, True),
        },
    ),
    "a letter is no receipt": (
        "Dear Ann,\nthe meeting is on 20 February 2025.\n",
        {"date": ("2025-02-20", 2, True), "merchant": ("Dear Ann,", 1, False)},
    ),
}


@pytest.mark.parametrize(("text", "expected"), PAPERS.values(), ids=PAPERS.keys())
def test_facts(text: str, expected: dict[str, tuple[str, int, bool]]) -> None:
    """Each fact is found where it stands, and is sure only where a line says so."""
    stated = {name: (fact.value, fact.line, fact.is_sure) for name, fact in facts(text).items()}
    assert stated == expected


def test_a_folder_of_papers_is_proposed_as_receipts(tmp_path: Path) -> None:
    """Papers become rows that name the lines they rest on; what is no paper is named and rejected."""
    books = tmp_path / "books"
    folder = books / "receipts"
    folder.mkdir(parents=True)
    for name in ("a till's slip", "a total on the line below"):
        (folder / f"{len(name)}.txt").write_text(PAPERS[name][0], encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    proposal = propose(books, SETTINGS)
    assert proposal.sources == {"receipt": "receipt"}
    assert any("not read: broken.pdf" in line for line in proposal.checks)
    write(proposal, books / "sources.yaml")
    assert yaml.safe_load(proposal.text)["sources"]["receipt"]["path"] == "receipts/*"
    read(declared.load(books / "sources.yaml"), Window({}, date(2030, 1, 1)), SETTINGS, tmp_path / "snapshot")
    with Books.open(tmp_path / "snapshot", SETTINGS) as opened:
        rows = opened.rows(
            "SELECT posted_on, amount_minor, currency, vendor_name, line FROM txn ORDER BY line"
        )
        rejected = opened.rows("SELECT file, reason FROM rejected")
    assert [tuple(row.values()) for row in rows] == [
        (date(2025, 2, 14), 120000, "EUR", "Atelier Chêne SARL", 5),
        (date(2025, 2, 3), 4500, "GBP", "PAPER HOUSE", 8),
    ]
    assert [row["file"] for row in rejected] == ["receipts/broken.pdf"]


def printed(*lines: str) -> bytes:
    """Print lines as a PDF of one page."""
    sheet = FPDF()
    sheet.add_page()
    sheet.set_font("Helvetica", size=11)
    for line in lines:
        sheet.cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
    return bytes(sheet.output())


def test_a_mail_speaks_by_what_is_attached(tmp_path: Path) -> None:
    """Who forwards an invoice sold nothing; the PDF says who, its place names it. A stub yields to HTML."""
    forwarded = EmailMessage()
    forwarded["From"], forwarded["Subject"] = "Kim Lee <kim@alp.example>", "Fwd: your stay"
    forwarded["Date"] = "Mon, 31 Mar 2025 10:00:00 +0200"
    forwarded.set_content("Please book this.\n\nKim")
    invoice = printed("Hotel du Nord SARL", "Facture 2025-0318", "Date : 18/03/2025", "Total TTC 248,30 EUR")
    forwarded.add_attachment(invoice, maintype="application", subtype="pdf", filename="facture.pdf")
    (tmp_path / "a.eml").write_bytes(bytes(forwarded))
    order = EmailMessage()
    order["From"], order["Subject"] = "Shop.example <order@shop.example>", "Your order"
    order["Date"] = "Sat, 10 May 2025 08:00:00 +0200"
    order.set_content("HTML only")
    order.add_alternative(
        "<table><tr><td>Gesamtsumme:</td><td>EUR 49,00</td></tr></table>" * 2, subtype="html"
    )
    (tmp_path / "b.eml").write_bytes(bytes(order))
    rows = [row for name in ("a.eml", "b.eml") for row in Paper(tmp_path / name).rows()]
    assert [row.problem for row in rows] == [None, None]
    (_, day, total, code, merchant, places), (_, *second) = (row.cells for row in rows)
    assert (day, total, code, merchant) == ("2025-03-18", "248.30", "EUR", "Hotel du Nord SARL")
    assert places.endswith(" of facture.pdf")
    assert second[:4] == ["2025-05-10", "49.00", "EUR", "Shop.example"]
