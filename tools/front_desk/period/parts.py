"""A part of a year, and the year beside it: "Q2 last year", "im Mai des Vorjahres" are one period, not two.

joined(spans, text, calendar) -> list of PeriodSpan     spans of both made one; others as they were
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, Literal

from dateutil.relativedelta import relativedelta

from tools.front_desk.period.calendar import DatePeriod, FiscalCalendar, month, quarter

Part = Literal["", "month", "quarter", "half", "year"]
_BESIDE: Final = re.compile(r"\s*(?:(?:of|in|im|des|der|vom|for|the|dem)\s+)*")
_MONTHS: Final = 12
_QUARTERS_OF_HALF: Final = 2


@dataclass(frozen=True)
class PeriodSpan:
    """A period, and the characters of the text that say it. part: of a year that is not named, or a year."""

    period: DatePeriod
    begin: int
    finish: int
    part: Part = ""


def joined(spans: list[PeriodSpan], text: str, calendar: FiscalCalendar) -> list[PeriodSpan]:
    """Place each part in the year that stands beside it."""
    whole: list[PeriodSpan] = []
    for span in spans:
        before = whole[-1] if whole else None
        if before and _are_one(before, span, text):
            part, year = (span, before) if before.part == "year" else (before, span)
            fiscal = "fiscal" in text or "geschaeft" in text or "financial" in text
            period = _placed(part, year.period, calendar, fiscal=fiscal)
            whole[-1] = PeriodSpan(period, before.begin, span.finish)
        else:
            whole.append(span)
    return whole


def _are_one(before: PeriodSpan, span: PeriodSpan, text: str) -> bool:
    kinds = {before.part, span.part}
    is_pair = "year" in kinds and len(kinds) > 1 and "" not in kinds
    return is_pair and _BESIDE.fullmatch(text[before.finish : span.begin]) is not None


def _placed(part: PeriodSpan, year: DatePeriod, calendar: FiscalCalendar, *, fiscal: bool) -> DatePeriod:
    start = part.period.start
    if start is None or year.start is None or year.end is None:
        return part.period
    number = year.end.year if not calendar.shift else calendar.year_of(year.end)
    if part.part == "quarter":
        return quarter(number, calendar.quarter_of(start), calendar)
    if part.part == "half":
        second = calendar.quarter_of(start) > _QUARTERS_OF_HALF
        first, last = (quarter(number, which, calendar) for which in ((3, 4) if second else (1, 2)))
        return DatePeriod(first.start, last.end, f"{number}-H{2 if second else 1}")
    later = (start.month - year.start.month) % _MONTHS
    first_day = year.start + relativedelta(months=later)
    period = month(first_day.year, start.month)
    return (
        period
        if fiscal or not calendar.shift
        else replace(period, or_else=_plain(start.month, year, calendar))
    )


def _plain(number: int, year: DatePeriod, calendar: FiscalCalendar) -> DatePeriod | None:
    """Give the month of the calendar year that may be meant: "December last year"."""
    back = calendar.year_of(calendar.today) - calendar.year_of(year.end or calendar.today)
    return month(calendar.today.year - back, number)
