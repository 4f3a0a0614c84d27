"""In which formats texts are dates: days and months in any order, in words, with a weekday, as a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Final

from tools.ledger.date_formats import SERIAL, plain, serial, without_year

SWAPPED: Final = tuple(
    (form, form.replace("%d", "%?").replace("%m", "%d").replace("%?", "%m"))
    for form in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d-%m-%y", "%d.%m.%y")
)
TYPICAL: Final = 0.9  # share of values that have to be of a type: the rest is dirt
ISO: Final = "%Y-%m-%d"
_FORMATS: Final = (
    "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%y", "%m/%d/%y",
    "%d/%m/%y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y", "%d %B %Y", "%Y.%m.%d",
    "%Y%m%d", "%d %b %y", "%d %B %y", "%b %d %Y", "%B %d %Y", "%b-%d-%Y", "%d/%b/%Y", "%d/%b/%y", "%d.%b.%Y",
    "%d-%B-%Y", "%d-%m-%y", "%m-%d-%y", "%Y-%b-%d", "%Y.%m.%d.", "%d.%m.%Y.", "%d. %m. %Y", "%Y. %m. %d.",
    "%d %m %Y", "%Y %m %d", "%y/%m/%d", "%d/%m/%Y.", "%Y-%d-%m",
)  # fmt: skip
_YEARLESS: Final = (
    "%d/%m", "%m/%d", "%d.%m.", "%d.%m", "%d-%m", "%m-%d", "%d %b", "%b %d", "%d-%b", "%b-%d", "%d/%b",
    "%b/%d", "%d.%b", "%d. %b", "%d %B", "%B %d",
)  # fmt: skip
_TIMES: Final = (
    "", " %H:%M", " %H:%M:%S", "T%H:%M:%S", " %H.%M", " %H.%M.%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M",
    ", %H:%M:%S", ", %I:%M %p", ", %I:%M:%S %p",
)  # fmt: skip
# Formats of days with those of times, each with the marks that stand in what it reads.
_WRITTEN: Final = {
    form + time: frozenset(re.sub(r"%.", "", form + time)) for form in _FORMATS for time in _TIMES
}
_GLANCE: Final = 5  # values whose marks are looked at
_WEEKDAY: Final = r"(?![AaPp][Mm]\b)[^\W\d_]{2,}"
# A weekday's name before a date or behind it: what a text has, and what its format has.
_BEFORE: Final = tuple(
    (re.compile(rf"{_WEEKDAY}{re.escape(mark)}[^\W_]"), f"%a{mark}") for mark in (", ", "., ", ". ", " ")
)
_AFTER: Final = tuple(
    (re.compile(rf".*[\dM]{re.escape(mark)}{_WEEKDAY}{re.escape(end)}$"), f"{mark}%a{end}")
    for mark, end in ((" (", ")"), (", ", ""), (" ", "."), (" ", ""))
)  # fmt: skip
DAYS: Final = frozenset(("date", "day", "timestamp", "due", "valuta"))
_ISO: Final = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|[+-]\d{2}:?\d{2}))?)?$"
)
# Numbers that are days only under a name that says so, each with what its digits look like.
BARE: Final = {
    SERIAL: r"\d{5}([.,]\d+)?", "%m%d%y": r"\d{6}", "%d%m%y": r"\d{6}", "%y%m%d": r"\d{6}",
    "%m%d%Y": r"\d{8}", "%d%m%Y": r"\d{8}",
}  # fmt: skip
_DIGITS: Final = {"%Y%m%d": r"\d{8}", **BARE}
_YEARS: Final = (1990, 2100)  # books are kept between these; other numbers of eight digits are no days
# What a cell looks like that is a day and nothing else, roughly: enough to tell lines apart.
DAYISH: Final = re.compile(
    r"(\d{1,4}[./-] ?\d{1,2}[./-] ?\d{2,4}\.?|\d{1,2}/\d{1,2}|\d{1,2}\.\d{1,2}\.|\d{8}"
    r"|\d{1,2}[ ./-][^\W\d]{3,9}\.?[ ./-]\d{2,4}"
    r"|[^\W\d]{3,9}\.? \d{1,2},? \d{4})([ T,]+\d{1,2}[:.]\d{2}.*)?"
)


def is_any_day(text: str) -> bool:
    """Say whether a text is a date in any format."""
    return bool(candidates({text: 1}))


def moment(text: str, form: str) -> datetime | None:
    """Read a date in a format."""
    if form == ISO:
        return _iso(text)
    if form == SERIAL:
        return serial(text)
    if yearless := without_year(form):
        return _latest(text, *yearless)
    try:
        return datetime.strptime(*plain(text, form))  # noqa: DTZ007 - a day of the books has no zone
    except ValueError:
        return None


def _latest(text: str, form: str, last: date) -> datetime | None:
    """Read a day without a year as the latest one up to a day."""
    days = (moment(f"{text} {year}", f"{form} %Y") for year in (last.year, last.year - 1))
    return next((day for day in days if day and day.date() <= last), None)


def yearless(values: Mapping[str, int], last: date) -> tuple[str, ...]:
    """Give the formats in which values are days without a year, each the latest one up to a last day."""
    forms = (f"{form} until {last}" for form in _YEARLESS)
    return tuple(form for form in forms if values and share(values, form) >= TYPICAL)


def _iso(text: str) -> datetime | None:
    if not _ISO.match(text):
        return None
    year, month, day = re.findall(r"\d+", text)[:3]
    try:
        return datetime(int(year), int(month), int(day))  # noqa: DTZ001 - a day of the books has no zone
    except ValueError:
        return None


def candidates(values: Mapping[str, int]) -> list[str]:
    """Give the formats that fit the first values; testing all values with all formats would take long."""
    first = list(values)[:40]
    before = next((form for word, form in _BEFORE if _mostly(first, word.match)), "")
    after = next((form for word, form in _AFTER if _mostly(first, word.match)), "")
    if not any(any(c.isdigit() for c in value) for value in first[:_GLANCE]):
        return []
    formats = [
        ISO,
        *(form for form, marks in _WRITTEN.items() if any(marks <= set(v) for v in first[:_GLANCE])),
    ]
    around = {(before, ""), ("", after), (before, after)} - {("", "")}
    formats += [front + form + back for front, back in sorted(around) for form in tuple(formats)]
    return [form for form in formats if _mostly(first, partial(is_date_in, form=form))]


def _mostly(first: Sequence[str], holds: Callable[[str], object]) -> bool:
    return bool(first) and sum(bool(holds(value)) for value in first) >= TYPICAL * 0.8 * len(first)


def share(values: Mapping[str, int], form: str) -> float:
    """Give the share of values that are dates in a format."""
    few = dict(list(values.items())[:20_000])
    return sum(n for value, n in few.items() if is_date_in(value, form)) / sum(few.values())


def is_date_in(value: str, form: str) -> bool:
    """Say whether a text is a date of a year in which books are kept, in a format."""
    if form in _DIGITS and not re.fullmatch(_DIGITS[form], value):
        return False
    day = moment(value, form)
    return day is not None and _YEARS[0] <= day.year <= _YEARS[1]
