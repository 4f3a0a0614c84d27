"""Periods in words, English and German, against an entity's fiscal calendar as of a stated day.

whole_year, quarter, month                 periods of a calendar; forms.py reads them from words
Fiscal quarters and years follow the month in which the entity's year ends; a year is named after its end.
"""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}


def moved(day: date, *, months: int = 0, years: int = 0) -> date:
    """Give the day so many months and years on; the last of a shorter month."""
    later: date = day + relativedelta(months=months, years=years)
    return later


@dataclass(frozen=True)
class FiscalCalendar:
    """As of which day words are read, and in which month the fiscal year ends.

    ahead: days after today on which a month that is named alone may begin: what falls due lies ahead.
    month_first: that 3/4/2025 is 4 March; None where the books' country is not known.
    """

    today: date
    year_end: int = 12
    ahead: int = 0
    month_first: bool | None = True

    @property
    def latest(self) -> date:
        """Give the last day on which a month that is named alone has begun."""
        return self.today + timedelta(days=self.ahead)

    @property
    def shift(self) -> int:
        """Give the months by which a day lies from its place in a calendar year."""
        return 12 - self.year_end

    def year_of(self, day: date) -> int:
        """Give the fiscal year of a day."""
        return moved(day, months=self.shift).year

    def quarter_of(self, day: date) -> int:
        """Give the fiscal quarter of a day."""
        return (moved(day, months=self.shift).month - 1) // 3 + 1


@dataclass(frozen=True)
class DatePeriod:
    """Days from and to, both included; none is open. label: as it is said back. between: two named ends.

    or_else: another period that the same words may mean, which is asked about.
    earlier: month, quarter or year, where the words say no more than the one before: "Vormonat"; beside
    another period it is the one before that.
    """

    start: date | None
    end: date | None
    label: str
    between: tuple[DatePeriod, DatePeriod] | None = None
    or_else: DatePeriod | None = field(default=None, compare=False)
    earlier: str = field(default="", compare=False)

    def before(self, unit: str = "") -> DatePeriod:
        """Give the period of the same length just before; unit year: the same days a year earlier."""
        if self.start is None or self.end is None:
            return self
        if unit == "year":
            return DatePeriod(moved(self.start, years=-1), moved(self.end, years=-1), "a year before")
        whole = relativedelta(self.end + timedelta(days=1), self.start)
        if whole.days:
            days = (self.end - self.start).days + 1
            return DatePeriod(
                self.start - timedelta(days=days), self.start - timedelta(days=1), "just before"
            )
        return DatePeriod(self.start - whole, self.start - timedelta(days=1), "just before")


def whole_year(year: int, calendar: FiscalCalendar) -> DatePeriod:
    """Give a fiscal year."""
    start = date(year, 1, 1) - relativedelta(months=calendar.shift)
    label = str(year) if not calendar.shift else f"fiscal year {year}"
    return DatePeriod(start, start + relativedelta(years=1, days=-1), label)


def calendar_year(year: int) -> DatePeriod:
    """Give a year from January to December, whatever the fiscal calendar."""
    return DatePeriod(date(year, 1, 1), date(year, 12, 31), f"calendar year {year}")


def quarter(year: int, number: int, calendar: FiscalCalendar) -> DatePeriod:
    """Give a fiscal quarter."""
    start = date(year, 3 * number - 2, 1) - relativedelta(months=calendar.shift)
    return DatePeriod(start, start + relativedelta(months=3, days=-1), f"{year}-Q{number}")


def month(year: int, number: int) -> DatePeriod:
    """Give a month."""
    last = months.monthrange(year, number)[1]
    return DatePeriod(date(year, number, 1), date(year, number, last), f"{year}-{number:02}")
