"""A file's lines while they are looked at: postings apart from titles, totals, headings and page ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from tools.core.missing import is_missing
from tools.ledger.asides import classified
from tools.ledger.guess.amounts import NUMBER, is_amount
from tools.ledger.guess.dates import DAYISH
from tools.ledger.guess.groups import Groups
from tools.ledger.readers.headings import heading_of

SAMPLE: Final = 10_000  # lines that are looked at one by one, in order
_END: Final = 1_000  # lines at the end of a batch that are looked at, too: totals and notes stand there
_NEARLY_ALL: Final = 0.8
_LEAST: Final = 2  # postings that have to show how their text goes on


class Lines:
    """A file's lines while they are looked at: the postings, and what else there is."""

    def __init__(self, names: Sequence[str], headed: str | None = None) -> None:
        """headed: the column in which accounts' headings are known to stand."""
        self.names = names
        self._headed = None if headed is None else names.index(headed)
        self._groups = Groups()
        self.counts: list[Counter[str]] = [Counter() for _ in names]
        self.samples: list[tuple[str, ...]] = []
        self.asides: Counter[str] = Counter()
        self.rows = 0
        self._lone: list[tuple[int, str]] = []  # column and text of lines with one filled cell
        self._totals: list[str] = []
        self.under: list[str] = []  # the last lone cell over each posting
        self._below: Counter[int] = Counter()  # postings with a lone cell on the next line, by its column
        self._is_posting_above = False

    def take(self, batch: pa.RecordBatch) -> None:
        """Take a batch of lines."""
        left = max(SAMPLE - sum(self.asides.values()) - len(self.samples), 0)
        end = max(left, batch.num_rows - _END)
        self._take_each(batch.slice(0, left))
        self._count(batch.slice(left, end - left))
        self._take_each(batch.slice(end))

    def _take_each(self, batch: pa.RecordBatch) -> None:
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
        """Name the column whose lone cells are headings: several, apart, and totals name them.

        Without totals: where no posting fills that column, and each stands under one of its cells.
        """
        if self._headed is not None:
            return self.names[self._headed]
        columns = {at for at, _ in self._lone}
        texts = list(dict.fromkeys(text for text in self.under if text))
        if len(columns) != 1 or len(texts) <= 1:
            return None
        (at,) = columns
        named_by = [total for total in self._totals if any(text.casefold() in total for text in texts)]
        alone = not self.counts[at] and all(self.under) and len(texts) == len(self._lone)
        return self.names[at] if len(named_by) > 1 or alone else None

    def grouped_by(self) -> str | None:
        """Name the column whose cells head groups that totals end, where none is of lone cells."""
        at = self._groups.column() if self._headed is None and self.headings() is None else None
        return None if at is None else self.names[at]

    def text_below(self) -> str | None:
        """Name the column whose text goes on below: the lone cell under nearly all postings."""
        if len({at for at, _ in self._lone}) != 1 or self.rows < _LEAST:
            return None
        at = self._lone[0][0]
        goes_on = self._below[at] >= _NEARLY_ALL * self.rows
        return self.names[at] if goes_on and self.counts[at].total() >= _NEARLY_ALL * self.rows else None

    def _take_line(self, line: tuple[str, ...]) -> None:
        has_day = any(DAYISH.fullmatch(cell) for cell in line)
        has_amount = any(is_amount(cell, mark) for cell in line for mark in NUMBER)
        if self._headed is not None and (heading := heading_of(line, self._headed)):
            self._lone.append((self._headed, heading))
            self.asides["(heading)"] += 1
            return
        aside = classified(line, self.names, has_day=has_day, has_amount=has_amount)
        is_posting = aside is None and has_day and has_amount
        self._groups.take("posting" if is_posting else "total" if aside == "total" else "other", line)
        if aside is None:
            self.rows += 1
            self._is_posting_above = True
            if len(self.samples) < SAMPLE:  # in order, without a gap: behind it, only what is no posting
                self.samples.append(line)
                self.under.append(self._lone[-1][1] if self._lone else "")
            for counter, cell in zip(self.counts, line, strict=True):
                if not is_missing(cell):
                    counter[cell] += 1
            return
        self.asides[aside] += 1
        if aside == "note" and self._headed is None:
            lone = [(at, cell) for at, cell in enumerate(line) if cell]
            self._lone += lone
            self._below.update(at for at, _ in lone if self._is_posting_above)
        elif aside == "total":
            self._totals.append(" ".join(line).casefold())
        self._is_posting_above = False

    def _take_ragged(self, raw: str) -> None:
        cells = [cell for cell in re.split(r"[;,|\t]", raw.replace('"', "")) if cell.strip()]
        has_day = any(DAYISH.fullmatch(cell.strip()) for cell in cells)
        has_amount = len(cells) > 1 and any(is_amount(cell.strip(), ".") for cell in cells)
        aside = classified(cells, [""] * len(cells), has_day=has_day, has_amount=has_amount)
        self.asides[aside or "(cannot be read)"] += 1

    def _count(self, batch: pa.RecordBatch) -> None:
        self.rows += batch.num_rows
        for i, counter in enumerate(self.counts):
            for entry in batch.column(i).value_counts().to_pylist():
                if entry["values"] is not None and not is_missing(entry["values"]):
                    counter[entry["values"]] += entry["counts"]
