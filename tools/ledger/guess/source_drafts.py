"""A first sources file out of guesses: files brought together, formats, currency, links; no pairs yet."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate, takewhile
from pathlib import Path
from typing import Final

from tools.ledger.guess.formats import set_currency, set_dates, set_dollars, set_numbers
from tools.ledger.guess.non_postings import fill_down, leave_out
from tools.ledger.guess.profile import ISO, Column, FileProfile, moment
from tools.ledger.guess.source_draft import Draft
from tools.ledger.guess.source_kind import Guess
from tools.ledger.readers.file_format import FIXED
from tools.ledger.sources import TRANSACTIONS, columns_of

_REQUIRED: Final = ("txn_id", "posted_on", "amount", "vendor_name", "vendor_id", "invoice_no", "account")
_FILLED: Final = 0.95  # share of rows in which a required column is filled
_MOSTLY: Final = 0.5  # the same of what no posting of its kind can do without, however often it is missing
_VITAL: Final = ("posted_on", "amount")
_PARTY: Final = ("card", "receipt", "invoice", "payment")  # kinds that always have somebody on the other side
_LINKED: Final = 0.8  # share of a column's values that have to be ids of another source
_OVERLAP: Final = 0.1  # share of days that files of one source may have in common
_NEARLY_ALL: Final = 0.99
_SAME: Final = 0.7  # share of the lines of common days that overlapping files have in common
_YEAR: Final = timedelta(days=366)
_DOCUMENTS: Final = (
    ("receipt", "card"),
    ("receipt", "payment"),
    ("receipt", "invoice"),
    ("payment", "invoice"),
)


def drafts(found: Sequence[tuple[FileProfile, Guess]], base: Path) -> list[Draft]:
    """Make a draft for each make of file, and say which rows belong to which of another source."""
    made = []
    for files, guess in _together(found):
        one = Draft("", guess.kind, _pattern(files, base), files, dict(guess.columns))
        one.proof = guess.proof
        one.why |= {**guess.why, "kind": "; ".join(guess.reasons)}
        if files.overlapping:
            one.options["overlapping"] = True
            one.why["overlapping"] = "the files overlap: lines that several of them hold are read once"
        _set_invoice_no(one)
        set_place(one)
        made.append(one)
    free = [one for one in made if one.file.form not in FIXED]
    set_dates(free)
    for one in made:
        if one.kind == "card" and one not in free:
            one.options["sign"] = "negate"
            one.why["sign"] = "a statement shows charges as money out: costs are positive here"
    for one in free:
        set_numbers(one)
        set_currency(one)
        leave_out(one)
        fill_down(one)
    for one in made:
        one.columns = {name: one.columns[name] for name in columns_of(one.kind) if name in one.columns}
    set_dollars(made)
    _name(made)
    for one in made:
        _link(one, made)
        _set_required(one)
    return made


def set_place(one: Draft) -> None:
    """Say where in its file a source's table stands."""
    if one.file.sheet:
        one.options["sheet"] = one.file.sheet
        one.why["sheet"] = "the one with the rows"
    if not one.file.has_header:
        one.options["names"] = list(one.file.names)
        one.why["names"] = "CHECK: the first line is a row; these are called after what they hold"
    if one.file.skip_lines:
        one.options["skip_lines"] = one.file.skip_lines
        one.why["skip_lines"] = "they stand before the header"


def _together(found: Sequence[tuple[FileProfile, Guess]]) -> list[tuple[FileProfile, Guess]]:
    """Bring files of the same columns together when each has its own days (months, halves)."""
    made: list[tuple[FileProfile, Guess]] = []
    for file, guess in found:
        for at, (other, held) in enumerate(made):
            alike = (file.names, guess.kind) == (other.names, held.kind) and file.place != other.place
            alike = alike and file.sheet == other.sheet
            if not alike or not _prefix((*other.paths, file.paths[0])):
                continue
            overlapping = _overlapping(other, file, guess)
            if overlapping or _apart(other, file, guess):
                merged = _merged(other, file)
                made[at] = (replace(merged, overlapping=overlapping or other.overlapping), held)
                break
        else:
            made.append((file, guess))
    return made


def _merged(left: FileProfile, right: FileProfile) -> FileProfile:
    columns = tuple(
        Column(a.name, Counter(a.values) + Counter(b.values), a.rows + b.rows)
        for a, b in zip(left.columns, right.columns, strict=True)
    )
    return replace(
        left, paths=(*left.paths, *right.paths), columns=columns, rows=left.rows + right.rows,
        lines=(*left.lines, *right.lines), asides=Counter(left.asides) + Counter(right.asides),
    )  # fmt: skip


def _overlapping(left: FileProfile, right: FileProfile, guess: Guess) -> bool:
    """Whether two files hold nearly the same lines on the days that both cover: exports of one account."""
    name = guess.columns.get("posted_on")
    if name is None or guess.kind not in TRANSACTIONS:
        return False
    at = left.names.index(name)
    days = {line[at] for line in left.lines} & {line[at] for line in right.lines}
    parts = [Counter(line for line in file.lines if line[at] in days) for file in (left, right)]
    common = (parts[0] & parts[1]).total()
    return bool(common) and common >= _SAME * max(part.total() for part in parts)


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
    places = Counter(one.file.paths[0] for one in made)
    taken = set[str]()
    for one in made:
        stem = _prefix(one.file.paths) if len(one.file.paths) > 1 else one.file.paths[0].stem
        if one.file.sheet and places[one.file.paths[0]] > 1:
            stem = one.file.sheet
        slug = re.sub(r"[^a-z0-9]+", "_", stem.casefold()).strip("_") or one.kind
        one.name = one.kind if kinds[one.kind] == 1 else slug if slug[0].isalpha() else f"{one.kind}_{slug}"
        if one.name in taken:  # march.xml beside march.ofx
            one.name += f"_{one.file.paths[0].suffix.lower().strip('.')}"
        taken.add(one.name)


def _set_invoice_no(one: Draft) -> None:
    """Take an invoice's id for its number where it has no other: payments and advice name it."""
    if one.kind == "invoice" and "invoice_no" not in one.columns and "txn_id" in one.columns:
        one.columns["invoice_no"] = one.columns["txn_id"]
        one.why["columns.invoice_no"] = "its id, as there is no other number"


def _set_required(one: Draft) -> None:
    """Require what (nearly) every row has; and date, amount and party already where most rows have them."""
    if one.is_transactions:
        vital = (*_VITAL, "vendor_name") if one.kind in _PARTY else _VITAL
        filled = {
            name: one.file.column(one.columns[name]).filled for name in _REQUIRED if name in one.columns
        }
        required = [
            name for name, share in filled.items() if share >= (_MOSTLY if name in vital else _FILLED)
        ]
        if "debit" in one.columns or "credit" in one.columns:
            required.append("amount")
        one.options["required"] = required
        one.why["required"] = f"filled in at least {_FILLED:.0%} of rows"
        often = [f"{name} in {filled[name]:.0%}" for name in required if filled.get(name, 1) < _FILLED]
        if often:
            one.why["required"] += f"; no {one.kind} can do without: {', '.join(often)}"


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
                if found := moment(value, form) or moment(value, ISO):
                    counts[found.date()] += n
    days = sorted(counts)
    if not days:
        return None
    at = bisect_left(list(accumulate(counts[day] for day in days)), _NEARLY_ALL * counts.total())
    return max(day for day in days if day - days[at] <= _YEAR)
