"""Every figure is a query that runs again to the same value, and says what it rests on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tools.front_desk import answering, figures, reading
from tools.front_desk.snapshot import Snapshot

# A question, and the query that somebody who has not seen the figures would write.
GOLD = [
    ("spend with Alder Supply",
     "SELECT sum(amount_minor) FROM txn WHERE kind = 'card' AND vendor_name = 'Alder Supply'"),
    ("how many card charges in March 2025",
     "SELECT count(*) * 100 FROM txn WHERE kind = 'card' AND month(posted_on) = 3"),
    ("largest card charge", "SELECT max(amount_minor) FROM txn WHERE kind = 'card'"),
    ("money in", "SELECT sum(amount_minor) FROM txn WHERE kind = 'bank' AND amount_minor > 0"),
    ("net cash flow in March", "SELECT sum(amount_minor) FROM txn WHERE kind = 'bank'"),
    ("how many vendors", "SELECT count(DISTINCT vendor_name) * 100 FROM txn WHERE kind = 'card'"),
    ("card spend of Ada", "SELECT sum(amount_minor) FROM txn WHERE kind = 'card' AND person_name = 'Ada'"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "gold"), GOLD)
def test_a_question_has_the_value_of_its_gold_query(books: Snapshot, text: str, gold: str) -> None:
    """The value is the books' own."""
    result = answering.answer(reading.read(text, books).query(), books)
    (row,) = books.rows(f"SELECT ({gold}) AS value", {})
    assert Decimal(result.values[0]["value"]) * 100 == row["value"]


def test_an_answer_runs_again(books: Snapshot) -> None:
    """Its query with its parameters gives the same rows; its id changes with either."""
    query = reading.read("spend by vendor in March 2025", books).query()
    result = answering.answer(query, books)
    again = books.rows(result.query, {**answering.parameters_of(query, books)})
    assert [row["part"] for row in again] == [row["part"] for row in result.values]
    assert answering.answer(query, books).query_id == result.query_id
    other_result = answering.answer(reading.read("spend by person in March 2025", books).query(), books)
    assert other_result.query_id != result.query_id
    assert result.snapshot_sha256 == books.manifest.sha256
    assert result.not_included


def test_every_figure_answers_or_says_what_the_books_lack(books: Snapshot) -> None:
    """None fails: a figure of sources that are not there gives no number; split, it is of the same rows."""
    refusals, answered = [], 0
    for number, figure in enumerate(figures.figures().values()):
        why = answering.why_not(answering.Query(figure), books)
        if why:
            refusals.append(why)
            continue
        result = answering.answer(answering.Query(figure), books)
        by = figure.population.dimensions[number % len(figure.population.dimensions)]
        assert answering.answer(answering.Query(figure, by=by), books).rows == result.rows
        answered += 1
    assert answered > 20
    assert refusals
    assert [why for why in refusals if "cannot be computed" not in why] == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("spend with Alder Supply in 2031", "the books end on"),
        ("spend in 2019", "the books begin on"),
        ("how many invoices", "hold no source of kind invoice"),
        ("match rate by severity", "cannot be split by severity"),
    ],
)
def test_no_number_where_the_books_have_none(books: Snapshot, text: str, says: str) -> None:
    """A window or a source that is not there is said; zero would be a lie."""
    assert says in answering.why_not(reading.read(text, books).query(), books)


def test_there_are_forty_figures_each_with_its_definition() -> None:
    """LedgerName, definition, unit, grain, dimensions, what is left out, owner."""
    every = figures.figures()
    assert len(every) >= 40
    for figure in every.values():
        assert all(
            (figure.definition, figure.population.about, figure.population.owner, figure.population.grain)
        )
        assert figure.population.not_included
        assert figure.population.dimensions
