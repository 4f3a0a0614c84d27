"""Read periods by the days, months or years that bound them: "from March to May", "since 2025-03-01"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from tools.front_desk.period.by_name import in_century, nearest_year
from tools.front_desk.period.calendar import DatePeriod, FiscalCalendar, month, moved, whole_year
from tools.front_desk.period.words import MONTHS


def _safe(year: int, number: int, day: int) -> date | None:
    try:
        return date(year, number, day)
    except ValueError:
        return None


def _of_day(year: int, number: int, day: int) -> DatePeriod | None:
    on = _safe(year, number, day)
    return DatePeriod(on, on, on.isoformat()) if on else None


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
        day, number, year = re.split(r"\.\s?", part["german"])
        return _of_day(_whole_year(year, calendar), int(number), int(day))
    if "slash" in part:
        return _slashed(part["slash"], calendar)
    named = MONTHS[part.get("month") or part["monthname"]]
    year = int(part.get("year") or part.get("yearname") or nearest_year(named, calendar))
    day_number = part.get("day") or part.get("ordinal")
    return _of_day(year, named, int(day_number)) if day_number else month(year, named)


def _whole_year(text: str, calendar: FiscalCalendar) -> int:
    return in_century(text, calendar) if len(text) < 4 else int(text)  # noqa: PLR2004 - digits


def _slashed(text: str, calendar: FiscalCalendar) -> DatePeriod | None:
    """Read 3/4/2025 as the books' country writes it; 30/6/2025 has only one reading."""
    first, second, year = text.split("/")
    number, day = int(first), int(second)
    is_only_day = number > 12 or (calendar.month_first is False and day <= 12)  # noqa: PLR2004 - months
    number, day = (day, number) if is_only_day else (number, day)
    return _of_day(_whole_year(year, calendar), number, day)


def _same_year(first: DatePeriod, last: DatePeriod) -> DatePeriod:
    """Bring "from March to May 2024" into one year."""
    if first.start is None or last.end is None or first.start <= last.end:
        return first
    years = relativedelta(years=first.start.year - last.end.year + (first.start.month > last.end.month))
    return DatePeriod(first.start - years, None, first.label)


def between(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    """Read "from March to May": two ends."""
    first, last = _ends(match, "a_", calendar), _ends(match, "b_", calendar)
    if first is None or last is None or first.start is None or last.end is None:
        return None
    if "a_year" not in match.groupdict() or not (match["a_year"] or match["a_yearname"]):
        first = _same_year(first, last)
    if first.start is None or first.start > last.end:
        return None
    label = f"{first.start} to {last.end}"
    return DatePeriod(first.start, last.end, label, (first, last) if first.end else None)


def between_days(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    """Read "between 10 and 20 October": the first day is of the second's month."""
    last = _ends(match, "b_", calendar)
    if last is None or last.end is None or last.start != last.end:
        return None
    first = _safe(last.end.year, last.end.month, int(match["first"]))
    return DatePeriod(first, last.end, f"{first} to {last.end}") if first and first <= last.end else None


def since(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    """Read "since March"."""
    bound = _ends(match, "a_", calendar)
    return DatePeriod(bound.start, calendar.today, f"since {bound.start}") if bound and bound.start else None


def after(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    """Read "after 31 March"."""
    bound = _ends(match, "a_", calendar)
    if bound is None or bound.end is None:
        return None
    start = bound.end + timedelta(days=1)
    return DatePeriod(start, calendar.today, f"since {start}") if start <= calendar.today else None


def until(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    """Read "until March", "as of 2025-03-31"."""
    bound = _ends(match, "a_", calendar)
    return DatePeriod(None, bound.end, f"up to {bound.end}") if bound else None


def before_day(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    """Read "before March"."""
    bound = _ends(match, "a_", calendar)
    if bound is None or bound.start is None:
        return None
    return DatePeriod(None, bound.start - timedelta(days=1), f"before {bound.start}")


def on(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    """Read one day."""
    return _ends(match, "a_", calendar)


def year_ended(match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    """Read "the year ended 30 June 2025": the twelve months up to that day."""
    last = on(match, calendar)
    if last is None or last.end is None:
        return None
    start = moved(last.end + timedelta(days=1), years=-1)
    return DatePeriod(start, last.end, f"{start} to {last.end}")
