"""Forms of words for periods, English and German, each with what reads it.

read(text, calendar) -> list of PeriodSpan        every period that a text names, with where it stands in it
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from tools.front_desk.period_words import (
    ANY_MONTH,
    COUNT,
    DAY,
    FISCAL,
    LAST,
    MONTH,
    MONTHS,
    NUMBERS,
    THIS,
    UNIT,
    UNITS,
    YEAR,
)
from tools.front_desk.periods import DatePeriod, FiscalCalendar, month, quarter, whole_year


@dataclass(frozen=True)
class PeriodSpan:
    """A period, and the characters of the text that say it."""

    period: DatePeriod
    begin: int
    finish: int


Reader = Callable[[re.Match[str], FiscalCalendar], DatePeriod | None]


def read(text: str, calendar: FiscalCalendar) -> list[PeriodSpan]:
    """Give every period that a normalised text names: the longest readings first come, none overlaps."""
    spans: list[PeriodSpan] = []
    for pattern, reader in _FORMS:
        for match in pattern.finditer(text):
            if any(match.start() < span.finish and span.begin < match.end() for span in spans):
                continue
            period = reader(match, calendar)
            if period is not None:
                spans.append(PeriodSpan(period, match.start(), match.end()))
    return sorted(spans, key=lambda span: span.begin)


def _nearest_year(number: int, calendar: FiscalCalendar) -> int:
    """Give the year of a month that is named alone: the last one that has begun."""
    return calendar.today.year - (number > calendar.today.month)


def _safe(year: int, number: int, day: int) -> date | None:
    try:
        return date(year, number, day)
    except ValueError:
        return None


def _ends(match: re.Match[str], prefix: str, calendar: FiscalCalendar) -> DatePeriod | None:
    """Read a day, a month or a year that bounds a period: its own days."""
    part = {
        name.removeprefix(prefix): text
        for name, text in match.groupdict().items()
        if name.startswith(prefix) and text
    }
    if "today" in part:
        return DatePeriod(calendar.today, calendar.today, calendar.today.isoformat())
    if "only" in part:
        return whole_year(int(part["only"]), calendar)
    if "iso" in part:
        return _of_day(*(int(number) for number in part["iso"].split("-")))
    if "german" in part:
        day, number, year = (int(piece) for piece in re.split(r"\.\s?", part["german"]))
        return _of_day(year, number, day)
    if "slash" in part:
        number, day, year = (int(piece) for piece in part["slash"].split("/"))
        return _of_day(year, number, day)
    named = MONTHS[part.get("month") or part["monthname"]]
    year = int(part.get("year") or part.get("yearname") or _nearest_year(named, calendar))
    day_number = part.get("day") or part.get("ordinal")
    return _of_day(year, named, int(day_number)) if day_number else month(year, named)


def _of_day(year: int, number: int, day: int) -> DatePeriod | None:
    on = _safe(year, number, day)
    return DatePeriod(on, on, on.isoformat()) if on else None


def _between(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    first, last = _ends(match, "a_", calendar), _ends(match, "b_", calendar)
    if first is None or last is None or first.start is None or last.end is None:
        return None
    if "a_year" not in match.groupdict() or not (match["a_year"] or match["a_yearname"]):
        first = _same_year(first, last)
    if first.start is None or first.start > last.end:
        return None
    label = f"{first.start} to {last.end}"
    return DatePeriod(first.start, last.end, label, (first, last) if first.end else None)


def _same_year(first: DatePeriod, last: DatePeriod) -> DatePeriod:
    """Bring "from March to May 2024" into one year."""
    if first.start is None or last.end is None or first.start <= last.end:
        return first
    years = relativedelta(years=first.start.year - last.end.year + (first.start.month > last.end.month))
    return DatePeriod(first.start - years, None, first.label)


def _since(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    bound = _ends(match, "a_", calendar)
    return DatePeriod(bound.start, calendar.today, f"since {bound.start}") if bound and bound.start else None


def _after(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    bound = _ends(match, "a_", calendar)
    if bound is None or bound.end is None:
        return None
    start = bound.end + timedelta(days=1)
    return DatePeriod(start, calendar.today, f"since {start}") if start <= calendar.today else None


def _until(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    bound = _ends(match, "a_", calendar)
    return DatePeriod(None, bound.end, f"up to {bound.end}") if bound else None


def _before(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    bound = _ends(match, "a_", calendar)
    if bound is None or bound.start is None:
        return None
    return DatePeriod(None, bound.start - timedelta(days=1), f"before {bound.start}")


def _on(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    return _ends(match, "a_", calendar)


def _count(match: re.Match[str]) -> int:
    text = match["count"]
    return int(text) if text.isdigit() else NUMBERS[text]


def _rolling(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
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


def _this(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    return (
        _running(UNITS[match["unit"]][:-1], calendar)
        if match["unit"] not in ("day", "tag")
        else _today(match, calendar)
    )


def _last(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    unit = UNITS[match["unit"]][:-1]
    if unit == "day":
        return _yesterday(match, calendar)
    before = _running(unit, calendar)
    first = before.start or calendar.today
    return _running(unit, FiscalCalendar(first - timedelta(days=1), calendar.year_end))


def _today(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    del match
    return DatePeriod(calendar.today, calendar.today, calendar.today.isoformat())


def _yesterday(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    del match
    day = calendar.today - timedelta(days=1)
    return DatePeriod(day, day, day.isoformat())


def _to_date(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    unit = {"y": "year", "q": "quarter", "m": "month", "w": "week"}[match["td"][0]]
    running = _running(unit, calendar)
    return DatePeriod(running.start, calendar.today, f"{unit} to date, {running.start} to {calendar.today}")


def _unit_to_date(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    running = _running(UNITS[match["unit"]][:-1], calendar)
    return DatePeriod(running.start, calendar.today, f"{running.start} to {calendar.today}")


def _quarter_named(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    number = {"first": 1, "second": 2, "third": 3, "fourth": 4, "erst": 1, "zweit": 2, "dritt": 3, "viert": 4}
    word = match["q"]
    which = (
        int(word)
        if word.isdigit()
        else next(value for name, value in number.items() if word.startswith(name))
    )
    year = match["year"] or match.groupdict().get("yearbefore")
    if year:
        return quarter(int(year), which, calendar)
    running = calendar.year_of(calendar.today)
    return quarter(running - (which > calendar.quarter_of(calendar.today)), which, calendar)


def _half(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    second = match["half"] in ("2", "second") or match["half"].startswith("zweit")
    year = int(match["year"] or calendar.year_of(calendar.today))
    first, last = (quarter(year, number, calendar) for number in ((3, 4) if second else (1, 2)))
    return DatePeriod(first.start, last.end, f"{year}-H{2 if second else 1}")


def _month_named(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    number = MONTHS[match["month"]]
    return month(int(match["year"] or _nearest_year(number, calendar)), number)


def _month_iso(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    del calendar
    number = int(match["number"])
    return month(int(match["year"]), number) if 1 <= number <= 12 else None  # noqa: PLR2004 - months


def _year_named(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    return whole_year(int(match["year"]), calendar)


def _inception(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    del match
    return DatePeriod(None, calendar.today, f"from the beginning to {calendar.today}")


def _forms() -> Iterator[tuple[str, Reader]]:
    first, second = DAY.format("a_"), DAY.format("b_")
    yield rf"(?:between|zwischen(?: dem)?) {first} (?:and|und(?: dem)?) {second}", _between
    yield rf"(?:from|von|vom) {first} (?:to|through|until|till|bis|bis zum) {second}", _between
    yield (
        r"since inception|since the beginning|from the beginning|of all time|all time|since the start|lifetime|seit beginn|seit anfang|von anfang an|insgesamt seit beginn",
        _inception,
    )
    yield rf"(?:since|starting|seit(?: dem)?) {first}", _since
    yield rf"(?:after|nach dem) {first}", _after
    yield (
        rf"(?:until|till|up to|through|as of|as at|bis(?: zum| ende)?|zum|per|by the end of|at the end of|at end of|end of|am ende des|am ende von|ende|zum ende|stand)(?: the)? {first}",
        _until,
    )
    yield rf"(?:before|prior to|vor dem) {first}", _before
    yield r"(?P<td>y|q|m|w)td", _to_date
    yield (
        rf"{FISCAL}{UNIT} to date|(?:so far )?this {UNIT.replace('unit', 'unit2')} so far|seit (?:jahres|quartals|monats)(?:beginn|anfang)",
        _so_far,
    )
    yield (
        rf"(?:in |over |during |within |for |of |in den |der )?(?:the )?(?:{LAST}|trailing|rolling) {COUNT} {FISCAL}{UNIT}",
        _rolling,
    )
    yield r"(?:trailing twelve months|ttm|letzte zwoelf monate)", _twelve
    yield rf"(?:in |im |fiscal |geschaeftsjahr )?(?:{YEAR}[- ]?q(?P<q>[1-4]))", _quarter_named
    yield rf"(?:in |im )?(?:the )?(?:q(?P<q>[1-4]))(?:[ /-]*(?:of |fy)?{YEAR})?", _quarter_named
    yield (
        rf"(?:in the |im |in |the )?(?P<q>first|second|third|fourth|erste\w*|zweite\w*|dritte\w*|vierte\w*|[1-4]\.) ?(?:fiscal )?(?:quarter|quartal)(?: (?:of )?{YEAR})?",
        _quarter_word,
    )
    yield rf"(?:in )?(?:the )?(?:h(?P<half>[12]))(?: (?:of )?{YEAR})?", _half
    yield (
        rf"(?:in the |im |the )?(?P<half>first|second|erste\w*|zweite\w*) (?:half|halbjahr|haelfte)(?: (?:of )?(?:the year )?{YEAR})?(?: of the year| des jahres)?",
        _half,
    )
    yield (
        rf"(?:in |im |over |during |for |in der |in dem )?(?:the |unser\w* )?{LAST} {FISCAL}{UNIT}\b",
        _last,
    )
    yield r"(?:im )?(?:vormonat)", _last_month
    yield r"(?:im )?(?:vorjahr(?:es)?)", _last_year
    yield r"(?:im )?(?:vorquartal)", _last_quarter
    yield rf"(?:in |im |over |during |for |in der |in dem )?(?:the )?{THIS} {FISCAL}{UNIT}\b", _this
    yield r"today|heute", _today
    yield r"yesterday|gestern", _yesterday
    yield (
        r"(?:on |am |of )?(?:(?P<a_iso>\d{4}-\d\d-\d\d)|(?P<a_german>\d{1,2}\.\s?\d{1,2}\.\s?\d{4})|(?P<a_slash>\d{1,2}/\d{1,2}/\d{4}))",
        _on,
    )
    yield (
        rf"(?:on |am |on the )(?:(?P<a_day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s(?:of\s)?(?P<a_month>{ANY_MONTH})\.?(?:,?\s(?P<a_year>\d{{4}}))?)",
        _on,
    )
    yield r"(?:in )?(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)(?!\d|-)", _month_iso
    yield (
        rf"(?:in |during |for |im |of |fuer |the month of )?(?:the )?{MONTH}(?:,? (?:of )?{YEAR})?(?!\w)",
        _month_named,
    )
    yield (
        rf"(?:in |during |for |im jahr |im geschaeftsjahr |of |fuer |fuer das jahr |im |the year |fy ?|fiscal year |for fiscal year |in fiscal year |geschaeftsjahr )?{YEAR}(?![\d-])",
        _year_named,
    )


def _so_far(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    text = match.group()
    unit = match["unit"] or match["unit2"]
    if unit is None:
        unit = "year" if "jahr" in text else "quarter" if "quartal" in text else "month"
    running = _running(UNITS[unit][:-1], calendar)
    return DatePeriod(running.start, calendar.today, f"{running.start} to {calendar.today}")


def _twelve(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    del match
    running = _running("month", calendar)
    whole = running.end is not None and running.end <= calendar.today
    end = running.end if whole else (running.start or calendar.today) - timedelta(days=1)
    end = end or calendar.today
    start = end + timedelta(days=1) - relativedelta(months=12)
    return DatePeriod(start, end, f"trailing twelve months, {start} to {end}")


def _quarter_word(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    return _quarter_named(match, calendar)


def _last_month(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    del match
    return _earlier("month", calendar)


def _last_year(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    del match
    return _earlier("year", calendar)


def _last_quarter(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod:
    del match
    return _earlier("quarter", calendar)


def _earlier(unit: str, calendar: FiscalCalendar) -> DatePeriod:
    first = _running(unit, calendar).start or calendar.today
    return _running(unit, FiscalCalendar(first - timedelta(days=1), calendar.year_end))


_FORMS: Final = tuple((re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"), reader) for pattern, reader in _forms())
