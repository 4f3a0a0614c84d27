"""How dates are written beyond strptime: a spreadsheet's serial days, and weekdays beside a date.

A weekday says nothing that the date does not, and comes in any language: it is taken off before the date is
read, so that "%a %d.%m.%Y" reads "Mo 06.07.2026", too.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

SERIAL: Final = "excel"
_DIRECTIVES: Final = frozenset("aAbBdHIjmMpSfyYzZcxX%")
_WHOLE: Final = ({"c"}, {"x"})
_PARTS: Final = ({"Y", "y"}, {"m", "b", "B", "j"})  # a period has no day
# What other tools write for the parts of a date.
_LETTERS: Final = {"[yY]{4}": "%Y", "(?<!%)[yY]{2}": "%y", "M{3}": "%b", "M{2}": "%m", "(?<!%)[dD]{2}": "%d"}
_FIRST: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - day 0 of a spreadsheet's calendar has no zone
_IS_FORMAT: Final = re.compile(r"(%[YymbdHMS]|[-/., :])+")  # what a format is made of, and no words
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
