"""Whom we pay, what falls due, the least row, and days as people write them, each counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.scorers.questions import read_books
from tests.front_desk.workshop import SOURCES, write_workshop
from tools.core.errors import RunError
from tools.front_desk import answering, figures, reading
from tools.front_desk.reading_answers import answers_to
from tools.front_desk.snapshot import Snapshot
from tools.front_desk.understanding import Understanding

_LISTED = """  owing: {kind: receivable, path: owing.csv, columns: {document: no, party_name: customer,
    dated_on: day, due_on: due, settled_on: settled, amount: amount, paid: paid, currency: currency}}
"""
_OWING = """no,customer,day,due,settled,amount,paid,currency
R-1,Hotel Seeblick,2026-03-02,2026-04-01,,800.00,300.00,EUR
R-2,Hotel Seeblick,2026-05-04,2026-06-03,,250.00,0.00,EUR
R-3,Cafe Kranz,2026-02-02,2026-03-04,2026-03-01,400.00,0.00,EUR
R-4,Buchladen Ott,2026-04-20,2026-05-10,,90.00,0.00,EUR
"""


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """Give the books of a workshop with a list of what customers owe, open for figures."""
    folder = write_workshop(tmp_path_factory.mktemp("workshop"))
    (folder / "sources.yaml").write_text(SOURCES + _LISTED, encoding="utf-8")
    (folder / "owing.csv").write_text(_OWING, encoding="utf-8")
    yield from _opened(folder)


def _opened(folder: Path) -> Iterator[Snapshot]:
    books = read_books(folder, folder / "work")
    yield books
    books.books.close()


def _read(books: Snapshot, *texts: str) -> Understanding:
    reading_of = None
    for text in texts:
        reading_of = reading.read(text, books, reading_of)
    assert reading_of is not None
    return reading_of


def _values(books: Snapshot, *texts: str) -> list[str]:
    """Give what is answered to the last of several sentences; its status where nothing is."""
    reading_of = _read(books, *texts)
    if reading_of.status != "understood":
        return [reading_of.status]
    answer = answers_to(reading_of, books).answer
    return [" ".join(filter(None, [row["part"], row["value"], row["currency"]])) for row in answer.values]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("who did we pay the most", ["Holzhandel Brandt GmbH 2500.00 EUR"]),
        ("whom did we pay most often", ["Holzhandel Brandt GmbH 2"]),
        ("wem haben wir am meisten gezahlt", ["Holzhandel Brandt GmbH 2500.00 EUR"]),
        ("who got paid the least", ["Lackwerk Sommer 2000.00 EUR"]),
        ("who approved the most payments", ["Rita Voss 2"]),
        ("who entered the largest invoice in euros", ["Ole Rasch 2100.00 EUR"]),
        ("welcher Lieferant hat die kleinste Rechnung in Euro gestellt", ["Spedition Uhl 300.00 EUR"]),
        ("which vendor sent the largest invoice in euros", ["Lackwerk Sommer 2100.00 EUR"]),
    ],
)
def test_who_is_one_of_us_or_whom_we_pay(workshop: Snapshot, text: str, values: list[str]) -> None:
    """Where we pay, vendors are asked after; whose row is greatest is not who has most of all."""
    assert _values(workshop, text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("smallest payment", ["1000.00 EUR"]),
        ("niedrigste Rechnung in Euro", ["300.00 EUR"]),
        ("cheapest card charge per person", ["Ole Rasch 50.00 EUR", "Nele Brink 30.00 EUR"]),
        ("shortest days to pay", ["30"]),
    ],
)
def test_the_least_row_is_a_figure(workshop: Snapshot, text: str, values: list[str]) -> None:
    """The smallest payment is no ranking of sums and counts."""
    assert {*values} <= {*_values(workshop, text)}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("total of invoices due between 1 February and 15 March 2026", ["6600.00 EUR"]),
        ("how many invoices fell due in March 2026", ["2"]),
        ("total of unpaid invoices due in March 2026", ["2100.00 EUR"]),
        ("Summe der offenen Rechnungen, die bis 15. April 2026 fällig sind", ["2800.00 EUR", "900000 JPY"]),
        ("total of unpaid bills due in the next 30 days", ["300.00 EUR"]),
        ("how many overdue invoices", ["4"]),
    ],
)
def test_what_falls_due_goes_by_its_due_day(workshop: Snapshot, text: str, values: list[str]) -> None:
    """A due day may lie after the books; nothing else of theirs does."""
    assert _values(workshop, text) == values


def test_what_is_to_fall_due_is_asked_about(workshop: Snapshot) -> None:
    """Of a window ahead all that is due may be meant, or what is still to pay; of a month two years."""
    ahead = _read(workshop, "how many invoices are due next month")
    june = _read(workshop, "total of unpaid invoices due in June")
    assert [choice["label"] for choice in ahead.choices] == [
        "Due invoice count, 2026-06",
        "Due payable count, 2026-06",
    ]
    assert [choice["label"] for choice in june.choices] == ["Due payables, 2026-06", "Due payables, 2025-06"]
    spent = _read(workshop, "spend next month")
    assert "lies after that" in answering.why_not(spent.query(), workshop)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("who owes us the most", ["Hotel Seeblick 750.00 EUR"]),
        ("how much do customers owe us", ["840.00 EUR"]),
        ("wie viele Forderungen sind überfällig", ["2"]),
        ("overdue receivables of Hotel Seeblick", ["500.00 EUR"]),
        ("AR at the end of February 2026", ["400.00 EUR"]),
    ],
)
def test_what_customers_owe_is_read_from_the_list_of_receivables(
    workshop: Snapshot, text: str, values: list[str]
) -> None:
    """What they have paid of it is taken off; what is settled is owed until it was."""
    assert _values(workshop, text) == values


def test_what_customers_owe_needs_their_list(tmp_path: Path) -> None:
    """Without a list of receivables there is no number, and unpaid invoices of ours are none of theirs."""
    for books in _opened(write_workshop(tmp_path)):
        (figure,) = {_read(books, text).figure for text in ("who owes us", "accounts receivable")}
        assert "no receivable" in answering.lacking(figures.by_name(figure), books)
        assert _read(books, "unpaid customer invoices").status != "understood"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("total payments in February 2026", ["3000.00 EUR"]),
        ("spend on 16/2/2026", ["90.00 EUR"]),
        ("spend on 2/3/2026", ["700.00 EUR"]),
        ("spend from 01.02.26 to 28.02.26", ["3740.00 EUR"]),
        ("card spend in week 7 of 2026", ["50.00 EUR"]),
        ("Kartenausgaben KW 8", ["90.00 EUR"]),
        ("card spend q2 26", ["770.00 EUR"]),
        ("card spend by 15 January 2026", ["100.00 EUR"]),
        ("card spend in Feb 26", ["140.00 EUR"]),
        ("Kartenausgaben KW 7 bis KW 8", ["140.00 EUR"]),
        ("card spend trend by quarter", ["2026-Q2 770.00 EUR", "2026-Q3 80.00 EUR"]),
        ("total of invocies from Lackwerk in April 2026", ["500.00 EUR"]),
        ("how many invoices were paid after they were due", ["1"]),
    ],
)
def test_days_are_read_as_people_write_them(workshop: Snapshot, text: str, values: list[str]) -> None:
    """Two digits may be a year, a week has a number, and 2/3 is of March where the day comes first."""
    assert _values(workshop, text) == values


def test_a_day_that_countries_write_otherwise_is_asked_about(tmp_path: Path) -> None:
    """Where the books name no country, both days are offered; 16/2 is only one."""
    folder = write_workshop(tmp_path)
    (folder / "sources.yaml").write_text(SOURCES.replace("country: DE, ", ""), encoding="utf-8")
    for books in _opened(folder):
        both = _read(books, "spend on 2/3/2026")
        assert [choice["label"] for choice in both.choices] == ["Spend, 2026-02-03", "Spend, 2026-03-02"]
        assert _values(books, "spend on 16/2/2026") == ["90.00 EUR"]


def test_payments_in_a_month_are_no_money_in(workshop: Snapshot) -> None:
    """A period keeps its preposition; what was late of those rows is asked next."""
    labels = [choice["label"] for choice in _read(workshop, "Payments in March 2026").choices]
    assert labels == ["Paid, 2026-03", "Payment count, 2026-03"]
    assert _values(workshop, "Payments in March 2026", "how many were late?") == ["1"]


def test_what_names_more_than_before_is_not_put_into_it_in_silence(workshop: Snapshot) -> None:
    """Two names and a window are no follow-up for sure: what they would make of it is offered."""
    going_on = _read(workshop, "card spend of Nele Brink", "Rita Voss Holzhandel in March 2026")
    assert going_on.status != "understood"


@pytest.mark.parametrize("text", ["how much did we pay Rita Voss", "total payments to Rita Voss"])
def test_who_approved_a_payment_is_not_whom_it_went_to(workshop: Snapshot, text: str) -> None:
    """A payment's person is who approved it: nobody is taken for its payee."""
    refused = _read(workshop, text)
    assert (refused.status, "approved by Rita Voss" in refused.why) == ("refused", True)
    assert _values(workshop, "total payments approved by Rita Voss") == ["2500.00 EUR"]


def test_what_no_row_names_has_no_number(workshop: Snapshot) -> None:
    """Payments bear no category and nobody who prepared them here: that is not nought."""
    named = _read(workshop, "how many payments were prepared by Maja Falk")
    assert named.figure == "prepared_payment_count"
    with pytest.raises(RunError, match="created_by"):
        answers_to(named, workshop)
    query = replace(_read(workshop, "total payments").query(), filters={"categories": ("Wood",)})
    with pytest.raises(RunError, match="no row of these books names one"):
        answering.answer(query, workshop)


def test_a_follow_up_that_cannot_be_is_read_by_itself(workshop: Snapshot) -> None:
    """What the figure before knows nothing of does not go on with it."""
    alone = _read(workshop, "how many payments in March 2026", "Wood")
    assert {reading_of["reading"]["figure"] for reading_of in alone.choices} <= {"spend", "paid", ""}
