"""The day of a receipt: what a line calls its date, in figures or with a month in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from tools.ledger.asides import plain
from tools.ledger.papers.words import months, says

_FIGURES: Final = re.compile(r"(?<![\d./-])(\d{1,4})([./-]) ?(\d{1,2})\2 ?(\d{2,4})(?![\d/-])")
_EAST_ASIAN: Final = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_DAY_FIRST: Final = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.)?[ .-](?:de |of )?([^\W\d_]{3,12})\.?,?[ .-](?:de )?(\d{4})(?!\d)"
)
_MONTH_FIRST: Final = re.compile(r"(?<![^\W_])([^\W\d_]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)")
_YEARS: Final = (1990, 2100)
_MONTHS: Final = 12
_CENTURY: Final = 100


def day(lines: Sequence[str], *, american: bool) -> tuple[str, int, bool] | None:
    """Give the receipt's day (ISO), its line (from 1) and whether it is sure; None where there is none.

    american: month before day, where figures could be either.
    """
    dates = [(at + 1, *entry) for at, line in enumerate(lines) for entry in _days(line, american=american)]
    dates = [entry for entry in dates if not says("not_dated", lines[entry[0] - 1])]
    named = [entry for entry in dates if says("dated", lines[entry[0] - 1])]
    if not dates:
        return None
    at, value, is_plain = (named or dates)[0]
    is_only = bool(named) or len({value for _, value, _ in dates}) == 1
    return value.isoformat(), at, is_plain and is_only


def _days(line: str, *, american: bool) -> Iterator[tuple[date, bool]]:
    """Give the days of a line, each with whether it can be read in one way alone."""
    for a, mark, b, c in _FIGURES.findall(line):
        yield from _in_figures((int(a), int(b), int(c)), len(a), mark, american=american)
    for year, month, number in _EAST_ASIAN.findall(line):
        yield from _valid(int(year), int(month), int(number), is_plain=True)
    text = plain(line)
    for number, name, year in _DAY_FIRST.findall(text):
        yield from _valid(int(year), months().get(name, 0), int(number), is_plain=True)
    for name, number, year in _MONTH_FIRST.findall(text):
        yield from _valid(int(year), months().get(name, 0), int(number), is_plain=True)


def _in_figures(
    parts: tuple[int, int, int], width: int, mark: str, *, american: bool
) -> Iterator[tuple[date, bool]]:
    first, second, third = parts
    if width == 4:  # noqa: PLR2004 - a year
        yield from _valid(first, second, third, is_plain=True)
        return
    year = third + 2000 if third < _CENTURY else third
    is_either = first <= _MONTHS and second <= _MONTHS and first != second and mark != "."
    is_month_first = (american and is_either) or second > _MONTHS
    day_, month = (second, first) if is_month_first else (first, second)
    yield from _valid(year, month, day_, is_plain=not is_either)


def _valid(year: int, month: int, number: int, *, is_plain: bool) -> Iterator[tuple[date, bool]]:
    if _YEARS[0] <= year <= _YEARS[1] and 1 <= month <= _MONTHS:
        try:
            yield date(year, month, number), is_plain
        except ValueError:
            return
