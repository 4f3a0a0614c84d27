"""The last day of a file whose days have no year: of its period, as its titles or its name say it."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from tools.core.clock import clock
from tools.ledger.guess.dates import DAYS, ISO, moment, yearless
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.profile import FileProfile

_DATE: Final = re.compile(r"(?<![\d./-])\d{1,4}[./-]\d{1,2}[./-]\d{2,4}(?!\d)")
_ORDERS: Final = ("%d{0}%m{0}%Y", "%m{0}%d{0}%Y", "%Y{0}%m{0}%d", "%d{0}%m{0}%y", "%m{0}%d{0}%y")
_WRITTEN: Final = re.compile(
    r"\d{1,2} [A-Za-z]{3,9} \d{4}|[A-Za-z]{3,9} \d{1,2},? \d{4}|\d{1,2}-[A-Za-z]{3}-\d{4}"
)
_WORDS: Final = ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y")
_MONTH: Final = re.compile(
    r"(?<!\d)(20\d\d)[-_. ]?(0[1-9]|1[0-2])(?!\d)|(?<!\d)(0[1-9]|1[0-2])[-_. /](20\d\d)(?!\d)"
)
_YEAR: Final = re.compile(r"(?<!\d)20\d\d(?!\d)")
_PLAIN: Final = re.compile(r"\d{1,2}[/-]\d{1,2}|\d{1,2}\.\d{1,2}\.|.*[A-Za-z]{3}.*")  # is no amount


def with_last_day(file: FileProfile) -> FileProfile:
    """Give a file with the last day of its columns of days without a year; as it is where they have one."""
    if not file.lines or any(column.is_day for column in file.columns):
        return file
    last, why = last_day(file)
    columns = tuple(replace(c, last_day=last) if _is_yearless(c, last) else c for c in file.columns)
    return replace(file, columns=columns, last_day_why=why) if columns != file.columns else file


def last_day(file: FileProfile) -> tuple[date, str]:
    """Give the last day that a file speaks of, and what says so: its titles, its name; else today."""
    if days := _days(file.titles):
        return max(days), "the lines before the header speak of days up to then"
    name = file.paths[0].stem
    for texts, where in ((file.titles, "the lines before the header"), ((name,), "the file's name")):
        if months := [_month_end(match) for text in texts for match in _MONTH.finditer(text)]:
            return max(months), f"CHECK: {where} speaks of that month"
        if years := [int(year) for text in texts for year in _YEAR.findall(text)]:
            return date(max(years), 12, 31), f"CHECK: {where} speaks of that year"
    return clock().now().date(), "CHECK: nothing says which year"


def _is_yearless(column: FileColumn, last: date) -> bool:
    named = bool({*DAYS, "posted"} & set(column.words))
    plain = all(map(_PLAIN.fullmatch, column.values))
    return bool(column.values) and (named or plain) and bool(yearless(column.values, last))


def _days(titles: Sequence[str]) -> list[date]:
    """Read the days in titles, in the order in which most are days, and the period is shortest."""
    texts = [text for line in titles for text in _DATE.findall(line)]
    ways = [[day for text in texts if (day := _day(text, order))] for order in _ORDERS]
    ways.append([day for line in titles for day in _worded(line)])
    ways = [[day for day in days if day.year >= 2000] for days in ways]  # noqa: PLR2004 - before: no day of these books
    return max(ways, key=lambda days: (len(days), -_span(days)))


def _span(days: Sequence[date]) -> int:
    return (max(days) - min(days)).days if days else 0


def _day(text: str, order: str) -> date | None:
    mark = next(c for c in text if c in "./-")
    read = moment(text, order.format(mark))
    return read.date() if read else None


def _worded(line: str) -> Iterator[date]:
    for text in _WRITTEN.findall(line):
        bare = text.replace(",", "")
        read = next((day for form in (*_WORDS, ISO) if (day := moment(bare, form))), None)
        if read:
            yield read.date()


def _month_end(match: re.Match[str]) -> date:
    year, month = int(match[1] or match[4]), int(match[2] or match[3])
    return date(year, month, calendar.monthrange(year, month)[1])
