"""Receipts as papers: what they say is found by rules, each with its line, and what is unsure is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from tests.ledger.conftest import SETTINGS
from tools.books.engine import Books
from tools.ledger import Window, read
from tools.ledger import sources as declared
from tools.ledger.guess.propose import propose, write
from tools.ledger.papers.facts import facts

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
