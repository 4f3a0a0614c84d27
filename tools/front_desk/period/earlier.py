"""The period before another one: "and the month before?", "im Vormonat?" after a question about November."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from tools.front_desk.period.calendar import MONTHS, DatePeriod, moved

_WEEK: Final = 7


def earlier(period: DatePeriod, unit: str) -> DatePeriod | None:
    """Give the month, quarter or year before a period of that length, or any days a year earlier.

    None where the two do not fit: of no month is the quarter before.
    """
    if period.end is None:
        return None
    if unit == "week":
        return _week_before(period)
    months = MONTHS[unit]
    end = _moved_end(period, months)
    if period.start is None:
        return DatePeriod(None, end, f"up to {end}")
    whole = relativedelta(period.end + timedelta(days=1), period.start)
    length = 0 if whole.days else whole.years * 12 + whole.months
    fits = length == months or (unit == "year" and length < months)
    start = moved(period.start, months=-months)
    label = f"{start.year}-{start.month:02}" if length == 1 else f"{start} to {end}"
    return DatePeriod(start, end, label) if fits else None


def _moved_end(period: DatePeriod, months: int) -> date:
    """Give the last day so many months earlier; the end of a month stays one."""
    following = (period.end or date.max) + timedelta(days=1)
    return moved(following, months=-months) - timedelta(days=1)


def _week_before(period: DatePeriod) -> DatePeriod | None:
    if period.start is None or period.end is None or (period.end - period.start).days + 1 != _WEEK:
        return None
    start = period.start - timedelta(days=_WEEK)
    return DatePeriod(start, period.start - timedelta(days=1), f"week of {start}")
