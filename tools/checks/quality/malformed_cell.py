"""What a column's other cells look like, and which look otherwise: numbers, shapes, lengths, encodings.

Each rule takes a column's profile and gives, by value, what was expected instead. Shares are of the column's
filled rows. A rule speaks only where the column itself is regular, so free text is left alone.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from typing import Any, Final

import pyarrow as pa

from tools.checks.quality import format_habits
from tools.checks.quality.cell_columns import Findings, tables
from tools.checks.quality.column_profile import DIGITS, TEXT_WORDS, ColumnProfile, Expected

_GARBLED: Final = re.compile(
    "\N{REPLACEMENT CHARACTER}|Ã[\u0080-\u00bf©¨¼¶±]|â€|[\x00-\x08\x0b\x0c\x0e-\x1f]"
)

_FEWEST: Final = 20  # filled rows under which a column has no habits
_SETTLED: Final = 0.60  # one unit has to have this much of the numbers
_SPELLED: Final = 0.05  # a spelling of a unit that is no accident
_ONE_SHAPE: Final = 0.75
_MINORITY: Final = 0.12
_VARIED: Final = 0.08
_KINDS: Final = 3
_SECOND: Final = 0.05  # of the rows: from there on another shape is a format of its own
_SECOND_LEAST: Final = 8
_REGULAR: Final = 0.03
_COVERED: Final = 0.95
_STRAY: Final = 0.005
_SKELETONS: Final = 20
_OFTEN: Final = 5
_FIXED: Final = 0.9
_LONG: Final = 6


def unit(profile: ColumnProfile) -> Expected:
    """Find what is no number among numbers, and numbers with another unit than the column's.

    A column that spells one unit in several ways, none of them usual, has no unit: its cells are all named.
    """
    if not profile.numbers:
        return {}
    (usual, rows), *_ = profile.units.most_common(1)
    if rows < _SETTLED * profile.rows:
        return _unsettled(profile)
    like = f"a number as in {usual[0]}1{usual[1]}"
    # Another unit on many rows is a second one, as <= and > are; none, or the same written otherwise, is not.
    second = {
        unit
        for unit, n in profile.units.items()
        if n >= _MINORITY * profile.rows
        and _unit_key(*usual)
        and _unit_key(*unit) not in ("", _unit_key(*usual))
    }
    return {
        i: like
        for i in profile.coded
        if i not in profile.numbers or (profile.numbers[i][1], profile.numbers[i][3]) not in {usual, *second}
    }


def _unit_key(before: str, after: str) -> str:
    return re.sub(r"[\s._]", "", before + after).casefold()


def _unsettled(profile: ColumnProfile) -> Expected:
    spellings = defaultdict(list)
    for (before, after), rows in profile.units.items():
        if rows >= _SPELLED * profile.rows:
            spellings[_unit_key(before, after)].append(before + after)
    if not any(name and len(ways) > 1 for name, ways in spellings.items()):
        return {}
    return {i: "a number in one unit" for i, match in profile.numbers.items() if match[1] or match[3]}


def grouping(profile: ColumnProfile) -> Expected:
    """Find thousands written otherwise than in the column: 1,234 among 1234."""
    long = {
        i: "," in match[2]
        for i, match in profile.numbers.items()
        if len(re.sub(r"\D", "", match[2].split(".")[0])) > 3  # noqa: PLR2004 - thousands begin with a fourth digit
    }
    rows, grouped = profile.column.rows(long), profile.column.rows(i for i in long if long[i])
    if rows < _FEWEST or 1 - _ONE_SHAPE < grouped / rows < _ONE_SHAPE:
        return {}
    usual = grouped > rows / 2
    return {i: "1,234" if usual else "1234" for i in long if long[i] != usual}


def decimals(profile: ColumnProfile) -> Expected:
    """Find whole numbers written with decimals among whole numbers: 12.0 among 12."""
    pointed = [i for i, match in profile.numbers.items() if "." in match[2]]
    if profile.column.rows(pointed) > _MINORITY * profile.rows:
        return {}
    return {i: "no decimals" for i in pointed if not profile.numbers[i][2].split(".")[1].strip("0")}


def shape(profile: ColumnProfile) -> Expected:
    """Find codes and dates of another shape than the column's one shape, or than its regular ones."""
    if profile.is_text:
        return {}
    (usual, rows), *_ = profile.shape_rows.most_common(1)
    most = max(_SKELETONS, 0.02 * profile.rows)
    if "9" in usual and rows >= _ONE_SHAPE * profile.rows and profile.few_skeletons({usual}, most):
        odd = {s for s, n in profile.shape_rows.items() if s != usual and n < _MINORITY * profile.rows}
        odd -= _variants_of_shape(profile, usual, odd) | _second_formats(profile, usual, odd)
        return {
            i: f"shaped like {usual}"
            for i in profile.coded
            if profile.shapes[i] in odd and i not in profile.plain and not _recurs(profile, usual, i)
        }
    return _stray(profile)


def _recurs(profile: ColumnProfile, usual: str, i: int) -> bool:
    """Whether a value of another shape is on as many rows as those of the usual one: a code of its own."""
    like = sum(profile.shapes[each] == usual for each in profile.coded)
    each = profile.shape_rows[usual] / like
    return each >= _OFTEN and int(profile.column.counts[i]) >= each / 2


def _variants_of_shape(profile: ColumnProfile, usual: str, odd: set[str]) -> set[str]:
    """Give the odd shapes where it is usual to have others, as of page numbers: 12-18, S40, e1205, ii-iv.

    A shape that holds the usual one and something more is a note beside the value everywhere; one with as
    many digits as the column's numbers all have is the same thing written otherwise.
    """
    again = _rewritten(profile, usual)
    others = {shape for shape in odd if usual not in shape and shape not in again}
    rows = sum(profile.shape_rows[shape] for shape in others)
    return others if len(others) >= _KINDS and rows > _VARIED * profile.rows else set()


def _second_formats(profile: ColumnProfile, usual: str, odd: set[str]) -> set[str]:
    """Give the odd shapes that many rows have: two systems number alike things otherwise, 839-3 and S42-1.

    The same digits written in another way (by hand, by a spreadsheet) are no format, however many there are.
    """
    least, values = (
        max(_SECOND_LEAST, _SECOND * profile.rows),
        Counter(profile.shapes[i] for i in profile.coded),
    )
    second = {shape for shape in odd if profile.shape_rows[shape] >= least and values[shape] >= _KINDS}
    return second - _rewritten(profile, usual)


def _rewritten(profile: ColumnProfile, usual: str) -> set[str]:
    """Give the shapes of as many digits as the usual one has, if all of its values have as many."""
    digits: Counter[tuple[str, int]] = Counter()
    for i in profile.coded:
        count = sum(map(len, DIGITS.findall(profile.column.values[i])))
        digits[profile.shapes[i], count] += int(profile.column.counts[i])
    rows, fixed = max((n, count) for (shape, count), n in digits.items() if shape == usual)
    if rows < _FIXED * profile.shape_rows[usual] or fixed < _LONG:
        return set()
    return {
        shape for (shape, count), n in digits.items() if count == fixed and 2 * n > profile.shape_rows[shape]
    }


def _stray(profile: ColumnProfile) -> Expected:
    regular = {s for s, n in profile.shape_rows.items() if n >= _REGULAR * profile.rows}
    covered = sum(profile.shape_rows[s] for s in regular) >= _COVERED * profile.rows
    most = max(1.5 * _SKELETONS, 0.05 * profile.rows)
    if not covered or not any("9" in s for s in regular) or not profile.few_skeletons(regular, most):
        return {}
    like = " or ".join(sorted(regular))
    stray = {s for s, n in profile.shape_rows.items() if n < _STRAY * profile.rows + 1}
    return {
        i: f"shaped like {like}"
        for i in profile.coded
        if profile.shapes[i] in stray and i not in profile.plain
    }


def digits(profile: ColumnProfile) -> Expected:
    """Find codes with more or fewer digits than the column's: a zip code of four digits among five."""
    (usual, rows), *_ = profile.shape_rows.most_common(1)
    most = max(_SKELETONS, 0.02 * profile.rows)
    if "9" not in usual or rows < profile.rows / 2 or not profile.few_skeletons({usual}, most):
        return {}
    if usual != "9" and profile.numbers:
        return {}  # 99.5 and 101.0 are measures
    lengths = {
        i: tuple(len(run) for run in DIGITS.findall(profile.column.values[i]))
        for i in profile.coded
        if profile.shapes[i] == usual
    }
    counted: Counter[tuple[int, ...]] = Counter()
    for i, length in lengths.items():
        counted[length] += int(profile.column.counts[i])
    (fixed, n), *_ = counted.most_common(1)
    others = [count for length, count in counted.items() if length != fixed]
    quantity = (
        fixed[0] < TEXT_WORDS or n < (1 - _REGULAR) * rows
        if usual == "9"
        else any(count >= _REGULAR * rows for count in others)
    )
    if quantity or n < (1 - 0.1) * rows:
        return {}
    like = f"{'-'.join(str(length) for length in fixed)} digits"
    return {i: like for i, length in lengths.items() if length != fixed and counted[length] < _REGULAR * rows}


def garbled(profile: ColumnProfile) -> Expected:
    """Find text that was decoded wrongly, control characters, and blanks around a value or doubled in it."""
    column = profile.column
    values, few, fewer = column.values, _MINORITY * column.filled, _REGULAR * column.filled
    padded = [i for i in column.present if values[i] != values[i].strip()]
    doubled = [i for i in column.present if "  " in values[i].strip()]
    expected = dict.fromkeys(doubled, "single blanks in it") if column.rows(doubled) < fewer else {}
    expected |= dict.fromkeys(padded, "no blanks around it") if column.rows(padded) < few else {}
    return expected | {i: "readable text" for i in column.present if _GARBLED.search(values[i])}


Rule = Callable[[ColumnProfile], Expected]
CODE_RULES: Final[tuple[Rule, ...]] = (unit, grouping, decimals, shape, digits)
TEXT_RULES: Final[tuple[Rule, ...]] = (garbled, *format_habits.RULES)


def judge(rows: pa.Table, params: Mapping[str, Any]) -> pa.Table:
    """Name the cells that do not look like their column.

    rows: source, row_key, field, value. Gives row_key, field, score, observed, threshold, population.
    """
    findings = Findings()
    for table in tables(rows):
        for column in table.columns:
            profile = ColumnProfile(column)
            rules = [
                *(CODE_RULES if profile.rows >= _FEWEST else ()),
                *(TEXT_RULES if column.filled >= _FEWEST else ()),
            ]
            expected = {i: like for rule in reversed(rules) for i, like in rule(profile).items()}
            findings.add_values(table, column, params["score"], expected)
    return findings.arrow()
