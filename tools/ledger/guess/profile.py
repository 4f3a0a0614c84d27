"""What a file holds: its columns by name, and what their values are (dates, amounts, texts, identifiers)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from tools.core.errors import SourcesError
from tools.core.missing import is_missing
from tools.ledger.asides import classified
from tools.ledger.cells import SIGNS
from tools.ledger.date_formats import SERIAL, plain, serial
from tools.ledger.guess.headerless import is_row, named
from tools.ledger.guess.preamble import preamble, titles
from tools.ledger.guess.vocabulary import Words, words
from tools.ledger.readers import archive, workbook
from tools.ledger.readers import open_file as opening
from tools.ledger.readers.carried_cells import HEADING
from tools.ledger.readers.csv_file import trimmed
from tools.ledger.readers.file_format import WORKBOOKS, format_of
from tools.ledger.sources import Source

MAX_ROWS: Final = 200_000
SAMPLE: Final = 10_000  # lines that are looked at one by one, in order
_FEW: Final = 0.05
_HALF: Final = 0.5
_SWAPPED: Final = tuple(
    (form, form.replace("%d", "%?").replace("%m", "%d").replace("%?", "%m"))
    for form in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d-%m-%y", "%d.%m.%y")
)
_NAMED: Final = 0.6  # the same where the column's name says so, too
_MONEY: Final = frozenset(("amount", "debit", "credit", "balance", "fee", "withdrawal", "deposit"))
_TYPICAL: Final = 0.9  # share of values that have to be of a type: the rest is dirt
ISO: Final = "%Y-%m-%d"
_FORMATS: Final = (
    "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%y", "%m/%d/%y",
    "%d/%m/%y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y", "%d %B %Y", "%Y.%m.%d",
    "%Y%m%d", "%d %b %y", "%d %B %y", "%b %d %Y", "%B %d %Y", "%b-%d-%Y", "%d/%b/%Y", "%d/%b/%y", "%d.%b.%Y",
    "%d-%B-%Y", "%d-%m-%y", "%m-%d-%y", "%Y-%b-%d", "%Y.%m.%d.", "%d.%m.%Y.", "%d. %m. %Y", "%Y. %m. %d.",
    "%d %m %Y", "%y/%m/%d", "%d/%m/%Y.", "%Y-%d-%m",
)  # fmt: skip
_TIMES: Final = (
    "", " %H:%M", " %H:%M:%S", "T%H:%M:%S", " %H.%M", " %H.%M.%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M",
    ", %H:%M:%S", ", %I:%M %p", ", %I:%M:%S %p",
)  # fmt: skip
# Formats of days with those of times, each with the marks that stand in what it reads.
_WRITTEN: Final = {
    form + time: frozenset(re.sub(r"%.", "", form + time)) for form in _FORMATS for time in _TIMES
}
_GLANCE: Final = 5  # values whose marks are looked at
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
_UNITS: Final = "|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True) if sign.isascii())
_SIGN: Final = rf"(?:[A-Z]{{3}}|{_UNITS}|zł|Kč|[^\w\s.,()+-]{{1,2}})?"
_MINUS: Final = str.maketrans(dict.fromkeys("\u2212\u2013\u2012\ufe63\uff0d", "-"))
_NUMBER: Final = {
    mark: re.compile(
        rf"{_SIGN} ?[(+-]? ?{_SIGN} ?-?"
        rf"(\d{{1,3}}(?:[{group}'\u2019\s]\d{{3}})+|\d{{1,2}}(?:[{group}]\d{{2}})+[{group}]\d{{3}}|\d+)?"
        rf"(?:[{mark}]\d*)?\s?(?:{_SIGN}\s?[)+-]?|[cC][rR]|[dD][rR])$"
    )
    for mark, group in ((".", ","), (",", "."))
}
# What a cell looks like that is a day and nothing else, roughly: enough to tell lines apart.
_DAYISH: Final = re.compile(
    r"(\d{1,4}[./-] ?\d{1,2}[./-] ?\d{2,4}\.?|\d{8}|\d{1,2}[ ./-][^\W\d]{3,9}\.?[ ./-]\d{2,4}"
    r"|[^\W\d]{3,9}\.? \d{1,2},? \d{4})([ T,]+\d{1,2}[:.]\d{2}.*)?"
)


@dataclass(frozen=True)
class FileColumn:
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
        least = _NAMED if _DAYS & set(self.words) else _TYPICAL
        fitting = tuple(f for f in _candidates(self.values) if _share(self.values, f) >= least)
        best = max((_share(self.values, f) for f in fitting), default=0.0)
        fitting = tuple(f for f in fitting if best < _TYPICAL or _share(self.values, f) >= _TYPICAL)
        if fitting or not self.values:
            return fitting
        if self.mixed:
            return self.mixed[:1]
        if not _DAYS & set(self.words):
            return ()
        return tuple(form for form in _BARE if _share(self.values, form) >= _TYPICAL)

    @cached_property
    def mixed(self) -> tuple[str, ...]:
        """Two orders of day and month that only together read (nearly) all its values, the commoner first.

        Empty where one order does, or where nothing makes them dates.
        """
        for left, right in _SWAPPED:
            shares = {form: _share(self.values, form) for form in (left, right)} if self.values else {}
            first, second = sorted(shares, key=lambda form: -shares[form]) or ("", "")
            if not shares or max(shares.values()) >= _TYPICAL or shares[second] < _FEW:
                continue
            whole = sum(n for v, n in self.values.items() if _is_day(v, left) or _is_day(v, right))
            if whole >= _TYPICAL * sum(self.values.values()) and shares[first] >= _HALF:
                return first, second
        return ()

    @cached_property
    def decimal_marks(self) -> tuple[str, ...]:
        """The decimal marks with which (nearly) all its values are amounts."""
        filled = sum(self.values.values())
        least = _NAMED if _MONEY & set(self.words) else _TYPICAL
        return tuple(
            mark
            for mark in _NUMBER
            if filled and sum(n for v, n in self.values.items() if is_amount(v, mark)) >= least * filled
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
    columns: tuple[FileColumn, ...]
    rows: int
    skip_lines: int
    sheet: str | None = None
    has_header: bool = True
    form: str = "text"
    lines: tuple[tuple[str, ...], ...] = ()
    asides: Mapping[str, int] = field(default_factory=dict)
    headings: str | None = None
    titles: tuple[str, ...] = ()
    overlapping: bool = False

    @property
    def place(self) -> str:
        """Where it lies: its first file, and the sheet of a workbook."""
        return self.paths[0].name + (f", sheet {self.sheet}" if self.sheet else "")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> FileColumn:
        """Give a column by its name."""
        return next(column for column in self.columns if column.name == name)


def profiles(connection: duckdb.DuckDBPyConnection, path: Path) -> list[FileProfile]:
    """Look at a file, or at each sheet of a workbook; sheets that hold no table are left out.

    Raises SourcesError where it is of no format that is read.
    """
    real = archive.real(path)
    sheets = workbook.sheets(real) if format_of(real) in WORKBOOKS else [None]
    return [file_profile for sheet in sheets if (file_profile := _look(connection, path, sheet))]


def profile(
    connection: duckdb.DuckDBPyConnection, path: Path, sheet: str | None = None
) -> FileProfile | None:
    """Look at a file; None when it holds no table. Looks at the first 200,000 rows."""
    try:
        return _look(connection, path, sheet)
    except SourcesError:
        return None  # not what its suffix says


def _look(connection: duckdb.DuckDBPyConnection, path: Path, sheet: str | None) -> FileProfile | None:
    real = archive.real(path)
    form = format_of(real)
    skip = preamble(real, sheet) if form in ("text", *WORKBOOKS) else 0
    source = Source(kind="table", path=path.name, skip_lines=skip, sheet=sheet)
    opened = opening.opened(connection, source, path)
    if not opened.names:
        return None
    if form != "text" or not is_row(opened.names, _is_any_day, _is_any_amount):
        return _profile(path, opened, skip, sheet, form)
    numbers = [f"Column {i + 1}" for i in range(len(opened.names))]
    renamed = source.model_copy(update={"names": numbers})
    file_profile = _profile(path, opening.opened(connection, renamed, path), skip, sheet, form)
    columns = tuple(
        replace(column, name=name)
        for column, name in zip(file_profile.columns, named(file_profile.columns), strict=True)
    )
    return replace(file_profile, columns=columns, has_header=False)


def _profile(path: Path, opened: opening.Opened, skip: int, sheet: str | None, form: str) -> FileProfile:
    """Count the values of each column over the lines that are postings; keep the first lines in order."""
    lines = Lines(opened.names)
    for batch in first_batches(trimmed(opened.batches(), len(opened.names))):
        lines.take(batch)
    columns = tuple(
        FileColumn(name, counter, lines.rows)
        for name, counter in zip(opened.names, lines.counts, strict=True)
    )
    headings = lines.headings()
    if headings is not None:
        columns = (*columns, FileColumn(HEADING, Counter(lines.under), lines.rows))
        lines.samples = [(*line, name) for line, name in zip(lines.samples, lines.under, strict=True)]
    return FileProfile(
        (path,), columns, lines.rows, skip, sheet, form=form, lines=tuple(lines.samples),
        asides=dict(lines.asides), headings=headings, titles=_titles(path, skip, sheet, form),
    )  # fmt: skip


def _titles(path: Path, skip: int, sheet: str | None, form: str) -> tuple[str, ...]:
    """Give the lines before the header, as one text each."""
    if not skip:
        return ()
    real = archive.real(path)
    if form in WORKBOOKS:
        return tuple(" ".join(row) for row in workbook.first_rows(real, sheet, skip))
    return titles(real, skip)


class Lines:
    """A file's lines while they are looked at: the postings, and what else there is."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.counts: list[Counter[str]] = [Counter() for _ in names]
        self.samples: list[tuple[str, ...]] = []
        self.asides: Counter[str] = Counter()
        self.rows = 0
        self._lone: list[tuple[int, str]] = []  # column and text of lines with one filled cell
        self._totals: list[str] = []
        self.under: list[str] = []  # the last lone cell over each posting

    def take(self, batch: pa.RecordBatch) -> None:
        """Take a batch of lines."""
        if sum(self.asides.values()) + len(self.samples) >= SAMPLE:
            self._count(batch)
            return
        cells = [batch.column(i).to_pylist() for i in range(len(self.names))]
        asides = batch.column("aside").to_pylist()
        problems, raws = batch.column("problem").to_pylist(), batch.column("raw").to_pylist()
        for at in range(batch.num_rows):
            line = tuple(column[at] or "" for column in cells)
            if asides[at]:
                self.asides[f"({asides[at]})"] += 1
            elif problems[at]:
                self._take_ragged(raws[at] or "")
            else:
                self._take_line(line)

    def headings(self) -> str | None:
        """Name the column whose lone cells are headings: several, apart, and a total names one of them."""
        columns = {at for at, _ in self._lone}
        texts = list(dict.fromkeys(text for text in self.under if text))
        named_by = [total for total in self._totals if any(text.casefold() in total for text in texts)]
        if len(columns) == 1 and len(texts) > 1 and len(named_by) > 1:
            return self.names[columns.pop()]
        return None

    def _take_line(self, line: tuple[str, ...]) -> None:
        has_day = any(_DAYISH.fullmatch(cell) for cell in line)
        has_amount = any(is_amount(cell, mark) for cell in line for mark in _NUMBER)
        aside = classified(line, self.names, has_day=has_day, has_amount=has_amount)
        if aside is None:
            self.rows += 1
            self.samples.append(line)
            self.under.append(self._lone[-1][1] if self._lone else "")
            for counter, cell in zip(self.counts, line, strict=True):
                if not is_missing(cell):
                    counter[cell] += 1
            return
        self.asides[aside] += 1
        if aside == "note":
            self._lone += [(at, cell) for at, cell in enumerate(line) if cell]
        elif aside == "total":
            self._totals.append(" ".join(line).casefold())

    def _take_ragged(self, raw: str) -> None:
        cells = [cell for cell in re.split(r"[;,|\t]", raw.replace('"', "")) if cell.strip()]
        has_day = any(_DAYISH.fullmatch(cell.strip()) for cell in cells)
        has_amount = len(cells) > 1 and any(is_amount(cell.strip(), ".") for cell in cells)
        aside = classified(cells, [""] * len(cells), has_day=has_day, has_amount=has_amount)
        self.asides[aside or "(cannot be read)"] += 1

    def _count(self, batch: pa.RecordBatch) -> None:
        self.rows += batch.num_rows
        for i, counter in enumerate(self.counts):
            for entry in batch.column(i).value_counts().to_pylist():
                if entry["values"] is not None and not is_missing(entry["values"]):
                    counter[entry["values"]] += entry["counts"]


def _is_any_day(text: str) -> bool:
    return bool(_candidates({text: 1}))


def _is_any_amount(text: str) -> bool:
    return any(is_amount(text, mark) and (mark in text or text[0] in "+-") for mark in _NUMBER)


def is_amount(text: str, mark: str) -> bool:
    """Say whether a text looks like an amount with that decimal mark."""
    return _NUMBER[mark].match(text.translate(_MINUS)) is not None and any(c.isdigit() for c in text)


def amount(text: str, mark: str) -> Decimal | None:
    """Read an amount roughly: enough to tell its sign and to compare; reading proper is in SQL."""
    if not is_amount(text, mark):
        return None
    bare = re.sub(r"Fr\.|Rs\.", "", text)
    digits = re.sub(rf"[^0-9{re.escape(mark)}]", "", bare).replace(mark, ".")
    plain_text = text.translate(_MINUS)
    minus = "-" in plain_text or "(" in text or text.casefold().endswith("cr")
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


def first_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
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
    if not any(any(c.isdigit() for c in value) for value in first[:_GLANCE]):
        return []
    formats = [
        ISO,
        *(form for form, marks in _WRITTEN.items() if any(marks <= set(v) for v in first[:_GLANCE])),
    ]
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
    day = moment(value, form)
    return day is not None and _YEARS[0] <= day.year <= _YEARS[1]
