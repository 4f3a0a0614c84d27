"""A first sources file out of guesses: files brought together, formats, currency, links; no pairs yet."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import accumulate, takewhile
from pathlib import Path
from typing import Any, Final

from tools.ledger.cells import SIGNS
from tools.ledger.guess.kinds import Guess
from tools.ledger.guess.profile import ISO, Column, FileProfile, amount, moment
from tools.ledger.sources import TRANSACTIONS

_DATES: Final = (
    "posted_on",
    "posted_at",
    "day",
    "sent_at",
    "starts_at",
    "created_on",
    "left_on",
    "due_on",
    "entered_on",
    "bank_changed_on",
    "ends_at",
)
_NUMBERS: Final = ("amount", "debit", "credit", "limit", "rate", "closing", "opening")
_REQUIRED: Final = ("txn_id", "posted_on", "amount", "vendor_name", "vendor_id", "invoice_no", "account")
_FILLED: Final = 0.95  # share of rows in which a required column is filled
_LINKED: Final = 0.8  # share of a column's values that have to be ids of another source
_OVERLAP: Final = 0.1  # share of days that files of one source may have in common
_NEARLY_ALL: Final = 0.99
_YEAR: Final = timedelta(days=366)
_DOCUMENTS: Final = (
    ("receipt", "card"),
    ("receipt", "payment"),
    ("receipt", "invoice"),
    ("payment", "invoice"),
)
_CURRENCIES: Final = frozenset(code for codes in SIGNS.values() for code in codes.split())


@dataclass
class Draft:
    """One source as proposed; `why` holds the reason for a key ("kind", "columns.amount", "sign")."""

    name: str
    kind: str
    path: str
    file: FileProfile
    columns: dict[str, str]
    options: dict[str, Any] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)

    @property
    def is_transactions(self) -> bool:
        """Whether its rows are postings."""
        return self.kind in TRANSACTIONS

    def as_source(self) -> dict[str, Any]:
        """Give it as the sources file has it."""
        return {"kind": self.kind, "path": self.path, "columns": self.columns, **self.options}


def drafts(found: Sequence[tuple[FileProfile, Guess]], base: Path) -> list[Draft]:
    """Make a draft for each make of file, and say which rows belong to which of another source."""
    made = []
    for files, guess in _together(found):
        one = Draft("", guess.kind, _pattern(files, base), files, dict(guess.columns))
        one.why["kind"] = "; ".join(guess.reasons)
        _set_invoice_no(one)
        _set_dates(one)
        _set_numbers(one)
        _set_currency(one)
        made.append(one)
    _name(made)
    for one in made:
        _link(one, made)
        _set_required(one)
    return made


def _together(found: Sequence[tuple[FileProfile, Guess]]) -> list[tuple[FileProfile, Guess]]:
    """Bring files of the same columns together when each has its own days (months, halves)."""
    made: list[tuple[FileProfile, Guess]] = []
    for file, guess in found:
        for at, (other, held) in enumerate(made):
            alike = (file.names, guess.kind) == (other.names, held.kind)
            if alike and _prefix((*other.paths, file.paths[0])) and _apart(other, file, guess):
                made[at] = (_merged(other, file), held)
                break
        else:
            made.append((file, guess))
    return made


def _merged(left: FileProfile, right: FileProfile) -> FileProfile:
    columns = tuple(
        Column(a.name, Counter(a.values) + Counter(b.values), a.rows + b.rows)
        for a, b in zip(left.columns, right.columns, strict=True)
    )
    return replace(left, paths=(*left.paths, *right.paths), columns=columns, rows=left.rows + right.rows)


def _apart(left: FileProfile, right: FileProfile, guess: Guess) -> bool:
    name = guess.columns.get("posted_on")
    if name is None:
        return False
    days = [set(file.column(name).values) for file in (left, right)]
    return len(days[0] & days[1]) <= _OVERLAP * min(len(part) for part in days)


def _prefix(paths: Sequence[Path]) -> str:
    first, last = min(path.name for path in paths), max(path.name for path in paths)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
    return first[:same].rstrip("0123456789")


def _pattern(file: FileProfile, base: Path) -> str:
    first = file.paths[0]
    name = f"{_prefix(file.paths)}*{first.suffix}" if len(file.paths) > 1 else first.name
    return (first.parent.relative_to(base) / name).as_posix()


def _name(made: Sequence[Draft]) -> None:
    kinds = Counter(one.kind for one in made)
    for one in made:
        stem = _prefix(one.file.paths) if len(one.file.paths) > 1 else one.file.paths[0].stem
        slug = re.sub(r"[^a-z0-9]+", "_", stem.casefold()).strip("_") or one.kind
        one.name = one.kind if kinds[one.kind] == 1 else slug if slug[0].isalpha() else f"{one.kind}_{slug}"


def _set_invoice_no(one: Draft) -> None:
    """Take an invoice's id for its number where it has no other: payments and advice name it."""
    if one.kind == "invoice" and "invoice_no" not in one.columns and "txn_id" in one.columns:
        one.columns["invoice_no"] = one.columns["txn_id"]
        one.why["columns.invoice_no"] = "its id, as there is no other number"


def _set_dates(one: Draft) -> None:
    """Choose the format of its dates; where day and month could swap, say so."""
    names = [n for n in _DATES if n in one.columns]
    if not names:
        return
    column = one.file.column(one.columns[names[0]])
    formats = column.date_formats
    best = min(formats, key=lambda form: _disorder(column, form))
    example = next(iter(column.values))
    if best != ISO:
        one.options["date_format"] = best
        one.why["date_format"] = f"as in {example}"
        if len(formats) > 1:
            others = ", ".join(form for form in formats if form != best)
            one.why["date_format"] += f"; {others} would fit too: CHECK"
    one.why[f"columns.{names[0]}"] = f"dates as in {example}"
    for name in names:
        if not {best, ISO} & set(one.file.column(one.columns[name]).date_formats):
            del one.columns[name]


def _disorder(column: Column, form: str) -> tuple[int, int]:
    """Order formats: fewer values that do not fit first, then the shorter span of days."""
    days = [found for value in list(column.values)[:20_000] if (found := moment(value, form))]
    span = (max(days) - min(days)).days if days else 0
    return len(column.values) - len(days), span


def _set_numbers(one: Draft) -> None:
    names = [n for n in _NUMBERS if n in one.columns]
    columns = [one.file.column(one.columns[name]) for name in names]
    if columns and all("." not in column.decimal_marks for column in columns):
        one.options["decimal_mark"] = ","
        one.why["decimal_mark"] = f"as in {next(v for v in columns[0].values if ',' in v)}"
    if one.kind in ("card", "receipt", "invoice", "payment") and "amount" in one.columns:
        values = one.file.column(one.columns["amount"]).values
        mark = one.options.get("decimal_mark", ".")
        signs = Counter({1: 0, -1: 0})
        for value, n in values.items():
            if found := amount(value, mark):
                signs[1 if found > 0 else -1] += n
        if signs[-1] > signs[1]:
            one.options["sign"] = "negate"
            why = f"{signs[-1]} of {signs.total()} amounts are negative: costs are positive here"
            one.why["sign"] = why


def _set_currency(one: Draft) -> None:
    if "currency" in one.columns or "amount" not in one.columns:
        return
    column = one.file.column(one.columns["amount"])
    named = [word.upper() for word in column.words if word.upper() in _CURRENCIES]
    one_currency = [sign for sign, codes in SIGNS.items() if len(codes.split()) == 1]
    signs = [sign for sign in one_currency if any(sign in value for value in list(column.values)[:200])]
    if named or signs:
        one.options["currency"] = named[0] if named else SIGNS[signs[0]]
        one.why["currency"] = "the column's name says it" if named else f"amounts carry {signs[0]}"


def _set_required(one: Draft) -> None:
    if one.is_transactions:
        filled = [
            name for name in _REQUIRED
            if name in one.columns and one.file.column(one.columns[name]).filled >= _FILLED
        ]  # fmt: skip
        if "debit" in one.columns or "credit" in one.columns:
            filled.append("amount")
        one.options["required"] = filled
        one.why["required"] = f"filled in at least {_FILLED:.0%} of rows"


def _link(one: Draft, made: Sequence[Draft]) -> None:
    """Find the column that says which row of another source a row belongs to: its values are ids there."""
    if not one.is_transactions or "linked_id" in one.columns:
        return
    taken = set(one.columns.values()) - {one.columns.get("invoice_no")}
    for other in made:
        if other is one or not other.is_transactions or "txn_id" not in other.columns:
            continue
        ids = other.file.column(other.columns["txn_id"])
        for column in one.file.columns:
            if column.name in taken or not column.values or not _names_alike(column, ids):
                continue
            held = sum(value in ids.values for value in column.values)
            if held >= _LINKED * len(column.values) and _document_of(one, other):
                one.columns["linked_id"] = column.name
                one.why["columns.linked_id"] = (
                    f"{held} of {len(column.values)} are a {other.name}'s {ids.name}"
                )
                return


def _names_alike(left: Column, right: Column) -> bool:
    return left.name == right.name or not all(value.isdigit() for value in list(left.values)[:20])


def _document_of(one: Draft, other: Draft) -> bool:
    return (one.kind, other.kind) in _DOCUMENTS


def newest(made: Sequence[Draft]) -> date | None:
    """Give the newest posting's day, apart from days that lie more than a year after nearly all others."""
    counts: Counter[date] = Counter()
    for one in made:
        if one.is_transactions and "posted_on" in one.columns:
            form = one.options.get("date_format", ISO)
            for value, n in one.file.column(one.columns["posted_on"]).values.items():
                if found := moment(value, form):
                    counts[found.date()] += n
    days = sorted(counts)
    if not days:
        return None
    at = bisect_left(list(accumulate(counts[day] for day in days)), _NEARLY_ALL * counts.total())
    return max(day for day in days if day - days[at] <= _YEAR)
