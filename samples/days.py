"""The sample's calendar: 2025, business days from Monday to Friday without the US federal holidays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

YEAR: Final = 2025
START: Final = date(YEAR, 1, 1)
END: Final = date(YEAR, 12, 31)
HOLIDAYS: Final = frozenset(
    date(YEAR, month, day)
    for month, day in [
        (1, 1), (1, 20), (2, 17), (5, 26), (6, 19), (7, 4), (9, 1), (10, 13), (11, 11), (11, 27), (12, 25),
    ]
)  # fmt: skip


def works(day: date) -> bool:
    """Say whether the company works on a day."""
    return day.weekday() < 5 and day not in HOLIDAYS and day != date(YEAR + 1, 1, 1)


def on_or_after(day: date) -> date:
    """Give the first business day from a day on."""
    while not works(day):
        day += timedelta(days=1)
    return day


def on_or_before(day: date) -> date:
    """Give the last business day up to a day."""
    while not works(day):
        day -= timedelta(days=1)
    return day


def later(day: date, business_days: int) -> date:
    """Give the business day that comes `business_days` after a day."""
    for _ in range(business_days):
        day = on_or_after(day + timedelta(days=1))
    return on_or_after(day)


def last_of(month: int) -> date:
    """Give the last day of a month."""
    return date(YEAR + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def workdays(month: int) -> list[date]:
    """Give the business days of a month."""
    return [
        date(YEAR, month, day) for day in range(1, last_of(month).day + 1) if works(date(YEAR, month, day))
    ]


def payment_runs() -> list[date]:
    """Give the days on which vendors are paid: about the 10th and the 25th."""
    return [on_or_after(date(YEAR, month, day)) for month in range(1, 13) for day in (10, 25)]
