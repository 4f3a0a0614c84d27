"""When a letter may arrive: on a working day of the recipient, within hours, in the recipient's own zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from tools.rules.recovery import Hours

_SATURDAY = 5
_MOST_DAYS = 40


def next_time(now: datetime, zone: str, country: str, hours: Hours) -> datetime:
    """Give the first moment from now on at which a letter may arrive: now itself, where it may.

    zone: IANA; country: ISO 3166, whose public holidays are no working days; empty: only weekends are none.
    """
    local = now.astimezone(ZoneInfo(zone))
    for ahead in range(_MOST_DAYS):
        day = (local + timedelta(days=ahead)).date()
        if not is_working_day(day.isoformat(), country):
            continue
        start = datetime.combine(day, hours.start, ZoneInfo(zone))
        end = datetime.combine(day, hours.end, ZoneInfo(zone))
        if local < end:
            return max(local, start).astimezone(UTC)
    return (now + timedelta(days=_MOST_DAYS)).astimezone(UTC)


@lru_cache(maxsize=4096)
def is_working_day(day: str, country: str) -> bool:
    """Say whether a day is neither at a weekend nor a public holiday of the country."""
    when = datetime.fromisoformat(day).date()
    if when.weekday() >= _SATURDAY:
        return False
    if country.upper() not in _countries():
        return True
    return when not in holidays.country_holidays(country.upper(), years=when.year)


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    return frozenset(holidays.list_supported_countries())
