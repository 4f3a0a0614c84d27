"""Habits of a column beside its shapes: days that exist, marks that every value has, values that mean none.

Rules as in malformed_cell: a column's profile in, by value what was expected out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from itertools import groupby
from typing import Final

from tools.checks.quality.column_profile import ColumnProfile, Expected

DATE: Final = re.compile(r"^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?=$|[T ])")
_ORDERS: Final = ("ymd", "dmy", "mdy")
_DATED: Final = 0.8  # of the rows have to look like dates
_VALID: Final = 0.97  # of those have to be days in the one order
_UNSETTLED: Final = 0.9  # of those read in a second order, too
_ALWAYS: Final = 0.97
_FEW: Final = 0.03
_FEWEST: Final = 20
_MARKS: Final = re.compile(r"[^\w\s.'\"-]")
_SPACED: Final = 0.9
_LIST: Final = re.compile(r"(?<!\d)[,;/|](?=\s*\S)")
_PARTING: Final = re.compile(r"(?<!\d)[,;/|]|[,;/|](?!\d)")
_LETTER: Final = re.compile(r"[^\W\d_]")
_WORDS: Final = re.compile(r"[^\W\d_]{3,}")
_CASED: Final = 0.95
_STRAY: Final = 0.005
_STROKES: Final = frozenset("*#~^|\\=<>_")
_STROKE: Final = re.compile(r"^[*~^|\\=<>_](?=.*[^\W_])|(?<=[\w.])[-\s]*[*#~^|\\=<>_]+$")
_SENTINELS: Final = frozenset({"-1", "-9", "-99", "-999", "-9999", "99999", "999999", "9999999"})


def day_of(text: str, order: str) -> date | None:
    """Give the day that a text writes in an order such as "dmy", None where there is no such day."""
    match = DATE.match(text)
    if match is None:
        return None
    parts = dict(zip(order, (match[1], match[3], match[4]), strict=True))
    if len(parts["d"]) > 2 or len(parts["m"]) > 2 or len(parts["y"]) not in (2, 4):  # noqa: PLR2004 - digits
        return None
    year = int(parts["y"])
    century = 0 if len(parts["y"]) == 4 else 2000 if year < 50 else 1900  # noqa: PLR2004 - POSIX's pivot is near
    try:
        return date(century + year, int(parts["m"]), int(parts["d"]))
    except ValueError:
        return None


def date_order(profile: ColumnProfile) -> str | None:
    """Give the order in which a column writes its days, None where it holds no dates or is of two minds."""
    column = profile.column
    dated = [i for i in column.present if DATE.match(column.values[i])]
    rows = column.rows(dated)
    if rows < max(_FEWEST, _DATED * column.filled):
        return None
    valid = {order: column.rows(i for i in dated if day_of(column.values[i], order)) for order in _ORDERS}
    best = max(_ORDERS, key=lambda order: valid[order])
    return best if valid[best] >= _VALID * rows else None


def no_such_day(profile: ColumnProfile) -> Expected:
    """Find dates that no calendar has in the column's order: 2024-02-31, 2024-13-05, 31/12 among 12/31."""
    order = date_order(profile)
    if order is None:
        return {}
    column = profile.column
    like = "a day written " + {"ymd": "year, month, day", "dmy": "day, month, year"}.get(
        order, "month, day, year"
    )
    return {
        i: like
        for i in column.present
        if DATE.match(column.values[i]) and not day_of(column.values[i], order)
    }


def doubtful_year(profile: ColumnProfile) -> Expected:
    """Find days whose year nobody can tell: 1/7/06 where no other cell settles what stands first.

    A column with days after the 12th settles its order. One whose days read nearly all as well in two
    orders (the first of each month) does not: a year of two digits that may be a day is told as either
    there (ISO 8601 wants four).
    """
    column = profile.column
    short = {i: match for i in column.present if (match := DATE.match(column.values[i])) and _is_short(match)}
    rows = column.rows(short)
    if rows < max(_FEWEST, _DATED * column.filled):
        return {}
    padded = {i: "/".join(match[part].zfill(2) for part in (1, 3, 4)) for i, match in short.items()}
    read = {order: {i: day for i in short if (day := day_of(padded[i], order))} for order in _ORDERS}
    first, second, _ = sorted((column.rows(days) for days in read.values()), reverse=True)
    if first < _VALID * rows or second < _UNSETTLED * rows:
        return {}
    years = {i: {days[i].year for days in read.values() if i in days} for i in short}
    return {i: "a year of four digits, or one that is no day" for i in short if len(years[i]) > 1}


def _is_short(match: re.Match[str]) -> bool:
    return max(len(match[1]), len(match[4])) <= 2  # noqa: PLR2004 - digits


def marks(profile: ColumnProfile) -> Expected:
    """Find values that lack a mark that nearly all others have: the @ of an address, the comma of a name."""
    column = profile.column
    marked = {i: signs for i in column.present if (signs := _MARKS.findall(column.values[i]))}
    each = {i: Counter(signs) for i, signs in marked.items()}
    rows: Counter[tuple[str, int]] = Counter()
    for i, counter in each.items():
        for counted in counter.items():
            rows[counted] += int(column.counts[i])
    lacking: Expected = {}
    for (mark, _), n in sorted(rows.items()):
        if max(_ALWAYS * column.filled, _FEWEST) <= n < column.filled:  # a list has now more and now fewer
            lacking |= {i: f"a '{mark}' in it" for i in column.present if mark not in each.get(i, ())}
    return lacking


def spacing(profile: ColumnProfile) -> Expected:
    """Find lists that are written with blanks behind their marks where the column has none, or without."""
    column = profile.column
    spaced = {
        i: _unanimous(text[match.end() : match.end() + 1].isspace() for match in _LIST.finditer(text))
        for i in column.present
        if (text := column.values[i]) and _LIST.search(text)
    }
    rows, with_blank = column.rows(spaced), column.rows(i for i in spaced if spaced[i] is True)
    without = column.rows(i for i in spaced if spaced[i] is False)
    if rows < max(_FEWEST, 0.1 * column.filled) or max(with_blank, without) < _SPACED * rows:
        return {}
    usual = with_blank > without
    like = "a blank after each mark" if usual else "no blank after a mark"
    return {i: like for i in spaced if spaced[i] is not usual}


def separators(profile: ColumnProfile) -> Expected:
    """Find lists of known items that are parted by another mark than the column's: A|B among A, B."""
    column = profile.column
    parted = {i: set(met) for i in column.present if (met := _PARTING.findall(column.values[i]))}
    rows: Counter[str] = Counter()
    for i, separators_of_list in parted.items():
        for mark in separators_of_list:
            rows[mark] += int(column.counts[i])
    (usual, n), *_ = rows.most_common(1) or [("", 0)]
    if n < max(_FEWEST, 0.1 * column.filled) or n < _SPACED * column.rows(parted):
        return {}
    items = {item.strip() for i in column.present for item in column.values[i].split(usual)}
    return {
        i: f"items parted by '{usual}'"
        for i, parting in parted.items()
        if usual not in parting
        if all(item.strip() in items for item in _PARTING.split(column.values[i]))
    }


def capitals(profile: ColumnProfile) -> Expected:
    """Find values in other letters than all others: a capital among small ones, shouting among names."""
    column = profile.column
    small, large, both = set[int](), set[int](), set[int]()
    for i in column.present:
        text = column.values[i]
        (small if text.islower() else large if text.isupper() else both).add(i)
    both = {i for i in both if _LETTER.search(column.values[i])} if small or large else set()
    rows = column.rows(small | large | both)
    if rows < _FEWEST:
        return {}
    for usual, like in ((small, "small letters"), (large, "capitals")):
        if column.rows(usual) >= _CASED * rows:
            unlike = (small | large | both) - usual
            return {i: like for i in unlike if not column.is_code_in_both_cases(i)}
    if column.rows(both) < _ALWAYS * rows:
        return {}
    return {
        i: "capitals and small letters"
        for i in small | large
        if len(_WORDS.findall(column.values[i])) > 1 and column.counts[i] < _STRAY * column.filled + 1
    }


def strange_ends(profile: ColumnProfile) -> Expected:
    """Find a stroke of the keyboard before or after a value, as no other has: New York-*, #Boston."""
    column = profile.column
    texts = ((i, column.values[i]) for i in column.present)
    ends = [i for i, text in texts if (text[0] in _STROKES or text[-1] in _STROKES) and _STROKE.search(text)]
    few = column.rows(ends) <= _FEW * column.filled
    return dict.fromkeys(ends, "no such mark at its ends") if few else {}


def sentinels(profile: ColumnProfile) -> Expected:
    """Find numbers that stand for none: -1 or 99999 again and again, far from all others."""
    if not profile.numbers:
        return {}
    column = profile.column
    suspects = [i for i in profile.plain if column.values[i] in _SENTINELS]
    plain = [i for i in profile.plain if i not in suspects]
    if not suspects or column.rows(plain) < _FEWEST:
        return {}
    others = [float(profile.numbers[i][2].replace(",", "")) for i in plain]
    low, high = min(others), max(others)
    return {
        i: f"between {low:g} and {high:g}"
        for i in suspects
        if not min(low, 0) <= float(column.values[i]) <= 5 * high and column.counts[i] > 1
    }


def _unanimous(votes: Iterable[bool]) -> bool | None:
    """Give what all agree on, None where they don't."""
    kinds = [kind for kind, _ in groupby(sorted(votes))]
    return kinds[0] if len(kinds) == 1 else None


RULES: Final[tuple[Callable[[ColumnProfile], Expected], ...]] = (
    no_such_day,
    doubtful_year,
    marks,
    spacing,
    separators,
    capitals,
    strange_ends,
    sentinels,
)
