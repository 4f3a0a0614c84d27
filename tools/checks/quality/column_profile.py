"""What the rules about a column's look know of it: which values are numbers, which shapes and units occur."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from tools.checks.quality.cell_columns import CellColumn

Expected = dict[int, str]  # by value, what was expected instead

DIGITS: Final = re.compile(r"[0-9]+")
TEXT_WORDS: Final = 4  # words from which on a value is a sentence
_NUMBER: Final = re.compile(r"^([^\d]*?)([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)([^\d]*)$")
_WORD: Final = re.compile(r"[A-Z]+[a-z]+|[a-z]+|[A-Z]+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_NUMERIC: Final = 0.90


class ColumnProfile:
    """What the rules know of one column."""

    def __init__(self, column: CellColumn) -> None:
        """Words without digits that many rows share (open, empty) are values of their own."""
        self.column = column
        common = max(5, 0.05 * column.filled)
        self.coded = [
            i for i in column.present if DIGITS.search(column.values[i]) or column.counts[i] < common
        ]
        self.rows = column.rows(self.coded)

    @cached_property
    def numbers(self) -> dict[int, re.Match[str]]:
        """Values that are one number with what stands before and after; empty unless nearly all are."""
        matches = {i: match for i in self.coded if (match := _NUMBER.match(self.column.values[i]))}
        return matches if self.column.rows(matches) >= _NUMERIC * self.rows else {}

    @cached_property
    def plain(self) -> set[int]:
        """Numbers with nothing before or after."""
        return {i for i, match in self.numbers.items() if not match[1] and not match[3]}

    @cached_property
    def units(self) -> Counter[tuple[str, str]]:
        """Rows by what stands before and after the number."""
        return self._rows_by_key({i: (match[1], match[3]) for i, match in self.numbers.items()})

    @cached_property
    def shapes(self) -> dict[int, str]:
        """Each value with digits written 9, capitals A, small letters a, runs as one."""
        return {i: DIGITS.sub("9", _WORD.sub(_case, self.column.values[i])) for i in self.coded}

    @cached_property
    def shape_rows(self) -> Counter[str]:
        """Rows of each shape."""
        return self._rows_by_key(self.shapes)

    @cached_property
    def is_text(self) -> bool:
        """Whether most rows are sentences."""
        wordy = [i for i in self.coded if len(_LETTERS.findall(self.column.values[i])) >= TEXT_WORDS]
        return self.column.rows(wordy) > self.rows / 2

    def few_skeletons(self, shapes: set[str], most: float) -> bool:
        """Whether values of these shapes differ in little but their digits, as codes do and names do not."""
        skeletons = {DIGITS.sub("9", self.column.values[i]) for i in self.coded if self.shapes[i] in shapes}
        return len(skeletons) <= most

    def _rows_by_key(self, keys: Mapping[int, Any]) -> Counter[Any]:
        rows: Counter[Any] = Counter()
        for i, key in keys.items():
            rows[key] += int(self.column.counts[i])
        return rows


def _case(word: re.Match[str]) -> str:
    text = word.group()
    return "a" if text.islower() else "A" if text.isupper() else "Aa"
