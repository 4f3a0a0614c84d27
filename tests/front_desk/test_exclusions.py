"""What is left out, comparatives and compounds: read to the last word, or not answered."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.front_desk import answering, reading
from tools.front_desk.snapshot import Snapshot

VENDORS = ("Alder Supply", "Elm Catering", "Cedar Print")
WORDS = ("without", "except for", "excluding", "other than", "not from", "ohne", "außer", "nicht von")


def _value(books: Snapshot, text: str) -> Decimal:
    result = answering.answer(reading.read(text, books).query(), books)
    return sum((Decimal(row["value"]) * 100 for row in result.values), Decimal(0))


@settings(max_examples=25, deadline=None)
@given(word=st.sampled_from(WORDS), names=st.sets(st.sampled_from(VENDORS), min_size=1))
def test_with_and_without_are_the_whole(books: Snapshot, word: str, names: set[str]) -> None:
    """What some have and what all others have adds up, in whatever words it is left out."""
    joined = " and ".join(sorted(names))
    without, with_them = _value(books, f"spend {word} {joined}"), _value(books, f"spend with {joined}")
    assert without + with_them == _value(books, "total spend")
    assert with_them > 0


@pytest.mark.parametrize(
    ("text", "echo"),
    [
        ("spend in March except Alder Supply", "Spend, vendor other than Alder Supply, 2025-03"),
        ("card spend of Ada without Elm Catering",
         "Card spend, person Ada, vendor other than Elm Catering, all that the books hold"),
        ("spend by vendor other than the vendor Cedar Print",
         "Spend, vendor other than Cedar Print, by vendor, all that the books hold"),
        ("did we spend more in March than in February?", "Spend, 2025-03, held against 2025-02"),
        ("haben wir im März weniger ausgegeben als im Februar?", "Spend, 2025-03, held against 2025-02"),
        ("Ausgaben im ersten Quartal mehr als im zweiten 2025", ""),
        ("more than 60 days", ""),
        ("card spend in the last quarter of 2024", "Card spend, 2024-Q4"),
        ("card spend in the first month of 2025", "Card spend, 2025-01"),
        ("card spend in the last quarter", "Card spend, 2024-Q4"),
        ("card spend February March", ""),
        ("most expensive category", "Spend, by category, the 1 first, all that the books hold"),
        ("how many card charges by vendor", "Charge count, by vendor, all that the books hold"),
        ("Bankstand am Jahresende", "Bank balance, up to 2024-12-31"),
        ("bank balance at quarter end", "Bank balance, up to 2025-03-31"),
    ],
)  # fmt: skip
def test_what_is_said_back(books: Snapshot, text: str, echo: str) -> None:
    """What is left out and held against is said back; what cannot be is not answered ("")."""
    reading_of = reading.read(text, books)
    assert (reading_of.echo if reading_of.status == "understood" else "") == echo, reading_of


def test_a_follow_up_leaves_out_and_takes_in(books: Snapshot) -> None:
    """One takes the place of the other: "without A" ends "with A", and "and A?" ends "without A"."""
    first = reading.read("spend with Alder Supply in March 2025", books)
    without = reading.read("and without Alder Supply?", books, first)
    assert without.echo == "Spend, vendor other than Alder Supply, 2025-03"
    again = reading.read("and Alder Supply?", books, without)
    assert again.echo == "Spend, vendor Alder Supply, 2025-03"


@pytest.mark.parametrize(
    ("text", "figure"),
    [("Alder-Ausgaben im März", "spend"), ("Cedar-Kartenzahlungen, wie viele?", "charge_count")],
)
def test_a_compound_is_a_name_and_what_is_asked_of_it(books: Snapshot, text: str, figure: str) -> None:
    """Both parts count; a front part that is no name leaves the word unread."""
    reading_of = reading.read(text, books)
    assert (reading_of.figure, len(reading_of.filters["vendors"])) == (figure, 1)
    for word in ("Einhornausgaben", "Elf-Kartenzahlungen"):
        assert reading.read(f"{word} im März", books).status != "understood"
