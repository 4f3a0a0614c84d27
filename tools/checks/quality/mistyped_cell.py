"""Rare values that are a slip away from frequent ones of their column.

A slip is a few letters wrong, left out, added or exchanged in any word (Damerau 1964), or another way to
write capitals, blanks and points. Digits that differ are no slip: 10.1 and 10.2 are two values. Columns whose
frequent values are themselves a slip apart (first names, codes) are left alone.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pyarrow as pa
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from tools.checks.quality.cell_columns import CellColumn, Findings, quoted, tables

_FEWEST: Final = 20
_FREQUENT: Final = 4
_RARE_SHARE: Final = 0.1
_SHORTEST: Final = 4
_WHOLE_WORD: Final = 6  # under it, one slip
_PAIRS: Final = 50_000_000  # comparisons beyond which a column is too large to try
_PROBED: Final = 400
_CATEGORIES: Final = 6
_COVERED: Final = 0.95
_STRAY: Final = 0.005
_SIGNED: Final = re.compile(r"-[.\d]")
_SIGNS: Final = 0.02  # of the rows: from there on a column has numbers of both signs
_LIST: Final = re.compile(r"[,;/|]")
_LETTER: Final = re.compile(r"[^\W\d_]")


def judge(rows: pa.Table, params: Mapping[str, Any]) -> pa.Table:
    """Name the cells that were probably mistyped, and what for.

    rows: source, row_key, field, value. params: times (as frequent has the other to be), peers (share of
    frequent values that may be a slip apart). Gives row_key, field, score, observed, threshold, population.
    """
    findings = Findings()
    for table in tables(rows):
        for column in table.columns:
            if column.filled >= _FEWEST:
                corrections = {
                    **stray_values(column),
                    **Slips(column, params).corrections(),
                    **variants(column),
                }
                findings.add_values(table, column, params["score"], corrections)
    return findings.arrow()


def variants(column: CellColumn) -> dict[int, str]:
    """Find rare ways to write a frequent value: other capitals, blanks, points; a sign where none are."""
    signed = column.rows(i for i in column.present if _SIGNED.match(column.values[i]))
    figures = _figures if signed > _SIGNS * column.filled else _digits
    ways = defaultdict(list)
    for i in column.present:
        ways[_bare(column.values[i])].append(i)
    return {
        i: f"written {quoted(column.values[usual])} on {column.counts[usual]} rows"
        for name, (usual, *others) in ways.items()
        if name
        for i in others
        if column.counts[usual] >= max(3, 5 * column.counts[i])
        and figures(column.values[i]) == figures(column.values[usual])
        and not column.is_code_in_both_cases(i)
    }


def stray_values(column: CellColumn) -> dict[int, str]:
    """Find short values beside the few categories that all but make up the column: yex among yes and no."""
    frequent = [i for i in column.present if column.counts[i] >= max(5, 0.02 * column.filled)]
    if len(frequent) > _CATEGORIES or column.rows(frequent) < _COVERED * column.filled or _is_numeric(column):
        return {}
    categories = " or ".join(quoted(column.values[i]) for i in frequent)
    return {
        i: categories
        for i in column.present
        if column.counts[i] < _STRAY * column.filled + 1 and len(column.values[i]) <= _WHOLE_WORD
    }


@dataclass
class Slips:
    """The slips of one column."""

    column: CellColumn
    params: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Part the values into frequent and rare ones."""
        counts, values = self.column.counts, self.column.values
        most = max((int(counts[i]) for i in self.column.present), default=0)
        self.frequent = [
            i for i in self.column.present if counts[i] >= _FREQUENT and len(values[i]) >= _SHORTEST
        ]
        self.rare = [
            i
            for i in self.column.present
            if counts[i] <= max(2, _RARE_SHARE * most) and len(values[i]) >= _SHORTEST - 1
        ]
        self.texts = [values[i] for i in self.frequent]

    def corrections(self) -> dict[int, str]:
        """Give, for each slip, the value that was meant."""
        if not self.rare or not 0 < len(self.frequent) * len(self.rare) <= _PAIRS:
            return {}
        if _is_numeric(self.column) or self._peers() > self.params["peers"]:
            return {}
        values, counts = self.column.values, self.column.counts
        return {
            i: f"{quoted(values[best])}, as on {counts[best]} rows"
            for i in self.rare
            if (best := self._nearest(i)) is not None and not self._is_list_of_items(i)
        }

    @cached_property
    def _items(self) -> Counter[str]:
        """Rows of each item of the column's lists, and of values that are none."""
        rows = Counter[str]()
        for i in self.column.present:
            for item in _items(self.column.values[i]):
                rows[item] += int(self.column.counts[i])
        return rows

    def _is_list_of_items(self, i: int) -> bool:
        """Whether each item of a list stands in other rows, too: UK, Spain is no slip of USA, Spain."""
        items = _items(self.column.values[i])
        return len(items) > 1 and all(
            self._items[item] >= _FREQUENT + self.column.counts[i] for item in items
        )

    def _peers(self) -> float:
        """Give the share of established values that are a slip from another that is about as frequent."""
        counts = self.column.counts
        settled = max(10, 0.01 * self.column.filled)
        probed = [i for i in self.frequent if counts[i] >= settled][:_PROBED] or self.frequent[:_PROBED]
        near = [
            any(j != i and counts[i] < 5 * counts[j] and counts[j] < 5 * counts[i] for j in self._near(i))
            for i in probed
        ]
        return sum(near) / len(near)

    def _nearest(self, i: int) -> int | None:
        counts, value = self.column.counts, self.column.values[i]
        least = self.params["times"] * counts[i]
        near = [
            j for j in self._near(i) if counts[j] >= least and _bare(self.column.values[j]) != _bare(value)
        ]
        return near[0] if near else None

    def _near(self, i: int) -> list[int]:
        """Give the frequent values a slip away, the nearest first."""
        value = self.column.values[i]
        most = min(len(value) // 5, 12) if len(value) >= _WHOLE_WORD else 1
        hits = process.extract(
            value, self.texts, scorer=DamerauLevenshtein.distance, score_cutoff=max(1, most), limit=5
        )
        return [
            self.frequent[j]
            for text, _, j in hits
            if _is_slip(value, text) and _is_within(_digits(value), _digits(text))
        ]


def _items(value: str) -> set[str]:
    return {item.strip() for item in _LIST.split(value)}


def _is_slip(value: str, correction: str) -> bool:
    """Whether each word is a slip of its counterpart, or the words were run together or apart."""
    ours, theirs = value.split(), correction.split()
    if len(ours) != len(theirs):
        return DamerauLevenshtein.distance(_bare(value), _bare(correction)) <= 2  # noqa: PLR2004 - as in one long word
    return all(
        a == b or DamerauLevenshtein.distance(a, b) <= _allowed(a, b)
        for a, b in zip(ours, theirs, strict=True)
    )


def _allowed(word: str, counterpart: str) -> int:
    longest = max(len(word), len(counterpart))
    return 1 if longest <= 5 else 2 if longest <= 9 else 3  # noqa: PLR2004 - about a third of a word


def _is_numeric(column: CellColumn) -> bool:
    worded = [i for i in column.present if _LETTER.search(column.values[i])]
    return column.rows(worded) <= 0.1 * column.filled


def _is_within(part: str, whole: str) -> bool:
    """Whether all of `part` stands in `whole`, in order."""
    rest = iter(whole)
    return all(char in rest for char in part)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _figures(text: str) -> str:
    """Give the digits, with the sign before them: -5 is no other way to write 5."""
    return re.sub(r"(?<!\w)(-)(?=[.\d])|\D", r"\1", text)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
