"""Shares, means of months, changes in order, days late, different values, each counted by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.scorers.questions import read_books
from desk.cli.answer_page import rows_of
from tests.front_desk.workshop import write_workshop
from tools.core.errors import RunError
from tools.front_desk import reading
from tools.front_desk.reading_answers import answers_to
from tools.front_desk.snapshot import Snapshot


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """Give the books of a workshop, open for figures."""
    folder = write_workshop(tmp_path_factory.mktemp("workshop"))
    books = read_books(folder, folder / "work")
    yield books
    books.books.close()


def _values(books: Snapshot, *texts: str) -> list[str]:
    """Give what is answered to the last of several sentences: part and value; nothing where there is none."""
    reading_of = None
    for text in texts:
        reading_of = reading.read(text, books, reading_of)
    assert reading_of is not None
    if reading_of.status != "understood":
        return [reading_of.status]
    answer = answers_to(reading_of, books).answer
    return [" ".join(filter(None, [row["part"], row["value"], row["currency"]])) for row in answer.values]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("how many invoices are overdue by more than 7 days", ["3"]),
        ("how many invoices are overdue by at least 7 days", ["4"]),
        ("how many invoices are 7 days or more overdue", ["4"]),
        ("how many invoices are overdue by less than 49 days", ["2"]),
        ("how much is overdue by more than 10 weeks", ["0.00 EUR"]),
        ("how many invoices were more than 20 days overdue at the end of April", ["2"]),
        ("Wie viele Rechnungen sind mehr als 40 Tage überfällig?", ["2"]),
        ("Wie viele Rechnungen sind zwischen 7 und 40 Tagen überfällig?", ["2"]),
        ("how many payments were more than 5 days late", ["1"]),
        ("how many supplier bills are more than five weeks overdue", ["2"]),
        ("Wie viele Rechnungen sind seit mehr als 40 Tagen überfällig?", ["2"]),
        ("how many overdue invoices are between 7 and 40 days late", ["2"]),
    ],
)
def test_days_late(workshop: Snapshot, text: str, values: list[str]) -> None:
    """Both ends are as the words say: "more than" leaves the day itself out."""
    assert _values(workshop, text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("what share of card spend was fuel", ["21.18"]),
        ("which percentage of card spend went to Cafe Kranz in January", ["40.00"]),
        ("share of card spend by category", ["Tools 58.82", "Fuel 21.18", "Meals 20.00"]),
        ("top 2 merchants' share of card spend", ["80.00"]),
        ("Anteil der zwei größten Lieferanten an den Kartenausgaben", ["80.00"]),
        ("Welcher Anteil der Kartenausgaben entfällt auf Nele Brink?", ["24.71"]),
        ("what percentage of card spend was on a Saturday", ["27.06"]),
        ("what share of card charges was over 80 in total", ["69.41"]),
        ("what share of the number of card charges was at least 80", ["42.86"]),
        ("what share of card spend of Nele Brink was fuel", ["choose"]),
        ("share of fuel in card spend by month", ["choose"]),
        ("share of card spend", ["refused"]),
        ("average share of spend", ["refused"]),
    ],
)
def test_shares(workshop: Snapshot, text: str, values: list[str]) -> None:
    """Of the same without what makes the part; of which whole is asked where that is not said."""
    assert _values(workshop, text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("average card spend per month", ["212.50 EUR"]),
        ("average monthly card spend in Q2", ["256.67 EUR"]),
        ("durchschnittliche Kartenausgaben pro Monat im Februar", ["140.00 EUR"]),
        ("average number of card charges per month in Q2", ["2.0"]),
        ("average card spend per quarter", ["770.00 EUR"]),
        ("average monthly card spend since March 2026", ["305.00 EUR"]),
        ("durchschnittliche monatliche Kartenausgaben im zweiten Geschäftsquartal", ["256.67 EUR"]),
        ("average daily card spend in February", ["5.00 EUR"]),
        ("average card spend per person in February", ["choose"]),
    ],
)
def test_the_mean_of_months_is_of_whole_ones(workshop: Snapshot, text: str, values: list[str]) -> None:
    """January to April are whole in books from January to 20 May; the fiscal Q2 ends in March."""
    assert _values(workshop, text) == values


def test_a_share_is_shown_with_its_whole(workshop: Snapshot) -> None:
    """In per cent, and both amounts beside it."""
    result = answers_to(reading.read("what share of card spend was fuel", workshop), workshop).as_dict()
    (row,) = rows_of(result)
    assert (row["value"], row["currency"]) == ("21.18", "%")
    assert result["shares"] == [{"part": "", "currency": "EUR", "value": "180.00", "whole": "850.00"}]


def test_no_mean_of_a_part_of_a_month(workshop: Snapshot) -> None:
    """A window that begins within one has no such mean, nor has a balance."""
    for text in ("average card spend per month since 10 January 2026", "average card spend per month in May"):
        with pytest.raises(RunError, match="whole month"):
            answers_to(reading.read(text, workshop), workshop)


def test_a_mean_of_rows_or_of_months_is_asked_about(workshop: Snapshot) -> None:
    """Of charges it may be the mean of single ones in each month as well."""
    offered = reading.read("average card charge per month", workshop)
    assert {choice["label"].partition(",")[0] for choice in offered.choices} == {
        "Card spend per month on average",
        "Charge count per month on average",
        "Average charge",
    }


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("which vendor's card spend grew the most from January to February", ["Tank & Rast 90.00 EUR"]),
        ("largest increase in card spend by category from February to March", ["Tools 500.00 EUR"]),
        ("biggest drop in card spend by category from February to March", ["Fuel 30.00 EUR"]),
        ("Größter Rückgang der Kartenausgaben nach Kategorie von Februar auf März", ["Fuel 30.00 EUR"]),
        ("smallest increase in card spend by category from January to February", ["Meals 50.00 EUR"]),
        ("which categories of card spend fell from February to March",
         ["Fuel 30.00 EUR", "Meals 0 EUR"]),
        ("top 2 vendors by change of card spend from February to March",
         ["Werkzeug Pohl 500.00 EUR", "Tank & Rast 30.00 EUR"]),
    ],
)  # fmt: skip
def test_the_greatest_change_is_no_greatest_value(workshop: Snapshot, text: str, values: list[str]) -> None:
    """Every part of both windows is held against each other before any is cut off."""
    assert _values(workshop, text) == values


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (("card spend in March", "and the month before?"), ["140.00 EUR"]),
        (("Kartenausgaben im März", "und im Vormonat?"), ["140.00 EUR"]),
        (("card spend in March", "the previous month?"), ["140.00 EUR"]),
        (("card spend in March", "last month?"), ["80.00 EUR"]),
        (("open payables at the end of March", "and the month before?"), ["3600.00 EUR"]),
        (("card spend in fiscal Q2", "and the month before?"), ["refused"]),
        (("card charges in February", "over 60?", "by category?"), ["choose"]),
        (("spend in February", "by vendor?"),
         ["Lackwerk Sommer 2100.00 EUR", "Holzhandel Brandt GmbH 1500.00 EUR", "Tank & Rast 90.00 EUR",
          "Cafe Kranz 50.00 EUR"]),
        (("card charges in February", "in total?", "and in March?"), ["530.00 EUR"]),
        (("card charges in February", "how many?"), ["2"]),
        (("how many card charges in February", "and how much is that?"), ["140.00 EUR"]),
        (("how many card charges in February", "in total?"), ["2"]),
        (("card spend in March", "share of Nele Brink?"), ["5.66"]),
        (("by vendor?",), ["refused"]),
    ],
)  # fmt: skip
def test_what_a_follow_up_leans_on(workshop: Snapshot, texts: tuple[str, ...], values: list[str]) -> None:
    """The month before is the one before that was asked about; a split splits what was asked, or nothing."""
    assert _values(workshop, *texts) == values


@pytest.mark.parametrize(
    ("text", "against"),
    [
        ("card spend in March compared with the previous month", "2026-02"),
        ("Kartenausgaben im März im Vergleich zum Vormonat", "2026-02"),
        ("card spend in March compared with last month", "2026-04"),
        ("did card spend go up from January to February", "2026-01"),
    ],
)
def test_the_previous_month_is_before_the_one_beside_it(workshop: Snapshot, text: str, against: str) -> None:
    """Not before the day of the books, unless the words say the last of all."""
    assert reading.read(text, workshop).compared[2] == against


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("card charges of at least 80, how many", ["3"]),
        ("card charges of more than 80, how many", ["2"]),
        ("how many card charges of at most 50", ["3"]),
        ("how many card charges of no more than 50", ["3"]),
        ("how many card charges under 50", ["2"]),
        ("Wie viele Kartenbuchungen mindestens 80", ["3"]),
        ("Wie viele Kartenbuchungen höchstens 50", ["3"]),
        ("how many card charges between 50 and 80", ["3"]),
    ],
)
def test_a_bound_is_within_where_the_words_say_so(workshop: Snapshot, text: str, values: list[str]) -> None:
    """At least and at most are; over and under are not."""
    assert _values(workshop, text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("how many different people used a card", ["3"]),
        ("how many people used a card in January", ["1"]),
        ("Wie viele verschiedene Kategorien gab es bei den Kartenausgaben?", ["3"]),
        ("how many clerks entered invoices", ["3"]),
        ("how many vendors invoiced us", ["4"]),
        ("how many card charges were made on a Saturday", ["4"]),
        ("how many card charges on weekends", ["4"]),
        ("Wie viele Kartenbuchungen gab es samstags?", ["4"]),
        ("days between invoice and payment", ["33.3"]),
        ("how many days from invoice to payment on average", ["33.3"]),
        ("longest time from invoice to payment", ["40"]),
        ("how many supplier bills", ["8"]),
    ],
)
def test_what_is_counted_once(workshop: Snapshot, text: str, values: list[str]) -> None:
    """People, categories, days of the week."""
    assert _values(workshop, text) == values


def test_a_vendor_is_one_however_it_is_spelt(workshop: Snapshot) -> None:
    """The first vendor is the first by all its rows; other money has an order of its own."""
    assert _values(workshop, "invoiced by vendor") == [
        "Lackwerk Sommer 4600.00 EUR",
        "Holzhandel Brandt GmbH 3200.00 EUR",
        "Spedition Uhl 300.00 EUR",
        "Tokyo Tools KK 900000 JPY",
    ]
    assert _values(workshop, "which vendor has invoiced the most") == [
        "Lackwerk Sommer 4600.00 EUR",
        "Tokyo Tools KK 900000 JPY",
    ]
