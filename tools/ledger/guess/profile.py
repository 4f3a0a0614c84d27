"""What a file holds: its columns by name, and what their values are (dates, amounts, texts, identifiers)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from tools.core.errors import SourcesError
from tools.core.missing import is_missing
from tools.ledger.date_formats import SERIAL, plain, serial
from tools.ledger.guess.headerless import is_row, named
from tools.ledger.guess.preamble import preamble
from tools.ledger.guess.vocabulary import Words, words
from tools.ledger.readers import open_file as opening
from tools.ledger.readers import workbook
from tools.ledger.readers.csv_file import trimmed
from tools.ledger.readers.open_file import SUFFIXES
from tools.ledger.sources import Source

TEXT_SUFFIXES: Final = (".csv", ".tsv", ".txt")
MAX_ROWS: Final = 200_000
_TYPICAL: Final = 0.9  # share of values that have to be of a type: the rest is dirt
ISO: Final = "%Y-%m-%d"
_FORMATS: Final = (
    "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%y", "%m/%d/%y",
    "%d/%m/%y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y", "%d %B %Y", "%Y.%m.%d",
    "%Y%m%d", "%d %b %y", "%d %B %y", "%b %d %Y", "%B %d %Y", "%b-%d-%Y", "%d/%b/%Y", "%d/%b/%y", "%d.%b.%Y",
    "%d-%B-%Y", "%d-%m-%y", "%m-%d-%y", "%Y-%b-%d",
)  # fmt: skip
_TIMES: Final = (
    "", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", ", %H:%M:%S", ", %I:%M %p",
    ", %I:%M:%S %p",
)  # fmt: skip
_WEEKDAY: Final = r"(?![AaPp][Mm]\b)[^\W\d_]{2,}"
# A weekday's name before a date or behind it: what a text has, and what its format has.
_BEFORE: Final = tuple(
    (re.compile(rf"{_WEEKDAY}{re.escape(mark)}[^\W_]"), f"%a{mark}") for mark in (", ", "., ", ". ", " ")
)
_AFTER: Final = tuple(
    (re.compile(rf".*[\dM]{re.escape(mark)}{_WEEKDAY}{re.escape(end)}$"), f"{mark}%a{end}")
    for mark, end in ((" (", ")"), (", ", ""), (" ", "."), (" ", ""))
)  # fmt: skip
_DAYS: Final = frozenset(("date", "day", "timestamp", "due", "valuta"))
_ISO: Final = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|[+-]\d{2}:?\d{2}))?)?$"
)
# Numbers that are days only under a name that says so, each with what its digits look like.
_BARE: Final = {
    SERIAL: r"\d{5}([.,]\d+)?", "%m%d%y": r"\d{6}", "%d%m%y": r"\d{6}", "%y%m%d": r"\d{6}",
    "%m%d%Y": r"\d{8}", "%d%m%Y": r"\d{8}",
}  # fmt: skip
_DIGITS: Final = {"%Y%m%d": r"\d{8}", **_BARE}
_YEARS: Final = (1990, 2100)  # books are kept between these; other numbers of eight digits are no days
_SIGN: Final = r"(?:[A-Z]{3}|[^\w\s.,()+-]{1,2})?"
_NUMBER: Final = {
    mark: re.compile(
        rf"{_SIGN} ?[(+-]? ?{_SIGN} ?-?(\d{{1,3}}(?:[{group}'\u2019\s]\d{{3}})+|\d+)?(?:[{mark}]\d*)?\s?"
        rf"(?:{_SIGN}[)-]?|[cC][rR]|[dD][rR])$"
    )
    for mark, group in ((".", ","), (",", "."))
}


@dataclass(frozen=True)
class Column:
    """One column: its name, and how often each of its values occurs (missing ones apart)."""

    name: str
    values: Mapping[str, int]
    rows: int

    @property
    def words(self) -> Words:
        """The words of its name."""
        return words(self.name)

    @property
    def filled(self) -> float:
        """Share of rows that have a value."""
        return sum(self.values.values()) / self.rows if self.rows else 0.0

    @property
    def distinct(self) -> float:
        """Distinct values, as a share of those that are there."""
        filled = sum(self.values.values())
        return len(self.values) / filled if filled else 0.0

    @cached_property
    def date_formats(self) -> tuple[str, ...]:
        """The formats in which (nearly) all its values are dates; several when day and month may swap."""
        held = tuple(f for f in _candidates(self.values) if _share(self.values, f) >= _TYPICAL)
        if held or not self.values or not _DAYS & set(self.words):
            return held
        return tuple(form for form in _BARE if _share(self.values, form) >= _TYPICAL)

    @cached_property
    def decimal_marks(self) -> tuple[str, ...]:
        """The decimal marks with which (nearly) all its values are amounts."""
        filled = sum(self.values.values())
        return tuple(
            mark
            for mark in _NUMBER
            if filled and sum(n for v, n in self.values.items() if is_amount(v, mark)) >= _TYPICAL * filled
        )

    @cached_property
    def has_times(self) -> bool:
        """Whether its dates carry a time of day that says something."""
        clocks = (re.search(r"\d{1,2}:\d{2}.*$", value) for value in self.values)
        return any(re.search(r"[1-9]", clock[0]) for clock in clocks if clock)

    @property
    def is_date(self) -> bool:
        """Whether its values are dates."""
        return bool(self.date_formats)

    @property
    def is_day(self) -> bool:
        """Whether its values are dates and nothing else: 20250131 may be a number too."""
        return self.is_date and self.date_formats != ("%Y%m%d",)

    @property
    def is_amount(self) -> bool:
        """Whether its values are numbers."""
        return bool(self.decimal_marks) and not self.is_day


@dataclass(frozen=True)
class FileProfile:
    """One file (or several of one make): its columns in order."""

    paths: tuple[Path, ...]
    columns: tuple[Column, ...]
    rows: int
    skip_lines: int
    sheet: str | None = None
    has_header: bool = True

    @property
    def place(self) -> str:
        """Where it lies: its first file, and the sheet of a workbook."""
        return self.paths[0].name + (f", sheet {self.sheet}" if self.sheet else "")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Give a column by its name."""
        return next(column for column in self.columns if column.name == name)


def profiles(connection: duckdb.DuckDBPyConnection, path: Path) -> list[FileProfile]:
    """Look at a file, or at each sheet of a workbook; those that hold no table are left out."""
    try:
        sheets = workbook.sheets(path) if path.suffix.lower() in workbook.SUFFIXES else [None]
    except SourcesError:
        return []  # not what its suffix says
    return [held for sheet in sheets if (held := profile(connection, path, sheet))]


def profile(
    connection: duckdb.DuckDBPyConnection, path: Path, sheet: str | None = None
) -> FileProfile | None:
    """Look at a file; None when it holds no table. Looks at the first 200,000 rows."""
    suffix = path.suffix.lower()
    try:
        is_fixed = suffix in SUFFIXES and suffix not in workbook.SUFFIXES
        skip = 0 if is_fixed else preamble(path, sheet)
        source = Source(kind="table", path=path.name, skip_lines=skip, sheet=sheet)
        opened = opening.opened(connection, source, path)
    except SourcesError:
        return None  # not what its suffix says
    if not opened.names:
        return None
    if suffix in SUFFIXES or not is_row(opened.names, _is_any_day, _is_any_amount):
        return FileProfile((path,), *_counted(opened), skip, sheet)
    numbers = [f"Column {i + 1}" for i in range(len(opened.names))]
    columns, rows = _counted(opening.opened(connection, source.model_copy(update={"names": numbers}), path))
    columns = tuple(replace(one, name=name) for one, name in zip(columns, named(columns), strict=True))
    return FileProfile((path,), columns, rows, skip, sheet, has_header=False)


def _counted(opened: opening.Opened) -> tuple[tuple[Column, ...], int]:
    """Count the values of each column; give the rows, too."""
    counts: list[Counter[str]] = [Counter() for _ in opened.names]
    rows = 0
    for batch in some(trimmed(opened.batches(), len(opened.names))):
        rows += batch.num_rows
        for i, counter in enumerate(counts):
            for entry in batch.column(i).value_counts().to_pylist():
                if entry["values"] is not None and not is_missing(entry["values"]):
                    counter[entry["values"]] += entry["counts"]
    return tuple(Column(n, c, rows) for n, c in zip(opened.names, counts, strict=True)), rows


def _is_any_day(text: str) -> bool:
    return any(form != "%Y%m%d" for form in _candidates({text: 1}))


def _is_any_amount(text: str) -> bool:
    return any(is_amount(text, mark) and mark in text for mark in _NUMBER)


def is_amount(text: str, mark: str) -> bool:
    """Say whether a text looks like an amount with that decimal mark."""
    return _NUMBER[mark].match(text) is not None and any(c.isdigit() for c in text)


def amount(text: str, mark: str) -> Decimal | None:
    """Read an amount roughly: enough to tell its sign and to compare; reading proper is in SQL."""
    if not is_amount(text, mark):
        return None
    digits = re.sub(rf"[^0-9{re.escape(mark)}]", "", text).replace(mark, ".")
    minus = "-" in text or "(" in text or text.casefold().endswith("cr")
    return Decimal(digits) * (-1 if minus else 1)


def moment(text: str, form: str) -> datetime | None:
    """Read a date in a format."""
    if form == ISO:
        return _iso(text)
    if form == SERIAL:
        return serial(text)
    try:
        return datetime.strptime(*plain(text, form))  # noqa: DTZ007 - a day of the books has no zone
    except ValueError:
        return None


def _iso(text: str) -> datetime | None:
    if not _ISO.match(text):
        return None
    year, month, day = re.findall(r"\d+", text)[:3]
    try:
        return datetime(int(year), int(month), int(day))  # noqa: DTZ001 - a day of the books has no zone
    except ValueError:
        return None


def some(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Give the batches that are looked at."""
    rows = 0
    for batch in batches:
        yield batch
        rows += batch.num_rows
        if rows >= MAX_ROWS:
            return


def _candidates(values: Mapping[str, int]) -> list[str]:
    """Give the formats that fit the first values; testing all values with all formats would take long."""
    first = list(values)[:40]
    before = next((form for word, form in _BEFORE if _mostly(first, word.match)), "")
    after = next((form for word, form in _AFTER if _mostly(first, word.match)), "")
    formats = [ISO, *(f + time for f in _FORMATS for time in _TIMES)]
    if before or after:
        formats += [before + form + after for form in formats]
    return [form for form in formats if _mostly(first, partial(_is_day, form=form))]


def _mostly(first: Sequence[str], holds: Callable[[str], object]) -> bool:
    return bool(first) and sum(bool(holds(value)) for value in first) >= _TYPICAL * 0.8 * len(first)


def _share(values: Mapping[str, int], form: str) -> float:
    few = dict(list(values.items())[:20_000])
    return sum(n for value, n in few.items() if _is_day(value, form)) / sum(few.values())


def _is_day(value: str, form: str) -> bool:
    if form in _DIGITS and not re.fullmatch(_DIGITS[form], value):
        return False
    found = moment(value, form)
    return found is not None and _YEARS[0] <= found.year <= _YEARS[1]
