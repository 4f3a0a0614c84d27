"""Read periods that lean on the day of the books: "last quarter", "year to date", "the last three months"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from tools.front_desk.period.calendar import DatePeriod, FiscalCalendar, month, quarter, whole_year
from tools.front_desk.period.words import NUMBERS, UNITS

# "Last month" is the last of all; the previous one may be the one before another.
_LEANS: Final = re.compile(r"\b(?:previous|prior|preceding|vorig\w*|vorhergeh\w*)\b")


def _count(match: re.Match[str]) -> int:
    text = match["count"]
    return int(text) if text.isdigit() else NUMBERS[text]


def _running(unit: str, calendar: FiscalCalendar) -> DatePeriod:
    today = calendar.today
    if unit == "month":
        return month(today.year, today.month)
    if unit == "quarter":
        return quarter(calendar.year_of(today), calendar.quarter_of(today), calendar)
    if unit == "week":
        start = today - timedelta(days=today.weekday())
        return DatePeriod(start, start + timedelta(days=6), f"week of {start}")
    return whole_year(calendar.year_of(today), calendar)


def rolling(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    """Read "the last three months": whole ones before the running one; days and weeks up to today."""
    count, unit = _count(match), UNITS[match["unit"]]
    if not count:
        return None
    if unit in ("days", "weeks"):
        days = count * (7 if unit == "weeks" else 1)
        return DatePeriod(calendar.today - timedelta(days=days - 1), calendar.today, f"last {days} days")
    running = _running({"months": "month", "quarters": "quarter", "years": "year"}[unit], calendar)
    size = {"months": 1, "quarters": 3, "years": 12}[unit]
    if running.start is None or running.end is None:
        return None
    # A unit that ends today is whole.
    end = running.end if running.end <= calendar.today else running.start - timedelta(days=1)
    start = end + timedelta(days=1) - relativedelta(months=size * count)
    return DatePeriod(start, end, f"last {count} {unit}, {start} to {end}")


def rolling_ahead(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    """Read "the next ten days", "die nächsten drei Monate": from tomorrow on."""
    count, unit = _count(match), UNITS[match["unit"]]
    days = {"days": count, "weeks": 7 * count}.get(unit, 0)
    months = {"months": count, "quarters": 3 * count, "years": 12 * count}.get(unit, 0)
    if not count:
        return None
    end = calendar.today + relativedelta(days=days, months=months)
    return DatePeriod(calendar.today + timedelta(days=1), end, f"next {count} {unit}, up to {end}")


def coming(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "next week", "im kommenden Monat"."""
    unit = UNITS[match["unit"]][:-1]
    if unit == "day":
        return tomorrow(match, calendar)
    end = _running(unit, calendar).end or calendar.today
    return _running(unit, replace(calendar, today=end + timedelta(days=1)))


def tomorrow(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "tomorrow"."""
    del match
    day = calendar.today + timedelta(days=1)
    return DatePeriod(day, day, day.isoformat())


def this(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "this quarter"."""
    return (
        _running(UNITS[match["unit"]][:-1], calendar)
        if match["unit"] not in ("day", "tag")
        else today(match, calendar)
    )


def last(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "last quarter"."""
    unit = UNITS[match["unit"]][:-1]
    if unit == "day":
        return yesterday(match, calendar)
    period = _earlier(unit, calendar)
    return period if _LEANS.search(match.group()) else replace(period, earlier="")


def last_end(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "at the end of last year": up to its last day."""
    ended = last(match, calendar)
    return DatePeriod(None, ended.end, f"up to {ended.end}")


def ended(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "at year end": of the last year that has ended, up to its last day."""
    return ended_now(match, calendar) or last_end(match, calendar)


def ended_now(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    """Read "at the end of the year": of this one where it has ended; what is to come is none."""
    end = this(match, calendar).end
    return DatePeriod(None, end, f"up to {end}") if end and end <= calendar.today else None


def today(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "today"."""
    del match
    return DatePeriod(calendar.today, calendar.today, calendar.today.isoformat())


def yesterday(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "yesterday"."""
    del match
    day = calendar.today - timedelta(days=1)
    return DatePeriod(day, day, day.isoformat())


def to_date(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "YTD"."""
    unit = {"y": "year", "q": "quarter", "m": "month", "w": "week"}[match["td"][0]]
    running = _running(unit, calendar)
    return DatePeriod(running.start, calendar.today, f"{unit} to date, {running.start} to {calendar.today}")


def so_far(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "this year to date", "seit Jahresbeginn"."""
    text = match.group()
    unit = match["unit"] or match["unit2"]
    if unit is None:
        unit = "year" if "jahr" in text else "quarter" if "quartal" in text else "month"
    running = _running(UNITS[unit][:-1], calendar)
    return DatePeriod(running.start, calendar.today, f"{running.start} to {calendar.today}")


def twelve(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "trailing twelve months"."""
    del match
    running = _running("month", calendar)
    whole = running.end is not None and running.end <= calendar.today
    end = running.end if whole else (running.start or calendar.today) - timedelta(days=1)
    end = end or calendar.today
    start = end + timedelta(days=1) - relativedelta(months=12)
    return DatePeriod(start, end, f"trailing twelve months, {start} to {end}")


def last_month(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "Vormonat"."""
    del match
    return _earlier("month", calendar)


def last_year(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "Vorjahr"."""
    del match
    return _earlier("year", calendar)


def last_quarter(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "Vorquartal"."""
    del match
    return _earlier("quarter", calendar)


def _earlier(unit: str, calendar: FiscalCalendar) -> DatePeriod:
    first = _running(unit, calendar).start or calendar.today
    period = _running(unit, FiscalCalendar(first - timedelta(days=1), calendar.year_end))
    return replace(period, earlier=unit)


def inception(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "since inception"."""
    del match
    return DatePeriod(None, calendar.today, f"from the beginning to {calendar.today}")
