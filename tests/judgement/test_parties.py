"""Whom a bank's line names, where no column does."""

from __future__ import annotations

import pytest

from tools.judgement.parties import party


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Til: Ukjent Holding", "Ukjent Holding"),
        ("Til: Nordic Paper AS Faktura B0057", "Nordic Paper AS"),
        ("Overføring til Fjord Fisk", "Fjord Fisk"),
        ("VIREMENT SEPA DE: MAISON BLANC", "MAISON BLANC"),
        ("PRLV SEPA ORANGE FACTURE 88120", "ORANGE"),
        ("SEPA-ÜBERWEISUNG AN Von Arx AG", "Von Arx AG"),
        ("DE BOER TRANSPORT", "DE BOER TRANSPORT"),
        ("Para: Construções Alves", "Construções Alves"),
        ("TRANSFER TO FERN", "FERN"),
        ("UBER: TRIP", "UBER: TRIP"),
        ("CHECK CHECK 4446", "CHECK 4446"),
    ],
)
def test_ways_and_labels_before_a_name_are_none_of_it(text: str, name: str) -> None:
    """Words for the way and for "to" go, in the languages of other banks, too; a name's own words stay."""
    assert party({"vendor_name": None, "description": text}) == name
