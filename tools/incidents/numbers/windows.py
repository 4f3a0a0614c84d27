"""The windows of a number: now, what it is held against, and control windows before that."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

import duckdb
from duckdb import ConstantExpression

from tools.core.errors import UsageError

Role = Literal["now", "against", "control"]
CONTROLS: Final = 6
_MONTH, _YEAR, _RANGE = re.compile(r"\d{4}-\d{2}$"), re.compile(r"\d{4}$"), ".."
_REMEDY = "Write 2025-09, 2025, 2025-09-01..2025-09-30, or two numbers with .. between."


@dataclass(frozen=True)
class NumberWindow:
    """From one moment up to, not including, another: seconds since 1970, or whatever a file counts in."""

    role: Role
    begin: float
    end: float

    @property
    def length(self) -> float:
        """How long it is."""
        return self.end - self.begin


@dataclass(frozen=True)
class Windows:
    """All windows, the newest first. scale: what `against` has to be multiplied by to be as long as now."""

    all: tuple[NumberWindow, ...]
    scale: float
    are_days: bool

    @property
    def against(self) -> range:
        """The periods that now is held against; control windows come after them."""
        return range(1, 1 + sum(window.role == "against" for window in self.all))

    def period_of(self, at: duckdb.Expression) -> duckdb.Expression:
        """Say in which period a moment lies: 0 is now, NULL is none; a third of the time of a join."""
        first, *others = [
            ((at >= ConstantExpression(window.begin)) & (at < ConstantExpression(window.end)), period)
            for period, window in enumerate(self.all)
        ]
        cases = duckdb.CaseExpression(first[0], ConstantExpression(first[1]))
        for within, period in others:
            cases = cases.when(within, ConstantExpression(period))
        return cases

    def role_of(self, period: duckdb.Expression) -> duckdb.Expression:
        """Say of a period whether it is now, what now is held against, or a control window."""
        now = duckdb.CaseExpression(period == ConstantExpression(0), ConstantExpression("now"))
        last = ConstantExpression(self.against.stop)
        return now.when(period < last, ConstantExpression("against")).otherwise(ConstantExpression("control"))

    def since(self, begin: float) -> Windows:
        """Leave out control windows that begin before the rows do."""
        missing = 0.1 if self.are_days else 0.0  # of a window: a month's first days may be holidays
        windows = [
            window
            for window in self.all
            if window.role != "control" or window.begin >= begin - missing * window.length
        ]
        return Windows(tuple(windows), self.scale, self.are_days)

    def label(self, period: int) -> str:
        """Name a window for a chart."""
        begin = self.all[period].begin
        return moment(begin).date().isoformat() if self.are_days else f"{begin:g}"


def of(window: str, against: str) -> Windows:
    """Read the windows that a person writes. Raises UsageError for what is no window, or not before it."""
    now, are_days = _read(window, "--window")
    before, same = _read(against, "--against")
    if are_days != same:
        raise UsageError("is of another kind than the window.", place="--against", remedy=_REMEDY)
    if before[1] > now[0]:
        raise UsageError("does not end before the window begins.", place="--against")
    whole = bool(_MONTH.match(window) and _MONTH.match(against))
    pieces = _pieces(before, now, whole=whole, are_days=are_days)
    scale = 1.0 if whole else (now[1] - now[0]) / (before[1] - before[0])
    return Windows((NumberWindow("now", *now), *pieces), scale, are_days)


def moment(seconds: float) -> datetime:
    """Give the moment of so many seconds since 1970, without a zone: books have days."""
    return datetime(1970, 1, 1) + timedelta(seconds=seconds)  # noqa: DTZ001 - a day of the books has no zone


def _pieces(
    before: tuple[float, float], now: tuple[float, float], *, whole: bool, are_days: bool
) -> Sequence[NumberWindow]:
    """Cut what is held against into windows as long as now, and put control windows before it."""
    if whole:
        first = moment(before[0]).date()
        months = [_shifted(first, -number) for number in range(1, CONTROLS)]
        return [
            NumberWindow("against", *before),
            *(NumberWindow("control", *_month(month)) for month in months),
        ]
    length = now[1] - now[0]
    count = max(1, round((before[1] - before[0]) / length))
    step = (before[1] - before[0]) / count
    cut = [NumberWindow("against", before[1] - step * (n + 1), before[1] - step * n) for n in range(count)]
    missing = max(0, CONTROLS - count) if are_days else 0
    earlier = [
        NumberWindow("control", before[0] - length * (n + 1), before[0] - length * n) for n in range(missing)
    ]
    return [*cut, *earlier]


def _read(text: str, place: str) -> tuple[tuple[float, float], bool]:
    begin, separator, end = text.strip().partition(_RANGE)
    try:
        if _is_number(begin) and not _YEAR.match(begin):
            return (float(begin), float(end) + 1 if separator else float(begin) + 1), False
        first, last = _days(begin)
        if separator:
            last = _days(end)[1]
        if last < first:
            raise UsageError("ends before it begins.", place=place, remedy=_REMEDY)
    except ValueError:
        raise UsageError(f"'{text}' is no window.", place=place, remedy=_REMEDY) from None
    return (_seconds(first), _seconds(last + timedelta(days=1))), True


def _days(text: str) -> tuple[date, date]:
    if _YEAR.match(text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    if _MONTH.match(text):
        first = date.fromisoformat(f"{text}-01")
        return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
    day = date.fromisoformat(text)
    return day, day


def _month(first: date) -> tuple[float, float]:
    return _seconds(first), _seconds(_shifted(first, 1))


def _shifted(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _seconds(day: date) -> float:
    return float((day - date(1970, 1, 1)).days * 86400)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()
