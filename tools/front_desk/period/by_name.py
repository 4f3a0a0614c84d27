"""Read quarters, halves, months and years that a text names, by an entity's fiscal calendar."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from tools.front_desk.period.calendar import (
    DatePeriod,
    FiscalCalendar,
    calendar_year,
    month,
    quarter,
    whole_year,
)
from tools.front_desk.period.words import MONTHS


def nearest_year(number: int, calendar: FiscalCalendar) -> int:
    """Give the year of a month that is named alone: the last one that has begun."""
    return calendar.latest.year - (number > calendar.latest.month)


def quarter_named(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "2025-Q3", "the third quarter"."""
    number = {
        "first": 1,
        "second": 2,
        "third": 3,
        "fourth": 4,
        "1st": 1,
        "2nd": 2,
        "3rd": 3,
        "4th": 4,
        "erst": 1,
        "zweit": 2,
        "dritt": 3,
        "viert": 4,
    }
    word = match["q"]
    which = (
        int(word.rstrip("."))
        if word.rstrip(".").isdigit()
        else next(value for name, value in number.items() if word.startswith(name))
    )
    if year := _year_said(match, calendar):
        return quarter(year, which, calendar)
    running = calendar.year_of(calendar.latest)
    return quarter(running - (which > calendar.quarter_of(calendar.latest)), which, calendar)


def _year_said(match: re.Match[str], calendar: FiscalCalendar) -> int:
    """Give the year that stands beside a part of it, "Q3 2025" or "Q3 25"; 0 where none does."""
    names = match.groupdict()
    whole = names.get("year") or names.get("yearbefore")
    return int(whole) if whole else in_century(names["short"], calendar) if names.get("short") else 0


def in_century(text: str, calendar: FiscalCalendar) -> int:
    """Give the year that two digits say: of the century of the books' day."""
    return calendar.today.year // 100 * 100 + int(text)


def week_named(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    """Read "week 23", "KW 23/2025": ISO 8601's, the last that has begun where no year is named."""
    number = int(match["week"])
    return _week(_year_of_week(number, match, calendar), number)


def weeks_named(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    """Read "weeks 10 to 12", "KW 40 bis KW 44": of the year of the last."""
    number, last_number = int(match["week"]), int(match["lastweek"])
    year = _year_of_week(last_number, match, calendar)
    first, last = _week(year - (number > last_number), number), _week(year, last_number)
    if first is None or last is None:
        return None
    return DatePeriod(first.start, last.end, f"{first.label} to {last.label}")


def _year_of_week(number: int, match: re.Match[str], calendar: FiscalCalendar) -> int:
    running, current, _ = calendar.today.isocalendar()
    return _year_said(match, calendar) or running - (number > current)


def _week(year: int, number: int) -> DatePeriod | None:
    try:
        start = date.fromisocalendar(year, number, 1)
    except ValueError:
        return None  # a year has no week 54
    return DatePeriod(start, start + timedelta(days=6), f"{year}-W{number:02d}")


def unit_said_before(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    """Read "than in the second" after "the third quarter"; after anything else it is none."""
    before = match.string[: match.start()]
    return quarter_named(match, calendar) if re.search(r"\bquart(?:er|al)", before) else None


def end_of_year(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "the last quarter of 2025", "the first month of 2025": of the fiscal year."""
    year, is_first = int(match["year"]), match["which"].startswith(("first", "erst"))
    if match["unit"] in ("half", "halbjahr"):
        first, last = (quarter(year, number, calendar) for number in ((1, 2) if is_first else (3, 4)))
        return DatePeriod(first.start, last.end, f"{year}-H{1 if is_first else 2}")
    if match["unit"] in ("quarter", "quartal"):
        return quarter(year, 1 if is_first else 4, calendar)
    whole = whole_year(year, calendar)
    day = whole.start if is_first else whole.end
    return month(day.year, day.month) if day else whole


def quarter_end(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "at the end of Q2": up to its last day."""
    named = quarter_named(match, calendar)
    return DatePeriod(None, named.end, f"up to {named.end}")


def half(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "H1 2025"."""
    second = match["half"] in ("2", "second") or match["half"].startswith("zweit")
    year = _year_said(match, calendar) or calendar.year_of(calendar.today)
    first, last = (quarter(year, number, calendar) for number in ((3, 4) if second else (1, 2)))
    return DatePeriod(first.start, last.end, f"{year}-H{2 if second else 1}")


def month_named(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "March 2025", "March": the last that has begun."""
    number = MONTHS[match["month"]]
    year = _year_said(match, calendar) or nearest_year(number, calendar)
    return month(year, number)


def month_iso(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    """Read "2025-03"."""
    del calendar
    number = int(match["number"])
    return month(int(match["year"]), number) if 1 <= number <= 12 else None  # noqa: PLR2004 - months


def year_named(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read a year: "fiscal year 2025" is one; a plain 2025 may be the calendar's where that is another."""
    year = int(match["year"])
    fiscal = whole_year(year, calendar)
    if not calendar.shift or re.match(
        r"(?:for |in |the )?(?:fy|fiscal|financial|im geschaefts|geschaefts)", match.group()
    ):
        return fiscal
    return replace(fiscal, or_else=calendar_year(year))


def year_of_calendar(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    """Read "calendar year 2025"."""
    del calendar
    return calendar_year(int(match["year"]))


def year_short(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    """Read "FY25", "FY24/25", "2024/25": a fiscal year is named after its end."""
    century = calendar.today.year // 100 * 100
    last = century + int(match["last"][-2:])
    first = match["first"]
    if first and (century + int(first[-2:]) != last - 1 or not calendar.shift):
        return None
    return whole_year(last, calendar)
