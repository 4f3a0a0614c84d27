"""A question that goes on with the one before keeps whose rows were meant, or says why it cannot."""

from __future__ import annotations

import pytest

from tools.front_desk import reading
from tools.front_desk.snapshot import Snapshot
from tools.front_desk.understanding import Understanding, from_dict


def after(books: Snapshot, *turns: str) -> Understanding:
    """Read sentences in turn, each after what the person asked for last."""
    before = None
    for text in turns:
        latest = reading.read(text, books, before)
        before = latest if latest.figure or latest.choices or latest.own_subject else before
    return latest


def readings(understanding: Understanding) -> list[Understanding]:
    """Give what is understood, or each of what is offered."""
    return [from_dict(choice["reading"]) for choice in understanding.choices] or [understanding]


@pytest.mark.parametrize(
    ("turns", "figure"),
    [
        (("how many payments to Alder Supply", "without approval?"), "unapproved_payment_count"),
        (("how many flags of Alder Supply", "how many are confirmed?"), "confirmed_flag_count"),
        (("Anzahl der Befunde zu Alder Supply", "wie viele davon sind bestätigt?"), "confirmed_flag_count"),
        (("flags of Alder Supply", "how many of those are waiting?"), "waiting_flag_count"),
    ],
)
def test_a_state_is_asked_of_the_rows_before(books: Snapshot, turns: tuple[str, str], figure: str) -> None:
    """The vendor stays: no figure of all vendors is given."""
    latest = after(books, *turns)
    assert latest.status in ("understood", "choose"), latest
    assert {item.figure for item in readings(latest)} == {figure}, latest
    assert all(item.filters.get("vendors") for item in readings(latest)), latest


def test_a_state_of_a_window_is_asked_about(books: Snapshot) -> None:
    """Overdue at the end of the window, or by now: neither is chosen silently; both keep the vendor."""
    latest = after(books, "how many invoices from Alder Supply in February", "more than 30 days overdue?")
    offered = readings(latest)
    assert [bool(item.period) for item in offered] == [True, False], latest
    assert all(item.filters.get("vendors") and item.least_days for item in offered)


def test_what_may_stand_by_itself_is_offered_so_too(books: Snapshot) -> None:
    """Asked how much is overdue after a question about a vendor, all may be meant."""
    latest = after(books, "how many invoices from Alder Supply", "how much is overdue?")
    assert [bool(item.filters.get("vendors")) for item in readings(latest)] == [True, False], latest


@pytest.mark.parametrize("follow_up", ["and in February?", "last month?", "by vendor?", "und im Februar?"])
def test_nothing_goes_on_with_a_question_before_one_that_was_not_read(
    books: Snapshot, follow_up: str
) -> None:
    """The figure of the question but one would be an answer to something else."""
    latest = after(books, "card spend in March", "how many frobbed payments in March", follow_up)
    assert (latest.status, latest.figure) == ("refused", ""), latest
    assert "not answered" in latest.why


def test_a_follow_up_that_was_not_read_is_passed_over(books: Snapshot) -> None:
    """It named no figure: the next one goes on with what was answered."""
    latest = after(books, "card spend in March", "and by frobnicator?", "by person?")
    assert (latest.status, latest.figure, latest.by) == ("understood", "card_spend", "person"), latest


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("how many payments did we receive in March", "receive"),
        ("wie viele Zahlungen sind im März eingegangen", "eingegangen"),
        ("who handed in the most invoices", "handed in"),
    ],
)
def test_rows_that_go_the_other_way_are_not_counted(books: Snapshot, text: str, word: str) -> None:
    """Payments are ours to others: what came in is another figure, and is not answered by them."""
    understanding = reading.read(text, books)
    assert understanding.status == "unread", understanding
    assert word in understanding.unread


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("how many flags came in on Mondays", "flag_count"),
        ("how much came in in March", "bank_inflow"),
        ("which vendor received the most payments", "payment_count"),
    ],
)
def test_rows_that_go_the_way_that_is_said_are_counted(books: Snapshot, text: str, figure: str) -> None:
    """The words say nothing more than the figure does."""
    understanding = reading.read(text, books)
    assert (understanding.status, understanding.figure) == ("understood", figure), understanding


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("card spend in Febuary", "2025-02-01"),
        ("card spend in Janaury 2025", "2025-01-01"),
        ("Kartenausgaben im Feburar", "2025-02-01"),
        ("card spend in Setpember 2024", "2024-09-01"),
    ],
)
def test_a_slip_in_a_month_is_put_right_and_said(books: Snapshot, text: str, start: str) -> None:
    """What was typed and what it was read as are both shown."""
    understanding = reading.read(text, books)
    assert (understanding.status, understanding.period[0]) == ("understood", start), understanding
    assert len(understanding.corrected) == 1


@pytest.mark.parametrize("text", ["card spend in Marsh", "card spend in Septum", "card spend in Octave"])
def test_what_is_no_slip_of_a_month_is_named(books: Snapshot, text: str) -> None:
    """Another word is not bent into a month."""
    assert reading.read(text, books).status == "unread"


@pytest.mark.parametrize("follow_up", ["how many charges was that?", "wie viele Kartenbuchungen sind das?"])
def test_another_figure_of_the_rows_before_keeps_their_window(books: Snapshot, follow_up: str) -> None:
    """What was asked about is meant, not all that the books hold."""
    latest = after(books, "card spend of Elm Catering in February", follow_up)
    assert (latest.figure, latest.period[0]) == ("charge_count", "2025-02-01"), latest
    assert latest.filters.get("vendors"), latest
