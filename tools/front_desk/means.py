"""The mean of whole months and the like: a sum over them by how many they are, those without rows too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from tools.core import money
from tools.core.errors import RunError
from tools.front_desk import answering, coverage
from tools.front_desk.answering import FigureAnswer, Query
from tools.front_desk.period.calendar import MONTHS, DatePeriod, moved
from tools.front_desk.snapshot import Snapshot

UNITS: Final = ("day", "week", "month", "quarter", "year")
_DAYS: Final = {"day": 1, "week": 7}
COUNTED: Final = ("vendor", "person", "category", "account")  # of which a sum may be the mean, too
_REMEDY: Final = "Name a window of whole ones, as in 'average spend per month in 2025'."


def answer(query: Query, unit: str, books: Snapshot) -> FigureAnswer:
    """Give the mean of each month, quarter or year, or of each vendor, person, category or account.

    Raises RunError where the window is not of whole units, or there is none.
    """
    if unit in UNITS:
        units = whole_units(query, unit, books)
        total = answering.answer(replace(query, period=units.period), books)
        return mean_of(total, units.count, f"{units.label}, those without rows as zero", units.left_out)
    total = answering.answer(query, books)
    return _of_each(query, unit, total, books)


def _of_each(query: Query, unit: str, total: FigureAnswer, books: Snapshot) -> FigureAnswer:
    """Divide by how many vendors or the like have rows; money of several currencies has no such mean."""
    counted = answering.answer(replace(query, counted=unit), books)
    count = int(Decimal(counted.values[0]["value"])) if counted.values else 0
    if not count or len(total.values) != 1:
        raise RunError(f"there is no one {unit} or no one currency to divide by.", remedy=_REMEDY)
    return mean_of(total, count, f"{count}, each a different {unit}", [f"rows that name no {unit}"])


@dataclass(frozen=True)
class WholeUnits:
    """How many whole months, quarters or years are from day to day."""

    unit: str
    count: int
    period: DatePeriod
    left_out: Sequence[str]

    @property
    def label(self) -> str:
        """Say how many they are."""
        return f"{self.count} whole {self.unit}{'s' if self.count > 1 else ''}"


def whole_units(query: Query, unit: str, books: Snapshot) -> WholeUnits:
    """Give the whole units of a window that the books hold.

    Raises RunError where the window begins or ends within one, and where no whole one is in it.
    """
    first = coverage.first_day(query.figure.population, books)
    if first is None or query.figure.population.at_end:
        raise RunError(f"{query.figure.label} is no sum over {unit}s.", remedy=_REMEDY)
    start, end = query.period.start, query.period.end
    begins = start is None or _first_day(start, unit, books) == start
    ends = end is None or end >= books.as_of or _ends(end, unit, books)
    if not (begins and ends):
        raise RunError(f"{query.period.label} is no window of whole {unit}s.", remedy=_REMEDY)
    begin = _first_day(max(start or first, first), unit, books)
    finish = min(end or books.as_of, books.as_of)
    if not _ends(finish, unit, books):  # the running one is not over
        finish = _first_day(finish, unit, books) - timedelta(days=1)
    if finish < begin:
        raise RunError(f"the books hold no whole {unit} of it.", remedy=_REMEDY)
    count = _count(begin, finish, unit)
    notes = [f"days before {begin}: the books begin then"] if start and start < begin else []
    notes += [f"days after {finish}: no whole {unit}"] if finish < (end or books.as_of) else []
    return WholeUnits(unit, count, DatePeriod(begin, finish, f"{count} whole {unit}s"), notes)


def _count(begin: date, finish: date, unit: str) -> int:
    if unit in _DAYS:
        return ((finish - begin).days + 1) // _DAYS[unit]
    return ((finish.year - begin.year) * 12 + finish.month - begin.month) // MONTHS[unit] + 1


def _first_day(day: date, unit: str, books: Snapshot) -> date:
    """Give the first day of the week, the month, the fiscal quarter or the fiscal year of a day."""
    if unit in _DAYS:
        return day - timedelta(days=day.weekday() if unit == "week" else 0)
    months = (day.month - books.fiscal_month - 1) % 12 % MONTHS[unit]
    return moved(day.replace(day=1), months=-months)


def _ends(day: date, unit: str, books: Snapshot) -> bool:
    following = day + timedelta(days=1)
    return _first_day(following, unit, books) == following


def mean_of(total: FigureAnswer, count: int, of: str, left_out: Sequence[str]) -> FigureAnswer:
    """Divide a sum by how many it is of; money is rounded to its minor unit."""
    values = [{**row, "value": _divided(row["value"], row["currency"], count)} for row in total.values]
    return replace(
        total,
        values=values,
        definition=f"the mean of {of}; of each: {total.definition}",
        not_included=[*total.not_included, *left_out],
    )


def _divided(value: str, currency: str, count: int) -> str:
    mean = Decimal(value or "0") / count
    return money.to_text(money.to_minor(mean, currency), currency) if currency else f"{mean:.1f}"
