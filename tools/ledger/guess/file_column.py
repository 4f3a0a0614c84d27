"""One column of a file: its name, and what its values are (dates, amounts, texts, identifiers)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from tools.ledger.guess.amounts import NUMBER, is_amount
from tools.ledger.guess.dates import BARE, DAYS, SWAPPED, TYPICAL, candidates, is_date_in, share, yearless
from tools.ledger.guess.vocabulary import Words, words

IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}")  # of an account, its blanks left out
_FEW: Final = 0.05
_HALF: Final = 0.5
_NAMED: Final = 0.6  # the same where the column's name says so, too
_MONEY: Final = frozenset(("amount", "debit", "credit", "balance", "fee", "withdrawal", "deposit"))


@dataclass(frozen=True)
class FileColumn:
    """One column: its name, and how often each of its values occurs (missing ones apart).

    last_day: of values that are days without a year.
    """

    name: str
    values: Mapping[str, int]
    rows: int
    last_day: date | None = None

    @property
    def words(self) -> Words:
        """The words of its name."""
        return words(self.name)

    @property
    def is_description(self) -> bool:
        """Whether it is called a description: "Payee description" is one, "Name / Description" a name."""
        return "description" in self.words and "name" not in self.words

    @property
    def filled(self) -> float:
        """Share of rows that have a value."""
        return sum(self.values.values()) / self.rows if self.rows else 0.0

    @property
    def length(self) -> float:
        """Characters of a value, on average."""
        return sum(len(value) * n for value, n in self.values.items()) / max(sum(self.values.values()), 1)

    @property
    def distinct(self) -> float:
        """Distinct values, as a share of those that are there."""
        filled = sum(self.values.values())
        return len(self.values) / filled if filled else 0.0

    @cached_property
    def date_formats(self) -> tuple[str, ...]:
        """The formats in which (nearly) all its values are dates; several when day and month may swap."""
        if self.last_day:
            return yearless(self.values, self.last_day)
        shares = {form: share(self.values, form) for form in candidates(self.values)}
        is_typical = max(shares.values(), default=0.0) >= TYPICAL
        least = _NAMED if {*DAYS, "posted"} & set(self.words) and not is_typical else TYPICAL
        fitting = tuple(form for form, part in shares.items() if part >= least)
        if fitting or not self.values:
            return fitting
        if self.mixed:
            return self.mixed[:1]
        if not DAYS & set(self.words):
            return ()
        return tuple(form for form in BARE if share(self.values, form) >= TYPICAL)

    @cached_property
    def mixed(self) -> tuple[str, ...]:
        """Two orders of day and month that only together read (nearly) all its values, the commoner first.

        Empty where one order does, or where nothing makes them dates.
        """
        for left, right in SWAPPED:
            shares = {form: share(self.values, form) for form in (left, right)} if self.values else {}
            first, second = sorted(shares, key=lambda form: -shares[form]) or ("", "")
            if not shares or max(shares.values()) >= TYPICAL or shares[second] < _FEW:
                continue
            whole = sum(n for v, n in self.values.items() if is_date_in(v, left) or is_date_in(v, right))
            if whole >= TYPICAL * sum(self.values.values()) and shares[first] >= _HALF:
                return first, second
        return ()

    @cached_property
    def decimal_marks(self) -> tuple[str, ...]:
        """The decimal marks with which (nearly) all its values are amounts, and as many as with the other."""
        filled = sum(self.values.values())
        least = _NAMED if _MONEY & set(self.words) else TYPICAL
        counts = {mark: sum(n for v, n in self.values.items() if is_amount(v, mark)) for mark in NUMBER}
        best = max(counts.values())
        return tuple(mark for mark, n in counts.items() if filled and n == best and n >= least * filled)

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

    @property
    def is_text(self) -> bool:
        """Whether its values are neither dates nor numbers."""
        return not self.is_date and not self.is_amount
