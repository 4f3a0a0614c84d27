"""Sentences are read to the last word, or refused with the word that means nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import pytest

from tools.front_desk import reading
from tools.front_desk.currency_words import currency
from tools.front_desk.period.calendar import FiscalCalendar
from tools.front_desk.period.forms import read as read_periods
from tools.front_desk.snapshot import Snapshot

UNDERSTOOD = [
    ("How much did we spend with Alder Supply in March 2025?", "spend", "", ["2025-03-01", "2025-03-31"]),
    ("spend by vendor last month", "spend", "vendor", ["2025-02-01", "2025-02-28"]),
    ("how many card charges in 2025-03", "charge_count", "", ["2025-03-01", "2025-03-31"]),
    ("wie viele Kartenzahlungen im März 2025", "charge_count", "", ["2025-03-01", "2025-03-31"]),
    ("Ausgaben nach Lieferant dieses Quartal", "spend", "vendor", ["2025-01-01", "2025-03-31"]),
    ("largest card charge", "largest_charge", "", []),
    ("average card charge of Elm Catering", "average_charge", "", []),
    ("which vendor had the highest spend this year", "spend", "vendor", ["2025-01-01", "2025-12-31"]),
    ("top 3 vendors by spend", "spend", "vendor", []),
    ("money in since 2025-03-01", "bank_inflow", "", ["2025-03-01", "2025-03-31"]),
    ("net cash flow year to date", "net_cash_flow", "", ["2025-01-01", "2025-03-31"]),
    ("number of flags by severity", "flag_count", "severity", []),
    ("how much money is at risk", "money_at_risk", "", []),
    ("when was the last card charge with Cedar Print", "last_charge", "", []),
    ("match rate by pair", "match_rate", "pair", []),
    ("card charges over 100 by person", "card_spend", "person", []),
    ("Anzahl der Befunde nach Schweregrad", "flag_count", "severity", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "figure", "by", "period"), UNDERSTOOD)
def test_a_question_is_read(books: Snapshot, text: str, figure: str, by: str, period: list[str]) -> None:
    """English and German, relative dates as of the books' day."""
    understanding = reading.read(text, books)
    assert (understanding.status, understanding.figure, understanding.by, list(understanding.period[:2])) == (
        "understood",
        figure,
        by,
        period,
    ), understanding


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("craziest vendor last year by spend", "craziest"),
        ("spend with Zyxwvut Industries", "zyxwvut"),
        ("spend by planet", "planet"),
        ("how many happy flags", "happy"),
        ("spend on unicorns in march", "unicorns"),
    ],
)
def test_a_word_that_maps_to_nothing_is_named(books: Snapshot, text: str, word: str) -> None:
    """It is never left out to get some answer."""
    understanding = reading.read(text, books)
    assert understanding.status == "unread"
    assert word in understanding.unread
    assert understanding.suggestions


@pytest.mark.parametrize(
    "text",
    [
        "what's for breakfast",
        "who is the president of France?",
        "how many vacation days do I have",
        "translate this to Spanish",
        "wie wird das Wetter morgen",
        "tell me a joke",
        "",
        "???",
        "\x00\ud800",
        "DROP TABLE run; --",
    ],
)
def test_what_is_out_of_scope_is_refused(books: Snapshot, text: str) -> None:
    """Whatever it is, nothing is made of it, and nothing raises."""
    understanding = reading.read(text, books)
    assert understanding.status in ("out_of_scope", "unread", "refused")
    assert not understanding.figure


@pytest.mark.parametrize(
    "text",
    [
        "spend without a reason",
        "not the spend",
        "don't start an audit",
        "I don't want an audit to start",
        "Ausgaben ohne Sorgen",
        "spend without Zyxwvut Industries",
        "spend not as Alder Supply",
        "start an audit without Alder Supply",
        "never run an audit",
    ],
)
def test_negation_is_never_read_as_its_opposite(books: Snapshot, text: str) -> None:
    """What is to be left out, or not wanted, is refused."""
    assert reading.read(text, books).status != "understood"


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("card charges in March", {"Card spend, 2025-03", "Charge count, 2025-03"}),
        ("balance", {"Bank balance, all that the books hold", "Account balance, all that the books hold"}),
    ],
)
def test_two_close_readings_are_asked_about(books: Snapshot, text: str, labels: set[str]) -> None:
    """Neither is chosen silently."""
    understanding = reading.read(text, books)
    assert understanding.status == "choose"
    assert {choice["label"] for choice in understanding.choices} == labels


def test_a_follow_up_keeps_its_context(books: Snapshot) -> None:
    """What it names replaces what stood there; the rest stays."""
    first = reading.read("spend with Alder Supply in March 2025", books)
    second = reading.read("and by person?", books, first)
    third = reading.read("last month?", books, second)
    assert (second.figure, second.by, second.filters) == ("spend", "person", first.filters)
    assert (third.by, third.filters, third.period[0]) == ("person", first.filters, "2025-02-01")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("which invoices are unpaid for more than 60 days", "more than 60 days"),
        ("invoices overdue by 60 days", "60"),
        ("card charges over the average", "over"),
        ("how much will we spend in March", "will we"),
        ("expected card spend in March", "expected"),
        ("how much did we pay to employees", "employees"),
        ("spend in USD and EUR", "EUR"),
        ("skonto by vendor", "skonto"),
        ("spend of run 20250331-abcdef", "20250331-abcdef"),
    ],
)
def test_a_word_that_would_be_left_out_is_named(books: Snapshot, text: str, word: str) -> None:
    """What was recognised and has no place in the figure stops it, as an unknown word does."""
    understanding = reading.read(text, books)
    assert (understanding.status, word in understanding.unread) == ("unread", True), understanding


@pytest.mark.parametrize(
    ("text", "period", "against"),
    [
        ("growth of spend from January to February 2025", "2025-02-01", "2025-01-01"),
        ("compare spend in March with February", "2025-03-01", "2025-02-01"),
        ("spend in March 2025 compared to last year", "2025-03-01", "2024-03-01"),
        ("growth of spend in March 2025", "2025-03-01", "2025-02-01"),
    ],
)
def test_what_is_held_against_what(books: Snapshot, text: str, period: str, against: str) -> None:
    """The later against the earlier, a month against the same month of another year."""
    understanding = reading.read(text, books)
    assert understanding.intent == "compare", understanding
    assert (understanding.period[0], understanding.compared[0]) == (period, against)


def test_a_follow_up_changes_what_it_names(books: Snapshot) -> None:
    """How it sums up, its limit, what it is held against; another figure keeps window and names."""
    first = reading.read("card spend with Elm Catering in March 2025", books)
    assert reading.read("on average?", books, first).figure == "average_charge"
    assert reading.read("over 100?", books, first).over == "100.0"
    assert reading.read("compared to last month?", books, first).compared[0] == "2025-02-01"
    carried = reading.read("and the largest card charge?", books, first)
    assert (carried.figure, carried.filters, carried.period) == (
        "largest_charge",
        first.filters,
        first.period,
    )


@pytest.mark.parametrize(
    ("text", "figure", "filters"),
    [
        ("spend with Cedra Print", "spend", {"vendors": ["CEDAR PRINT"]}),
        ("spend with Cedar and Print", "spend", {"vendors": ["CEDAR PRINT"]}),
        ("how often did we charge Cedar Print", "charge_count", {"vendors": ["CEDAR PRINT"]}),
        ("how many different merchants were charged", "charged_vendor_count", {}),
        ("match rate between card and bank", "match_rate", {"pairs": ["card_to_bank"]}),
        ("how many duplicate postings did you find", "flag_count", {"tests": ["duplicate_posting"]}),
        ("flags by severity", "flag_count", {}),
        ("how many flags are still undecided", "waiting_flag_count", {}),
    ],
)
def test_words_of_an_auditor(
    books: Snapshot, text: str, figure: str, filters: Mapping[str, Sequence[str]]
) -> None:
    """Slips in parts of a name, "and" for "&", how often, pairs of books, tests by their names."""
    understanding = reading.read(text, books)
    assert (understanding.status, understanding.figure) == ("understood", figure), understanding
    assert understanding.filters == filters


def test_the_first_five_are_counted_wherever_it_is_said(books: Snapshot) -> None:
    """Two, and the greatest."""
    understanding = reading.read("which 2 vendors cost us the most this year", books)
    assert (understanding.by, understanding.most, understanding.order) == ("vendor", 2, "most")


@pytest.mark.parametrize(
    "text",
    [
        "vendors with more than 2 card charges",
        "vendors with spend over 500",
        "number of charges per vendor over 2",
    ],
)
def test_a_limit_of_groups_is_not_taken_for_one_of_rows(books: Snapshot, text: str) -> None:
    """A limit narrows rows: neither a count nor a group's total is held against it."""
    understanding = reading.read(text, books)
    assert (understanding.status, "single rows" in understanding.why) == ("refused", True), understanding


@pytest.mark.parametrize(
    ("text", "figure", "most", "order"),
    [
        ("lowest monthly spend in 2025", "spend", 1, "least"),
        ("on which day did we spend most", "spend", 1, "most"),
        ("monthly spend", "spend", 0, "part"),
        ("highest card charge per vendor", "largest_charge", 0, "most"),
        ("vendor with the highest card spend", "card_spend", 1, "most"),
        ("the month with the lowest card spend", "card_spend", 1, "least"),
        ("which vendor has the most card charges", "charge_count", 1, "most"),
        ("which person made the fewest transactions", "purchase_count", 1, "least"),
    ],
)
def test_the_greatest_part_is_no_first_one(
    books: Snapshot, text: str, figure: str, most: int, order: str
) -> None:
    """Parts of time run in their order, unless the greatest is asked for."""
    understanding = reading.read(text, books)
    assert (understanding.figure, understanding.most, understanding.order) == (figure, most, order)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("spend between 10 and 20 March 2025", "2025-03-10", "2025-03-20"),
        ("spend from 3rd to 9 March", "2025-03-03", "2025-03-09"),
        ("bank balance at the end of Q1", None, "2025-03-31"),
        ("spend for the year", "2025-01-01", "2025-12-31"),
    ],
)
def test_days_of_one_month(books: Snapshot, text: str, start: str | None, end: str) -> None:
    """The first day borrows the second's month; numbers of days are no amounts."""
    understanding = reading.read(text, books)
    assert (*understanding.period[:2], understanding.over) == (start, end, ""), understanding


def test_who_did_what_is_kept_apart(books: Snapshot) -> None:
    """A holder of a card has approved nothing: the role is no part of the figure, and is named."""
    assert reading.read("card charges of Ada on average", books).status == "understood"
    understanding = reading.read("average card charge approved by Ada", books)
    assert (understanding.status, understanding.unread) == ("unread", ["approved by"])


def test_a_slip_that_was_corrected_is_said(books: Snapshot) -> None:
    """Not taken in silence; an inflected word is no slip."""
    assert "'recipts' read as 'receipts'" in reading.read("recipts total", books).echo
    assert reading.read("balanced", books).status != "understood"


def test_one_split_at_a_time(books: Snapshot) -> None:
    """A second dimension is not dropped silently."""
    understanding = reading.read("spend by vendor and month", books)
    assert (understanding.status, "one thing at a time" in understanding.why) == ("refused", True)


@pytest.mark.parametrize(
    ("text", "status", "intent"),
    [
        ("start an audit", "understood", "run_audit"),
        ("starte eine Prüfung", "understood", "run_audit"),
        ("please run feedback", "understood", "run_feedback"),
        ("approve all flags", "refused", "decide"),
        ("genehmige alles", "refused", "decide"),
        ("who may approve", "understood", "assess_controls"),
        ("help", "understood", "help"),
        ("how many flags did audits raise", "understood", "figure"),
        ("suppress duplicate_posting for Cedar Print up to 500", "understood", "change_suppress"),
        ("set sigma of amount_outside_sigma to 4", "understood", "change_threshold"),
        ("set sigma of amount_outside_sigma", "refused", "change_threshold"),
        ("write a test for round amounts", "understood", "draft_test"),
        ("write a test", "refused", "draft_test"),
    ],
)
def test_commands(books: Snapshot, text: str, status: str, intent: str) -> None:
    """A command leads the sentence; a decision is handed over, never taken from words."""
    understanding = reading.read(text, books)
    assert (understanding.status, understanding.intent) == (status, intent), understanding


_JUNE: Final = FiscalCalendar(date(2026, 3, 31), 6)


@pytest.mark.parametrize(
    ("text", "label", "days"),
    [
        ("q2 last year", "2025-Q2", ("2024-10-01", "2024-12-31")),
        ("first half of last year", "2025-H1", ("2024-07-01", "2024-12-31")),
        ("im mai letzten jahres", "2025-05", ("2025-05-01", "2025-05-31")),
        ("q3 of this fiscal year", "2026-Q3", ("2026-01-01", "2026-03-31")),
        ("at the end of last quarter", "up to 2025-12-31", ("None", "2025-12-31")),
        ("fy24/25", "fiscal year 2025", ("2024-07-01", "2025-06-30")),
        ("calendar year 2025", "calendar year 2025", ("2025-01-01", "2025-12-31")),
        ("the year ended 30 june 2025", "2024-07-01 to 2025-06-30", ("2024-07-01", "2025-06-30")),
    ],
)
def test_a_part_of_a_year_lies_in_the_year_beside_it(text: str, label: str, days: tuple[str, str]) -> None:
    """What would be taken for one period against another is one; a fiscal year in short is a year."""
    (period,) = [span.period for span in read_periods(text, _JUNE)]
    assert (period.label, str(period.start), str(period.end)) == (label, *days)


@pytest.mark.parametrize(
    ("text", "other"), [("2025", "calendar year 2025"), ("december last year", "2025-12")]
)
def test_a_year_that_may_be_the_calendars_has_both_periods(text: str, other: str) -> None:
    """Where the fiscal year is another, a plain year is asked about; where it is the same, it is not."""
    (span,) = read_periods(text, _JUNE)
    assert span.period.or_else is not None
    assert span.period.or_else.label == other
    assert all(span.period.or_else is None for span in read_periods(text, FiscalCalendar(date(2026, 3, 31))))


@pytest.mark.parametrize(
    ("word", "home", "code"),
    [("dollars", "CAD", "CAD"), ("dollars", "EUR", "USD"), ("crowns", "SEK", "SEK"), ("JPY", "CAD", "JPY")],
)
def test_a_currency_that_several_countries_name_so_is_the_entitys_own(
    word: str, home: str, code: str
) -> None:
    """Dollars are Canadian in Canadian books, and American in European ones."""
    assert currency(word, home) == code


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("Elm Catering in March 2025", "average card charge of Ada"),
        ("Ada last month", "spend with Cedar Print by month"),
    ],
)
def test_what_may_stand_alone_is_asked_about(books: Snapshot, text: str, before: str) -> None:
    """A name with a window goes on with the question before, or asks anew: both are offered."""
    earlier = reading.read(before, books)
    offered = reading.read(text, books, earlier)
    assert offered.status == "choose", offered
    alone = [choice["label"] for choice in reading.read(text, books).choices]
    assert {*alone} <= {choice["label"] for choice in offered.choices}


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("how many card charges and how many flags in March 2025", {"charge_count", "flag_count"}),
        ("money in and money out last month", {"bank_inflow", "bank_outflow"}),
        ("Zahlungseingänge und Abbuchungen im März 2025", {"bank_inflow", "bank_outflow"}),
        ("number of card charges and total amount", {"charge_count", "card_spend"}),
    ],
)
def test_two_figures_are_both_answered(books: Snapshot, text: str, figures: set[str]) -> None:
    """Neither is left out in silence; each has the window and the names of the whole."""
    reading_of = reading.read(text, books)
    both = [reading_of.as_dict(), *reading_of.also]
    assert reading_of.status == "understood", reading_of
    assert {each["figure"] for each in both} == figures
    assert len({tuple(each["period"]) for each in both}) == 1


def test_one_of_two_figures_is_asked_about(books: Snapshot) -> None:
    """An "or" leaves open which is meant."""
    offered = reading.read("how many card charges or how many flags in March 2025", books)
    assert {choice["reading"]["figure"] for choice in offered.choices} == {"charge_count", "flag_count"}


def test_a_follow_up_goes_on_with_both(books: Snapshot) -> None:
    """The second figure is not forgotten."""
    first = reading.read("how many card charges and how many flags in March 2025", books)
    further = reading.read("and in February?", books, first)
    assert [further.period[2], *(each["period"][2] for each in further.also)] == ["2025-02", "2025-02"]


@pytest.mark.parametrize(
    ("text", "over", "under"),
    [
        ("card spend between 1000 and 2000", "1000.0", "2000.0"),
        ("card spend between 2000 and 2500 dollars", "2000.0", "2500.0"),
        ("card spend of more than 2000", "2000.0", ""),
    ],
)
def test_an_amount_is_no_year(books: Snapshot, text: str, over: str, under: str) -> None:
    """What stands around a number says whether it is an amount, an account or a year."""
    understood = reading.read(text, books)
    assert (understood.over, understood.under, understood.period) == (over, under, []), understood


@pytest.mark.parametrize("text", ["how many card charges were approved", "approved card spend"])
def test_a_role_without_a_person_is_not_left_out(books: Snapshot, text: str) -> None:
    """What was approved is not all there is."""
    assert reading.read(text, books).status != "understood"
