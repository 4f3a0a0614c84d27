"""Orders in words, and what takes longest: parts as they are ordered, no first day, and no greatest sum."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.scorers.questions import read_books
from tests.front_desk.workshop import write_workshop
from tools.front_desk import reading
from tools.front_desk.reading_answers import answers_to
from tools.front_desk.snapshot import Snapshot


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """Give the books of a workshop, open for figures."""
    folder = write_workshop(tmp_path_factory.mktemp("orders"))
    books = read_books(folder, folder / "work")
    yield books
    books.books.close()


def _answered(books: Snapshot, *texts: str) -> list[str]:
    """Give the figure and the parts that are answered to the last of several sentences."""
    read = None
    for text in texts:
        read = reading.read(text, books, read)
    assert read is not None
    assert read.status == "understood", read.why
    return [read.figure, *(row["part"] or row["value"] for row in answers_to(read, books).answer.values)]


@pytest.mark.parametrize(
    "text",
    [
        "card spend by cardholder, highest first",
        "Kartenausgaben nach Person, absteigend",
        "rank people by card spend",
        "Rangliste der Karteninhaber nach Kartenausgaben",
    ],
)
def test_the_highest_first_is_every_part_in_order(workshop: Snapshot, text: str) -> None:
    """It asks for no first day, and leaves out nobody."""
    assert _answered(workshop, text) == ["card_spend", "Maja Falk", "Nele Brink", "Ole Rasch"]


def test_an_order_goes_on_with_the_question_before(workshop: Snapshot) -> None:
    """The lowest first turns what was answered round; a course of months may be ordered by its sums."""
    split = "card spend by cardholder"
    turned = ["card_spend", "Ole Rasch", "Nele Brink", "Maja Falk"]
    assert _answered(workshop, split, "and lowest first?") == turned
    months = _answered(workshop, "card spend by month, largest first")
    assert months[:2] == ["card_spend", "2026-03"]


def test_rows_are_listed_in_the_order_of_their_days(workshop: Snapshot) -> None:
    """The oldest first are rows, and no day; of months that order is not known."""
    listed = reading.read("list card charges over 50, oldest first", workshop)
    rows = [row["day"] for row in answers_to(listed, workshop).answer.shown]
    assert (listed.figure, rows) == ("charge_count", sorted(rows))
    assert reading.read("invoices by month, newest first", workshop).status == "unread"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("the two vendors we take longest to pay", ["Holzhandel Brandt GmbH", "Lackwerk Sommer"]),
        ("which vendor do we pay fastest", ["Lackwerk Sommer"]),
        ("welcher Lieferant wird am langsamsten bezahlt", ["Holzhandel Brandt GmbH"]),
    ],
)
def test_who_waits_longest_is_asked_of_days(workshop: Snapshot, text: str, parts: list[str]) -> None:
    """Whom we take longest to pay is not whom we pay most."""
    assert _answered(workshop, text) == ["days_to_pay", *parts]


def test_the_longest_of_a_sum_of_money_is_nothing(workshop: Snapshot) -> None:
    """What is longest overdue is not what is greatest; the invoice that took longest is one row's days."""
    assert reading.read("which vendor has the longest overdue invoice", workshop).status == "unread"
    assert _answered(workshop, "which invoice took longest to pay") == ["longest_to_pay", "40"]
