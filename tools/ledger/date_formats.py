"""How dates are written beyond strptime: a spreadsheet's serial days, weekdays beside a date, no year.

A weekday says nothing that the date does not, and comes in any language: it is taken off before the date is
read, so that "%a %d.%m.%Y" reads "Mo 06.07.2026", too. "%d.%m. until 2026-03-31" reads days without a year,
each as the latest one up to that day.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

SERIAL: Final = "excel"
_DIRECTIVES: Final = frozenset("aAbBdHIjmMpSfyYzZcxX%")
_WHOLE: Final = ({"c"}, {"x"})
_PARTS: Final = ({"Y", "y"}, {"m", "b", "B", "j"})  # a period has no day
# What other tools write for the parts of a date.
_LETTERS: Final = {"[yY]{4}": "%Y", "(?<!%)[yY]{2}": "%y", "M{3}": "%b", "M{2}": "%m", "(?<!%)[dD]{2}": "%d"}
_FIRST: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - day 0 of a spreadsheet's calendar has no zone
_IS_FORMAT: Final = re.compile(r"(%[YymbdHMS]|[-/., :])+")  # what a format is made of, and no words
_UNTIL: Final = re.compile(r"(.*%.*) until (\d{4}-\d{2}-\d{2})")
_SERIAL: Final = re.compile(r"[0-9]{5}([.,][0-9]+)?")
# A weekday before and after a date: its directive in a format, and the word in a text.
_BEFORE: Final = (re.compile(r"^%[aA][.,]* *"), r"^\p{L}+[.,]* *")
_AFTER: Final = (re.compile(r"[ ,(]*%[aA][.)]*$"), r"[ ,(]*\p{L}+[.)]*$")
_WORDS: Final = (
    (_BEFORE[0], re.compile(r"^[^\W\d_]+[.,]* *")),
    (_AFTER[0], re.compile(r"[ ,(]*[^\W\d_]+[.)]*$")),
)


def plain(text: str, form: str) -> tuple[str, str]:
    """Give a text and its format without the name of the weekday."""
    for directive, word in _WORDS:
        if directive.search(form):
            return word.sub("", text), directive.sub("", form)
    return text, form


def plain_sql(text: str, form: str) -> tuple[str, str]:
    """Give the same as `plain` for an expression in SQL."""
    for directive, word in (_BEFORE, _AFTER):
        if directive.search(form):
            return f"regexp_replace({text}, '{word}', '')", directive.sub("", form)
    return text, form


def without_year(form: str) -> tuple[str, date] | None:
    """Give a format of days without a year, and the last day of them; None for one that reads years.

    Raises ValueError where the last day is none.
    """
    parts = _UNTIL.fullmatch(form)
    return (parts[1], date.fromisoformat(parts[2])) if parts else None


def latest_sql(text: str, form: str, last: date, bind: Callable[[object], str]) -> str:
    """Give, in SQL, the latest days up to `last` that a text without a year can be, the likelier first."""
    read, until = bind(f"{form} %Y"), bind(last.isoformat())
    days = [
        f"CAST(try_strptime({text} || {bind(f' {year}')}, {read}) AS DATE)"
        for year in (last.year, last.year - 1)
    ]
    return ", ".join(f"CASE WHEN {day} <= CAST({until} AS DATE) THEN {day} END" for day in days)


def serial(text: str) -> datetime | None:
    """Read the number of a day as spreadsheets count them (46204 is 2026-07-01), its fraction a time."""
    if not _SERIAL.fullmatch(text):
        return None
    day, _, part = text.replace(",", ".").partition(".")
    return _FIRST + timedelta(days=int(day), seconds=round(float(f"0.{part or 0}") * 86_400))


def checked(form: str) -> str:
    """Give a format back. Raises ValueError, with what was probably meant, for one that names no month."""
    if form.casefold() == SERIAL:
        return SERIAL
    if yearless := without_year(form):
        checked(f"{yearless[0]} %Y")
        return form
    directives = re.findall(r"%-?(.)", form)
    odd = sorted(set(directives) - _DIRECTIVES)
    if odd:
        raise ValueError(f"%{odd[0]} is no directive of strptime; %Y-%m-%d is 2026-07-31")
    if any(set(directives) & part for part in _WHOLE) or all(set(directives) & part for part in _PARTS):
        return form
    suggestion = form
    for letters, directive in _LETTERS.items():
        suggestion = re.sub(letters, directive, suggestion)
    suggestion = suggestion if suggestion != form and _IS_FORMAT.fullmatch(suggestion) else "%Y-%m-%d"
    raise ValueError(f"names no year and month as strptime does; write {suggestion}")
